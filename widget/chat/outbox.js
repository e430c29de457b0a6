import { shell } from "../shared/kit.js";
import { createBackOff, wakeAll } from "./back_off.js";
import { deliver, takeBack } from "./chat.js";
import { change } from "./state.js";
import { uniqueId } from "./unique_id.js";

/**
 * What the visitor wrote and the server's events have not shown yet; the first message of a chat has a `start`.
 * Each message has its own key in the storage, so that a reload keeps it and two tabs never overwrite each other. Sent
 * in order, one at a time, always with the same `client_id`, until the answer is 2xx ("sent") or a refusal ("failed");
 * removed when its event arrives. A refusal that concerns the whole chat gives all texts back.
 */
export const OUT = "out:";
const { storage } = shell;
const backOff = createBackOff();
const messages = new Map();
let isDraining = false;
let isStopped = true; // until the session is open

for (const key of storage.keys(OUT)) readBack(key.slice(OUT.length));

function readBack(clientId) {
  const stored = storage.get(OUT + clientId);
  if (stored) messages.set(clientId, stored);
  return stored;
}

function write(message) {
  messages.set(message.client_id, message);
  storage.set(OUT + message.client_id, message);
  change();
}

/** Given back, or its event has arrived. */
export function remove({ client_id: clientId }) {
  messages.delete(clientId);
  storage.remove(OUT + clientId);
  change();
}

export function unconfirmed() {
  return [...messages.values()].sort((one, other) => one.at - other.at);
}

function nextPending() {
  return unconfirmed().find(({ status }) => status === "pending");
}

export function add(text, start) {
  const last = unconfirmed().at(-1)?.at ?? 0;
  write({ client_id: uniqueId(), text, start, at: Math.max(Date.now(), last + 1), status: "pending" });
  drain();
}

export function retry(clientId) {
  write({ ...messages.get(clientId), status: "pending" });
  drain();
}

async function drain() {
  if (isDraining) return;
  isDraining = true;
  while (!isStopped && nextPending()) {
    const wait = await oneTabAtATime(sendNext);
    if (wait >= 0) await backOff.wait(wait);
  }
  isDraining = false;
}

/** Two tabs that send at once could swap the order of what was written; where the browser has no locks that is all that is lost. */
function oneTabAtATime(act) {
  return navigator.locks ? navigator.locks.request("agent-inbox:outbox", act) : act();
}

/** Answers how long to wait at least before trying again, or nothing when it can go on at once. */
async function sendNext() {
  const message = nextPending();
  if (!message || isStopped) return;
  const { status } = storage.get(OUT + message.client_id) ?? message;
  if (status !== "pending") return changedElsewhere(message.client_id); // another tab was faster
  try {
    await deliver(message);
    backOff.reset();
    if (messages.has(message.client_id)) write({ ...message, status: "sent" });
  } catch (problem) {
    if (problem.isTemporary) return problem.retryAfter * 1000;
    if (message.start || problem.code === "conversation_ended") takeBack(problem);
    else write({ ...message, status: "failed", problem: problem.message });
  }
}

/**
 * The texts that will not be sent any more, taken out, so that they can go back into the text box. `isGone`: also what the
 * server acknowledged, since the conversation is there no more.
 */
export function takeUnsent(isGone) {
  const all = unconfirmed();
  all.forEach(remove);
  return all.filter(({ status }) => isGone || status !== "sent").map(({ text }) => text).join("\n");
}

/** What the server acknowledged it may have forgotten; where it has not, the same `client_id` adds nothing. */
export function sendAgain() {
  unconfirmed().forEach((message) => message.status === "sent" && !message.start && retry(message.client_id));
}

export function changedElsewhere(clientId) {
  // Gone from the storage: its event has arrived there and will arrive here, so it stays in sight until then.
  if (!readBack(clientId) && messages.has(clientId)) messages.get(clientId).status = "sent";
  change();
  drain();
}

export function stopSending() {
  isStopped = true;
  wakeAll();
}

/** Sends what is left, at once. */
export function sendAll() {
  isStopped = false;
  wakeAll();
  drain();
}
