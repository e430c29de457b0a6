// Meeting settings while they are edited: the hours as in the other editor, the rest as it is typed.
import { fromJson as hoursFrom, toJson as hoursTo } from "$/public/external/inbox_app/components/schedule/browser/draft.js";

export const NUMBERS = [
  "duration_minutes",
  "step_minutes",
  "buffer_before_minutes",
  "buffer_after_minutes",
  "minimum_notice_hours",
  "horizon_days",
  "maximum_a_day",
];
const WORDS = ["invitation_text", "video_link", "when_broken"];

/** The settings as the server keeps them → what is edited. */
export function fromJson(settings) {
  const numbers = NUMBERS.map((name) => [name, settings[name] === null ? "" : String(settings[name])]);
  const words = WORDS.map((name) => [name, settings[name]]);
  return { ...hoursFrom(settings), ...Object.fromEntries([...numbers, ...words]) };
}

/** The reverse. A box without a whole number is null: no limit where there may be none, else refused. */
export function toJson(draft) {
  const { value, places } = hoursTo(draft);
  for (const name of NUMBERS) value[name] = /^-?\d+$/.test(draft[name].trim()) ? Number(draft[name]) : null;
  for (const name of WORDS) value[name] = draft[name];
  return { value, places };
}
