import { shell } from "../shared/kit.js";
import { call, insist, post } from "./api.js";
import { createConversation } from "./conversation.js";
import { OUT, add, changedElsewhere, remove, sendAgain, sendAll, stopSending, takeUnsent, unconfirmed } from "./outbox.js";
import { watchPageLife } from "./page_life.js";
import { openSession, renew } from "./session.js";
import { change, giveBack, saveDraft, state } from "./state.js";
import { expectSoon, reconnect, startReading, stopReading } from "./stream.js";

const TYPING_EVERY_MS = 3_000;
const TYPING_SHOWN_MS = 8_000;

/** What the site's own scripts hear of, once an event and browser. */
const EVENT_OF_STATE = {
  active: "live_chat_initiated",
  missed: "live_chat_request_timeout",
  ended: "live_chat_ended",
  cancelled: "live_chat_ended",
};

const { storage } = shell;
let isBegun = false;
let isOpen = false;
let heardSeq = 0;
let gapAt = 0;
let typedAt = 0;
let typingTimer;
let idleTimer;

/** Opens the session and goes on with what is open; does nothing the second time. */
export async function begin() {
  if (isBegun) return;
  isBegun = true;
  try {
    const answer = await insist(openSession, () => change({ isReady: true, isCut: true }));
    isOpen = true;
    enter(answer);
    goOn(answer.conversation?.id);
  } catch (problem) {
    isBegun = false; // refused: the next "Start chat" asks again
    takeBack(problem);
  }
  change({ isReady: true, isCut: false });
}

/** Nothing that another person wrote in this browser is shown to this one, or sent as theirs. */
function enter({ settings, visitor, is_another_person: isAnother }) {
  if (isAnother) {
    storage.set("another", Date.now()); // other tabs hear of it
    forget();
  }
  change({ settings, visitor });
}

function forget() {
  takeUnsent();
  saveDraft("");
  state.visitor = {};
  startAnew();
}

function goOn(openId) {
  const known = storage.get("conversation");
  const id = openId ?? (known?.isLive && known.id);
  if (id) follow(id);
  else if (!unconfirmed()[0]?.start) giveBack(takeUnsent());
  sendAll();
  call("/availability").then(({ available }) => change({ isAnyoneThere: available }), () => {});
}

export async function deliver({ client_id, text, start }) {
  if (!start) return expectSoon((await post(path("/messages"), { client_id, text })).seq);
  const { id } = await post("/conversations", { client_id, text, ...start });
  shell.emit("live_chat_requested", { conversation_id: id });
  follow(id);
}

/** The server does not want the chat, or no more of it: what was written is not lost. */
export function takeBack(problem) {
  giveBack(takeUnsent());
  if (!state.conversation) change({ refusal: problem });
}

function path(rest) {
  return `/conversations/${state.conversation.id}${rest}`;
}

function follow(id) {
  if (state.conversation?.id === id) return;
  stopReading();
  const known = storage.get("conversation");
  readFromStart(id, known?.id === id ? known : { seq: 0 });
  goOnReading();
}

/**
 * `seq`: the last one that the site's scripts heard of. A restore keeps it, since what follows has higher numbers. `epoch`: of the
 * history that is read.
 */
function readFromStart(id, { seq = heardSeq, epoch = "" }) {
  heardSeq = seq;
  change({ conversation: createConversation(id, epoch), leaving: null, ending: null, refusal: null });
  remember();
}

function goOnReading() {
  if (state.conversation) startReading(read, async (status) => (status === 401 ? renew().catch(() => {}) : startAnew()));
}

function read(type, event) {
  const { conversation } = state;
  if (type === "reset") {
    readFromStart(conversation.id, event); // the server was restored to an earlier point
    return sendAgain();
  }
  const isNext = conversation.take(type, event, event.seq <= gapAt); // one piece of a stream may hold several after the gap
  if (isNext) settle(type, event);
  else if (isNext === false) {
    gapAt = event.seq;
    reconnect();
  }
  if (conversation.isTyping) {
    clearTimeout(typingTimer); // should its end get lost, nobody is shown typing for ever
    typingTimer = setTimeout(() => change((conversation.isTyping = false)), TYPING_SHOWN_MS);
  }
  if (type === "idle") countDown(conversation);
  change();
}

/** Shown every second until somebody writes or it ends. */
function countDown(conversation) {
  clearInterval(idleTimer);
  idleTimer = setInterval(() => (conversation.endsAt > Date.now() ? change() : clearInterval(idleTimer)), 1000);
}

function settle(type, event) {
  if (event.sender === "visitor") remove(event);
  if (state.conversation.isOver()) giveBack(takeUnsent());
  if (event.seq <= heardSeq) return;
  heardSeq = event.seq;
  remember();
  const name = type === "state" ? EVENT_OF_STATE[event.state] : event.sender === "agent" && "message_received";
  if (name) shell.emit(name, { conversation_id: state.conversation.id, ...event });
}

/** A conversation that is over stays where a calendar was shared in it: that can still be booked after a reload. */
function remember() {
  const { id, epoch, isOver, timeline } = state.conversation;
  storage.set("conversation", { id, epoch, seq: heardSeq, isLive: !isOver() || timeline.some(({ type }) => type === "calendar_share") });
}

/** Back to the form: for a new chat, or because the conversation is not there any more. */
export function startAnew() {
  stopReading();
  giveBack(takeUnsent(true));
  storage.remove("conversation");
  change({ conversation: null, refusal: null, draftVersion: state.draftVersion + 1 });
}

export function write(text, start) {
  saveDraft("");
  add(text, start);
}

export function start({ text, ...profile }) {
  change({ refusal: null, visitor: profile });
  write(text, { ...shell.visitor.attributes, ...profile });
  begin();
}

export function notifyTyping() {
  if (state.conversation?.state !== "active" || Date.now() - typedAt < TYPING_EVERY_MS) return;
  typedAt = Date.now();
  post(path("/typing")).catch(() => {});
}

export function markSeen() {
  const { seen, unread } = state.conversation ?? {};
  const last = unread?.().at(-1);
  if (!last) return;
  const before = seen.visitor;
  seen.visitor = last.seq;
  post(path("/seen"), { seq: last.seq }).catch(() => (seen.visitor = before));
}

export async function end() {
  change({ ending: "now" });
  const outcome = await post(path("/end")).catch((problem) => problem);
  change({ ending: outcome instanceof Error && outcome.code !== "conversation_ended" ? "failed" : null });
}

export async function leaveMessage(message) {
  change({ leaving: "now" });
  const outcome = await post("/offline-messages", { conversation_id: state.conversation.id, ...message }).catch((problem) => problem);
  change({ leaving: outcome instanceof Error ? outcome : "sent" });
}

/** The site said who the visitor is. */
export function visitorChanged() {
  if (isOpen) openSession().then(enter, () => {});
}

storage.onChangeElsewhere((key) => {
  const known = storage.get("conversation");
  if (key === "conversation" && known?.isLive && isOpen && (state.conversation?.isOver() ?? true)) follow(known.id);
  if (key === "another") forget();
  if (key.startsWith(OUT)) changedElsewhere(key.slice(OUT.length));
});

watchPageLife(
  () => {
    stopReading();
    stopSending();
  },
  (isNetworkNew) => {
    goOnReading();
    if (isNetworkNew) reconnect();
    if (isOpen) sendAll();
  },
);
