/** The entries of a thread under the day they belong to, with a line where the unread ones begin. */
import { useMemo } from "react";
import { day } from "$/public/external/inbox_app/components/time/time.js";
import { Entry } from "./bubble.jsx";
import { byDay } from "./entries.js";
import { stepLabel } from "./steps.js";

export function Days({ entries, unreadAfter, texts, visitorName }) {
  const days = useMemo(() => byDay(entries), [entries]);
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
        <Entry key={entry.seq} entry={entry} label={stepLabel(entry, texts, visitorName)} />,
      ])}
    </section>
  ));
}
