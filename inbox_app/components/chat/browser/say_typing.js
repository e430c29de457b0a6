/** Tells the visitor's side that the agent writes: at most every 3 s, and once when it stops. */
import { call } from "./api.js";

const EVERY = 3_000;
const STILL = 4_000;
const last = { id: "", at: 0, timer: 0 };

export function sayTyping(id) {
  clearTimeout(last.timer);
  last.timer = setTimeout(() => sayStopped(id), STILL);
  if (last.id === id && Date.now() - last.at < EVERY) return;
  Object.assign(last, { id, at: Date.now() });
  void call("POST", id, "typing", { active: true });
}

export function sayStopped(id) {
  clearTimeout(last.timer);
  if (last.id !== id || last.at === 0) return;
  Object.assign(last, { id: "", at: 0 });
  void call("POST", id, "typing", { active: false });
}
