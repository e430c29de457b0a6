import { request } from "../chat/api.js";
import { createStorage } from "../shared/storage.js";

/** The mail's link carries a proof of its address. It counts only in the browser that chatted: on the inbox's own pages. */
export function confirmAddress() {
  const proof = location.hash.slice(1);
  const token = createStorage(`agent-inbox:${location.host}:`).get("token");
  if (!proof || !token) return;
  history.replaceState(null, "", location.pathname);
  request("/address-proofs", { token: proof }, token).catch(() => {}); // another browser's: it proves nothing here
}
