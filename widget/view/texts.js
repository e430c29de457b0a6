import { createTranslator, shell } from "../shared/kit.js";
import french from "../texts.fr.json";

const chosen = shell.embedding.language;
const language = navigator.languages.find((tag) => tag.startsWith(chosen)) ?? chosen; // en-GB has another clock than en-US

/** The sentence in the page's language. */
export const t = createTranslator(chosen === "fr" ? french : {});

export function timeOfDay(date) {
  return date.toLocaleTimeString(language, { timeStyle: "short" });
}

/** "today", "yesterday", else the weekday and date, in the visitor's own time zone. */
export function dayName(day) {
  const daysAgo = Math.round((startOfDay(Date.now()) - day) / 86_400_000);
  return daysAgo < 2
    ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-daysAgo, "day")
    : new Date(day).toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" });
}

/** In milliseconds. */
export function startOfDay(date) {
  return new Date(date).setHours(0, 0, 0, 0);
}
