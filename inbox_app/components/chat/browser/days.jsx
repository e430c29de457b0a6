/**
 * The entries of a thread under the day they belong to, with a line where the unread ones begin. The rest of what is
 * given goes to the cards of shared calendars.
 */
import { useMemo } from "react";
import { day } from "$/public/external/inbox_app/components/time/time.js";
import { Entry } from "./bubble.jsx";
import { byDay } from "./entries.js";
import { SharedCalendar } from "./shared_calendar.jsx";
import { isCard, standings } from "./shared_calendars.js";
import { stepLabel } from "./steps.js";

export function Days({ entries, unreadAfter, texts, visitorName, isActive = false, isMine = false, onWithdraw }) {
  const days = useMemo(() => byDay(entries), [entries]);
  const calendars = useMemo(() => standings(entries), [entries]);
  const firstUnread = entries.find((entry) => unreadAfter >= 0 && entry.seq > unreadAfter && entry.sender === "visitor");
  return days.map(({ day: instant, entries: ofDay }) => (
    <section key={new Date(instant).toDateString()} className="log-day">
      <h3 className="day-line">
        <span>{day(new Date(instant))}</span>
      </h3>
      {ofDay.map((entry) => [
        entry === firstUnread && (
          <p key="unread" className="unread-line" data-unread-line>
            <span>{texts.unread}</span>
          </p>
        ),
        isCard(entry) ? (
          <SharedCalendar
            key={entry.seq}
            entry={entry}
            standing={calendars.get(entry.details.id)}
            isActive={isActive}
            canWithdraw={isActive && isMine}
            onWithdraw={onWithdraw}
            texts={texts}
          />
        ) : (
          <Entry key={entry.seq} entry={entry} label={stepLabel(entry, texts, visitorName)} />
        ),
      ])}
    </section>
  ));
}
