import { fill, shell } from "../shared/kit.js";

const chosen = shell.embedding.language;
export const language = navigator.languages.find((tag) => tag.startsWith(chosen)) ?? chosen; // en-GB has another clock than en-US

/** `t("A sentence.")` is the sentence in the bundle's language: while bundling its words are put in (`build.js`). */
export const t = fill;

/** Words for instants (ISO 8601, a Date, or milliseconds) as a time zone has them; none named: as this device has them. */
export function inZone(timeZone) {
  const written = (options, locale = language) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    return (instant) => format.format(new Date(instant));
  };
  return {
    day: written({}, "sv"), // 2026-12-01
    dayInShort: written({ weekday: "short", day: "numeric", month: "short" }),
    date: written({ dateStyle: "full" }),
    time: written({ timeStyle: "short" }),
    timeAndZone: written({ hour: "numeric", minute: "2-digit", timeZoneName: "short" }),
  };
}

export const here = inZone();

/** "today", "yesterday", else the weekday and date. */
export function dayName(date) {
  const daysAgo = (Date.parse(here.day(Date.now())) - Date.parse(here.day(date))) / 86_400_000;
  return daysAgo < 2 ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-daysAgo, "day") : here.date(date);
}
