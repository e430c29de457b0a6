/** A calendar that was shared, in the thread, with what became of it since. */
import { CalendarDays } from "lucide-react";
import { Button } from "@radix-ui/themes";
import { meetingText } from "$/public/external/inbox_app/components/time/time.js";
import { Instant } from "./bubble.jsx";
import { stateOf } from "./shared_calendars.js";

/** `isActive`: the chat goes on; `canWithdraw`: by its own agent. A past one only says what was so at its end. */
export function SharedCalendar({ entry, standing, isActive, canWithdraw, onWithdraw, texts }) {
  const state = stateOf(standing);
  const isOpen = state === "waiting" || state === "cancelled";
  const words = fate(state, standing.meeting, isActive, texts);
  const title = texts.calendarShared.replace("{agent}", entry.details.agent.name);
  return (
    <div className="entry" data-sender={entry.sender} data-run="start" data-seq={entry.seq}>
      <p className="entry-meta">
        <span className="entry-name">{entry.sender_name}</span> <Instant at={entry.at} />
      </p>
      <div className="shared-calendar" role="group" aria-label={title} data-state={state}>
        <CalendarDays size={18} aria-hidden="true" />
        <p className="shared-calendar-words">
          <strong>{title}</strong>
          {words && <span> · {words}</span>}
        </p>
        {canWithdraw && isOpen && (
          <Button type="button" size="1" variant="soft" color="gray" onClick={() => onWithdraw(entry.details.id)}>
            {texts.withdraw}
          </Button>
        )}
      </div>
    </div>
  );
}

const FATES = { booked: "booked", moved: "moved", cancelled: "calledOff" };

function fate(state, meeting, isActive, texts) {
  if (state === "waiting") return isActive ? texts.awaitsBooking : "";
  if (state === "withdrawn") return texts.withdrawn;
  return texts[FATES[state]].replace("{time}", meetingText(meeting.start, meeting.end));
}
