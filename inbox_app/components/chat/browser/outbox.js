/**
 * What an agent has sent and the thread does not show yet. Kept in localStorage, one key a message, so that a reload or
 * a closed tab loses nothing; sent in order, one at a time a conversation, always with its first client_id, so that a
 * second try of what had arrived adds no row. Two tabs may both try: the server answers both with the one row.
 */
import { call, goToSignIn, isPassing } from "./api.js";
import { giveBack } from "./drafts.js";
import { onceBack, pause } from "./reach.js";
import { createStore } from "./store.js";

const KEY = "inbox-outbox:";
const PAUSES = [500, 1_000, 2_000, 4_000];
const LONGEST_PAUSE = 30_000;

/** Entries: {clientId, conversationId, memberId, text, at, state: "sending" | "sent" | "failed", sentence}. */
export const outbox = createStore([]);
const working = new Set();
let knownEpoch;

const change = (clientId, changes) =>
  outbox.update((all) => all.map((entry) => (entry.clientId === clientId ? { ...entry, ...changes } : entry)));

function forget(clientId) {
  localStorage.removeItem(KEY + clientId);
  outbox.update((all) => all.filter((entry) => entry.clientId !== clientId));
}

/** Take what an earlier page left behind. Another member's messages in this browser stay untouched. */
export function restore(memberId) {
  const known = new Set(outbox.get().map((entry) => entry.clientId));
  const found = Object.keys(localStorage)
    .filter((key) => key.startsWith(KEY) && !known.has(key.slice(KEY.length)))
    .map((key) => JSON.parse(localStorage.getItem(key) ?? "null"))
    .filter((entry) => entry?.memberId === memberId)
    .sort((one, other) => one.at - other.at);
  if (found.length === 0) return;
  outbox.update((all) => [...found.map((entry) => ({ ...entry, state: "sending", sentence: "" })), ...all]);
  for (const id of new Set(found.map((entry) => entry.conversationId))) void work(id);
}

/**
 * The history that the thread is read from. Another one: the server was restored to an earlier point, and what it had
 * acknowledged may be lost. It's sent again; where it isn't lost, the same client_id adds nothing.
 */
export function readFrom(epoch) {
  const isAnother = knownEpoch !== undefined && knownEpoch !== epoch;
  knownEpoch = epoch;
  if (!isAnother) return;
  for (const entry of outbox.get().filter(({ state }) => state === "sent")) {
    localStorage.setItem(KEY + entry.clientId, JSON.stringify(entry));
    retry(entry.clientId);
  }
}

export function send(conversationId, memberId, text) {
  const entry = { clientId: newId(), conversationId, memberId, text, at: Date.now(), state: "sending", sentence: "" };
  localStorage.setItem(KEY + entry.clientId, JSON.stringify(entry));
  outbox.update((all) => [...all, entry]);
  void work(conversationId);
}

export function retry(clientId) {
  const entry = outbox.get().find((candidate) => candidate.clientId === clientId);
  if (!entry) return;
  change(clientId, { state: "sending", sentence: "" });
  void work(entry.conversationId);
}

export const discard = forget;

/** The thread holds these: their bubbles go, also where only the answer was lost. */
export function settle(clientIds) {
  for (const { clientId } of outbox.get()) if (clientIds.has(clientId)) forget(clientId);
}

/** Failed for want of a network: all of them again, in order, when it is back. */
function retryAll() {
  for (const entry of outbox.get()) if (entry.state === "failed" && !entry.sentence) retry(entry.clientId);
}

async function work(conversationId) {
  if (working.has(conversationId)) return;
  working.add(conversationId);
  try {
    for (let entry = nextOf(conversationId); entry; entry = nextOf(conversationId)) await deliver(entry);
  } finally {
    working.delete(conversationId);
  }
}

const nextOf = (conversationId) =>
  outbox.get().find((entry) => entry.conversationId === conversationId && entry.state === "sending");

async function deliver({ clientId, conversationId, text }) {
  const answer = await attempts(conversationId, { client_id: clientId, text });
  const entry = outbox.get().find((candidate) => candidate.clientId === clientId);
  if (!entry) return; // the thread showed it meanwhile
  if (answer.status >= 200 && answer.status < 300) {
    localStorage.removeItem(KEY + clientId);
    change(clientId, { state: "sent" });
  } else if (answer.status === 401) {
    takeBack(entry, "");
    goToSignIn();
  } else if (answer.code === "conversation_ended") {
    takeBack(entry, answer.sentence);
  } else if (isPassing(answer)) {
    failAll(conversationId);
    void onceBack(retryAll);
  } else {
    change(clientId, { state: "failed", sentence: answer.sentence });
  }
}

/** Those behind it fail with it: sent alone they would arrive out of order. */
function failAll(conversationId) {
  for (const entry of outbox.get())
    if (entry.conversationId === conversationId && entry.state === "sending") change(entry.clientId, { state: "failed" });
}

function takeBack(entry, notice) {
  giveBack(entry.conversationId, entry.memberId, entry.text, notice);
  forget(entry.clientId);
}

async function attempts(conversationId, body) {
  for (const wait of PAUSES) {
    const answer = await call("POST", conversationId, "messages", body);
    if (!isPassing(answer) || !outbox.get().some((entry) => entry.clientId === body.client_id)) return answer;
    await pause(Math.min(answer.retryAfter * 1_000 || wait, LONGEST_PAUSE));
  }
  return call("POST", conversationId, "messages", body);
}

/** A UUID 4. `crypto.randomUUID` is missing on plain http, where an intranet installation may run. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

if (typeof window !== "undefined") {
  window.addEventListener("online", retryAll);
  // Another tab delivered it: its key is gone, and the thread shows it here too.
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith(KEY) && newValue === null) change(key.slice(KEY.length), { state: "sent" });
  });
}
