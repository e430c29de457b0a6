import { dayName, startOfDay, t, timeOfDay } from "./texts.js";

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
    const day = startOfDay(message.at);
    if (!before || startOfDay(before.at) < day) {
      items.push({ key: day, kind: "day", text: dayName(day) });
      before = null;
    }
    items.push({
      ...message,
      isFirst: before?.sender !== message.sender || message.at - before.at > RUN_MS,
      time: timeOfDay(message.at),
      delivery: message === lastOwn || message.status === "failed" ? deliveryOf(message, seenByAgent) : "",
    });
    before = message;
  }
  return items;
}

function fromEntry({ type, seq, client_id: clientId, sender = "system", sender_name: name, text, state, agent, sent_at: sentAt, at = sentAt }) {
  if (type === "state") text = state === "active" && agent && t("{name} joined the chat", { name: agent.name });
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
