/** The coming days in words, as the server reads what is typed. */
const tag = () => (globalThis.inboxLanguage === "fr" ? "fr" : "en-GB");

/** "Mon 23 Nov" of 2026-11-23, whatever zone the browser is in. */
export function dayText(date) {
  const options = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" };
  const parts = new Intl.DateTimeFormat(tag(), options).formatToParts(new Date(`${date}T00:00:00Z`));
  const text = parts.map(({ value }) => value).join("").replace(",", "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const hours = ({ start, end, is_next_day: isNextDay }, texts) =>
  isNextDay && end !== "00:00" ? `${start}-${end} (${texts.nextDay})` : `${start}-${end === "00:00" ? "24:00" : end}`;

const isAllDay = ({ start, end }) => start === "00:00" && (end === "24:00" || end === "00:00");

const clockChange = (minutes, texts) =>
  (minutes > 0 ? texts.clockForward : texts.clockBack).replace("{minutes}", Math.abs(minutes));

/** `isCurrent` false: what is typed makes no schedule yet, these are the days of what was typed before. */
export function Preview({ days, isCurrent, texts }) {
  return (
    <ul className={isCurrent ? "preview" : "preview preview-old"} aria-label={texts.preview} aria-live="polite">
      {days.map((day) => (
        <li key={day.date} className="preview-day">
          <span className="preview-date">{dayText(day.date)}</span>{" "}
          <span className="preview-words">
            <span className={day.blocks.length ? "" : "preview-closed"}>
              {day.blocks.map((block) => (isAllDay(block) ? texts.allDay : hours(block, texts))).join(", ") || texts.closed}
            </span>
            {day.is_exception && <span className="preview-mark">{texts.exceptionMark}</span>}
            {day.clock_change !== 0 && <span className="preview-mark">{clockChange(day.clock_change, texts)}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
