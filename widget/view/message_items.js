import { meetingTime, meetingTitle } from "../booking/meeting_status.js";
import { dayName, here, t } from "./texts.js";

const RUN_MS = 120_000;

/**
 * What the thread shows, top to bottom: days, small lines, messages. Runs of one sender within two minutes show name
 * and time once; delivery is told under the last own message, and under every one that was not sent.
 */
export function messageItems(entries, unconfirmed, seenByAgent) {
  const messages = [...entries.map(fromEntry).filter(Boolean), ...unconfirmed.map(fromUnconfirmed)];
  const lastOwn = messages.findLast(({ isOwn }) => isOwn);
  const items = [];
  let before;
  for (const message of messages) {
    const day = here.day(message.at);
    if (!before || here.day(before.at) < day) {
      items.push({ key: day, kind: "day", text: dayName(message.at) });
      before = null;
    }
    items.push({
      ...message,
      isFirst: before?.sender !== message.sender || message.at - before.at > RUN_MS,
      time: here.time(message.at),
      delivery: message === lastOwn || message.status === "failed" ? deliveryOf(message, seenByAgent) : "",
    });
    before = message;
  }
  return items;
}

/** A shared calendar is one card where it was shared first; what became of it and of its meeting, the card shows. */
function fromShare(id, at, index, entries) {
  const isFirst = entries.findIndex((entry) => entry.id === id) === index;
  return isFirst && { key: id, kind: "card", at: new Date(at), share: entries.findLast((entry) => entry.id === id), meeting: meetingOf(id, entries) };
}

/** Its last word; whether by an event or the answer to the booking, of which each knows what the other does not. */
function meetingOf(shareId, entries) {
  return entries.filter((entry) => entry.share_id === shareId).reduce((known, entry) => ({ ...known, ...entry }), undefined);
}

function fromEntry(entry, index, entries) {
  const { type, seq, id, client_id: clientId, sender = "system", sender_name: name, state, agent, sent_at: sentAt, at = sentAt } = entry;
  let { text } = entry;
  if (type === "calendar_share") return fromShare(id, at, index, entries);
  if (type === "state") text = state === "active" && agent && t("{name} joined the chat", agent);
  if (type === "meeting" && entry.status !== "scheduled") text = `${meetingTitle(entry)} · ${meetingTime(entry)}`;
  if (!text) return;
  const isOwn = sender === "visitor";
  return { key: clientId || seq, kind: sender === "system" ? "line" : "message", sender, isOwn, name, text, seq, at: new Date(at) };
}

function fromUnconfirmed({ client_id: key, text, at, status, problem }) {
  return { key, kind: "message", sender: "visitor", isOwn: true, text, status, problem, at: new Date(at) };
}

function deliveryOf({ status, seq, problem }, seenByAgent) {
  if (status === "failed") return `${t("Not sent")}. ${problem}`;
  if (status === "pending") return t("Sending…");
  return seq <= seenByAgent ? t("Seen") : t("Sent");
}
