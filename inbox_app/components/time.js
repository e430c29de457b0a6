// An instant as a person reads it, in the reader's zone and language. It ticks here: no traffic with the server.
import { createElement, useSyncExternalStore } from "react";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WAITING_AMBER = MINUTE;
const WAITING_RED = 3 * MINUTE;

const language = () => globalThis.inboxLanguage ?? "en";

const formatters = new Map();
function formatter(kind, make) {
  const key = kind + language();
  if (!formatters.has(key)) formatters.set(key, make(language()));
  return formatters.get(key);
}

const dated = (kind, options) =>
  formatter(kind, (tag) => new Intl.DateTimeFormat(tag === "en" ? "en-GB" : tag, options));
const counted = (unit, count) =>
  formatter(`count ${unit}`, (tag) => new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "short" })).format(count);

const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const daysBetween = (earlier, later) => Math.round((startOfDay(later) - startOfDay(earlier)) / DAY);

export const clock = (date) => dated("clock", { hour: "2-digit", minute: "2-digit" }).format(date);
export const exact = (date) => dated("exact", { dateStyle: "medium", timeStyle: "short" }).format(date);

/** "now", "2 min", "3 hr", "2 days", then the date. */
export function relative(date, now = Date.now()) {
  const passed = Math.max(0, now - date.getTime());
  if (passed < MINUTE) return formatter("now", (tag) => new Intl.RelativeTimeFormat(tag, { numeric: "auto" })).format(0, "second");
  if (passed < HOUR) return counted("minute", Math.floor(passed / MINUTE));
  const days = daysBetween(date, new Date(now));
  if (passed < DAY && days < 2) return counted("hour", Math.floor(passed / HOUR));
  if (days < 7) return counted("day", days);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return dated(sameYear ? "day" : "date", { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(date);
}

/** How long somebody has been waiting: "0:42", "12:05", then hours. */
export function waiting(date, now = Date.now()) {
  const seconds = Math.max(0, Math.floor((now - date.getTime()) / 1000));
  if (seconds >= 3600) return counted("hour", Math.floor(seconds / 3600));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A zone that this browser knows; undefined is the reader's own. */
function knownZone(zone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone || undefined }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

const dayNumber = (date, timeZone) => Date.parse(new Intl.DateTimeFormat("sv", { timeZone }).format(date)) / DAY;

/**
 * A coming instant on the clocks of `zone`: the time, with the day where it is not today; the end of today is 24:00.
 * The zone is named where the reader's own clock shows another time.
 */
export function until(date, now = new Date(), zone) {
  const timeZone = knownZone(zone);
  const days = dayNumber(date, timeZone) - dayNumber(now, timeZone);
  const there = dated(`clock ${timeZone}`, { hour: "2-digit", minute: "2-digit", timeZone }).format(date);
  const isMidnight = days === 1 && there === "00:00";
  const time = (isMidnight ? "24:00" : there) + (there === clock(date) ? "" : ` ${zoneName(date, timeZone)}`);
  if (days === 0 || isMidnight) return time;
  const options = days > 0 && days < 7 ? { weekday: "short" } : { day: "numeric", month: "short" };
  return `${dated(`${days < 7} ${timeZone}`, { ...options, timeZone }).format(date)} ${time}`;
}

const zoneName = (date, timeZone) =>
  dated(`zone ${timeZone}`, { timeZone, timeZoneName: "short" })
    .formatToParts(date)
    .find(({ type }) => type === "timeZoneName").value;

const sameYear = (date) => date.getFullYear() === new Date().getFullYear();
const shortDay = (date) =>
  dated(`short day ${sameYear(date)}`, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(sameYear(date) ? {} : { year: "numeric" }),
  }).format(date);

/** From when to when on the reader's clock: "14:00-14:30", with the day of the end where it is another. */
export function hours(start, end) {
  const isOneDay = start.toDateString() === end.toDateString();
  return `${clock(start)}-${isOneDay ? "" : `${shortDay(end)} `}${clock(end)}`;
}

export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time of a meeting, with the zone in which it is said: "Tue 1 Dec, 14:00-14:30 (Europe/Paris)". */
export const meetingTime = (start, end) => `${shortDay(start)}, ${hours(start, end)} (${ownZone()})`;

/** "Today", "Yesterday", "Tomorrow" or the date: what separates the days of a list. */
export function day(date, now = new Date()) {
  const days = daysBetween(date, now);
  if (Math.abs(days) < 2) {
    const word = formatter("named", (tag) => new Intl.RelativeTimeFormat(tag, { numeric: "auto" })).format(-days, "day");
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  return dated("long", { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(date);
}

const MODES = { relative, clock, exact, waiting, until, day };

/** The text of an instant for use inside a sentence; empty for no instant. */
export const instant = (iso, mode, zone) => (iso ? MODES[mode](new Date(iso), undefined, zone) : "");

function ticker(step) {
  const readers = new Set();
  let timer;
  let now = Date.now();
  const tick = () => {
    now = Date.now();
    readers.forEach((reader) => reader());
  };
  return {
    subscribe(reader) {
      if (readers.size === 0) {
        now = Date.now();
        timer = setInterval(tick, step);
      }
      readers.add(reader);
      return () => {
        readers.delete(reader);
        if (readers.size === 0) clearInterval(timer);
      };
    },
    read: () => now,
  };
}

const seconds = ticker(1000);
const calm = ticker(15_000);

const urgency = (date, now) => {
  const passed = now - date.getTime();
  return passed >= WAITING_RED ? "late" : passed >= WAITING_AMBER ? "soon" : "fine";
};

export function Time({ iso, mode = "relative", className = "", ...rest }) {
  const clockwork = mode === "waiting" ? seconds : calm;
  useSyncExternalStore(clockwork.subscribe, clockwork.read, clockwork.read);
  if (!iso) return null;
  const date = new Date(iso);
  return createElement(
    "time",
    {
      dateTime: iso,
      title: exact(date),
      className: `time ${className}`.trim(),
      ...(mode === "waiting" ? { "data-urgency": urgency(date, Date.now()) } : {}),
      ...rest,
    },
    instant(iso, mode),
  );
}

/** From when to when, with the whole on hover; draws nothing for empty texts. */
export function Hours({ start, end, className = "" }) {
  if (!start || !end) return null;
  const span = [new Date(start), new Date(end)];
  return createElement("time", { dateTime: start, title: meetingTime(...span), className: `time ${className}`.trim() }, hours(...span));
}

/** The same as texts for a gap in a sentence. */
export const meetingText = (start, end) => (start && end ? meetingTime(new Date(start), new Date(end)) : "");
