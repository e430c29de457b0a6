/**
 * The text in the box of each conversation. The server keeps it (reload, another device); what one is typing here is
 * never overwritten by what another tab saved. What the server cannot take now stays in localStorage until it can.
 */
import { call } from "./api.js";
import { createStore } from "./store.js";

const KEY = "inbox-draft:";
const QUIET = 400;

/** conversation id → {memberId, text, saved, isTouched, notice}; `saved`: what the server has. */
export const drafts = createStore({});
const timers = {};
const saving = new Set();
const tabs = typeof window === "undefined" ? null : new BroadcastChannel("inbox-drafts");

const keyOf = (id, memberId) => `${KEY}${memberId}:${id}`;
const put = (id, changes) => drafts.update((all) => ({ ...all, [id]: { ...all[id], ...changes } }));
export const isUnsaved = (draft) => draft !== undefined && draft.text !== draft.saved;

/**
 * The server's draft of the conversation that is shown, unless this page or an earlier one holds text that is not saved.
 * It may come a second time: a reloaded page first shows what the server last told its tab.
 */
export function openDraft(id, memberId, text) {
  const held = drafts.get()[id];
  if (isUnsaved(held) || held?.isTouched) return;
  const kept = localStorage.getItem(keyOf(id, memberId));
  put(id, { memberId, text: kept ?? text, saved: text, notice: held?.notice ?? "" });
  if (kept !== null) void save(id);
}

export function writeDraft(id, text) {
  put(id, { text, isTouched: true, notice: "" });
  clearTimeout(timers[id]);
  timers[id] = setTimeout(() => void save(id), QUIET);
}

/** Another conversation is shown: what is saved may be changed elsewhere from now on. */
export function closeDraft(id) {
  put(id, { isTouched: false });
  void save(id);
}

/** Text that could not be sent goes back into the box, in front of what was typed since. */
export function giveBack(id, memberId, text, notice) {
  const typed = drafts.get()[id]?.text ?? "";
  put(id, { memberId, text: typed ? `${text}\n${typed}` : text, saved: drafts.get()[id]?.saved ?? "", notice });
  localStorage.setItem(keyOf(id, memberId), drafts.get()[id].text);
  void save(id);
}

/** Save now: on blur, after sending, and (keepalive) when the page goes away. One request at a time keeps the order. */
export async function save(id, options) {
  clearTimeout(timers[id]);
  const draft = drafts.get()[id];
  if (!isUnsaved(draft) || (saving.has(id) && !options?.keepalive)) return;
  saving.add(id);
  const { text, memberId } = draft;
  const { status } = await call("PUT", id, "draft", { text }, options);
  saving.delete(id);
  if (status >= 200 && status < 300) {
    localStorage.removeItem(keyOf(id, memberId));
    put(id, { saved: text });
    tabs?.postMessage({ id, memberId, before: draft.saved, text });
    if (drafts.get()[id].text !== text) await save(id);
  } else if (text) {
    localStorage.setItem(keyOf(id, memberId), text);
  }
}

/** What another tab saved, in a box that nobody types in here: a text that was sent there is not sent again here. */
function follow({ data: { id, memberId, before, text } }) {
  const held = drafts.get()[id];
  if (held?.memberId !== memberId || isUnsaved(held)) return;
  if (!held.isTouched || held.text === before) put(id, { text, saved: text });
}

if (typeof window !== "undefined") {
  tabs.onmessage = follow;
  window.addEventListener("pagehide", () => {
    for (const id of Object.keys(drafts.get())) void save(id, { keepalive: true });
  });
}
