import { meetingText } from "$/public/external/inbox_app/components/time/time.js";

/** The line over a run of messages, or for a step in the life of the conversation. `texts` come translated. */

const MEETINGS = { scheduled: "meetingBooked", rescheduled: "meetingMoved", cancelled: "meetingCancelled" };
const REASONS = { agent: "endedByAgent", visitor: "endedByVisitor", idle: "endedIdle", system: "endedBySystem" };

export function stepLabel(entry, texts, visitorName) {
  const fill = (sentence) => sentence.replace("{name}", entry.sender_name || visitorName);
  if (entry.kind === "message") return entry.sender === "visitor" ? visitorName : entry.sender_name;
  if (entry.kind === "calendar_share") return texts.calendarWithdrawn.replace("{agent}", entry.details.agent.name);
  if (entry.kind === "meeting") return fill(meetingLine(entry.details, texts));
  if (entry.kind !== "state") return entry.text;
  if (entry.state === "active") return fill(texts.accepted);
  if (entry.state === "ended") return fill(texts[REASONS[entry.end_reason]] ?? texts.endedBySystem);
  return { waiting: texts.waiting, missed: texts.missed }[entry.state] ?? texts.cancelled;
}

const meetingLine = ({ status, agent, start, end }, texts) =>
  texts[MEETINGS[status]].replace("{agent}", agent.name).replace("{time}", meetingText(start, end));
