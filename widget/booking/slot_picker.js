import { insist } from "../chat/api.js";
import { h, setText } from "../shared/kit.js";
import { inZone, t } from "../view/texts.js";
import { createChoices } from "./choices.js";

const DAYS_AT_ONCE = 31; // what the server answers, unless it is told an end
const DAY_MS = 86_400_000;
const TAB_BEFORE_PX = 60;

/** The day so many days after another one: by the calendar, since a day may have 23 hours. */
const after = (name, count) => inZone("UTC").day(Date.parse(name) + count * DAY_MS);

/**
 * Free times, a day at a time, as the time zone of the `zone` field has them. `ask(query)` → `{slots}`, the starts;
 * `onChoose(start)` is told what is chosen, or nothing.
 */
export function createSlotPicker(zone, ask, onChoose) {
  const days = createChoices("ariaSelected", { class: "days", role: "tablist", "aria-label": t("Day") }, showDay, true);
  const times = createChoices("ariaPressed", { class: "times", role: "tabpanel" }, choose);
  const back = h("button", { class: "secondary", "aria-label": t("Previous day"), onclick: () => step(-1) }, "‹");
  const forward = h("button", { class: "secondary", "aria-label": t("Next day"), onclick: () => step(1) }, "›");
  const strip = h("div", { class: "strip" }, back, days.element, forward);
  const said = h("p", { role: "status" });
  let words;
  let byDay; // "2026-12-01": its starts
  let all = []; // the days that have free times
  let day;
  let start;
  let unasked; // from this day on
  let isAll; // no later day has free times
  let refusal; // the server's words: these times are not to be had any more
  let turn = Promise.resolve(); // one question at a time

  const say = (text = t("No connection. We keep trying.")) => setText(said, text);

  /** Anew, from today, when what is asked now is answered. */
  function begin() {
    return (turn = turn.then(async () => {
      words = inZone(zone.value);
      unasked = words.day(Date.now());
      isAll = false;
      show(await more());
    }));
  }

  /** The starts of the next days that have any; none when there are no more. */
  async function more() {
    const query = new URLSearchParams({ from: unasked, time_zone: zone.value });
    const { slots = [], next_slot: next, message } = await insist(() => ask(query), say).catch((problem) => problem);
    refusal = message;
    unasked = next ? words.day(next) : after(unasked, DAYS_AT_ONCE);
    return slots.length || !next ? slots : more();
  }

  /** Keeps the day and the time that are chosen, if they are among these starts. */
  function show(starts) {
    byDay = Object.groupBy(starts, words.day);
    all = Object.keys(byDay);
    say(refusal || (all.length ? "" : t("There are no free times right now.")));
    strip.hidden = times.element.hidden = !all.length;
    days.show(all.map((name) => [name, words.dayInShort(byDay[name][0]), { role: "tab" }]));
    if (all.length) showDay(byDay[day] ? day : all[0]);
    else onChoose();
  }

  function showDay(name) {
    day = name;
    days.element.scrollLeft = days.choose(day).offsetLeft - TAB_BEFORE_PX;
    const starts = byDay[day];
    const isTwice = new Set(starts.map(words.time)).size < starts.length; // an hour comes again: the clock is put back
    const label = isTwice ? words.timeAndZone : words.time;
    times.show(starts.map((value) => [value, label(value), { "data-start": value }]));
    times.element.ariaLabel = words.date(starts[0]);
    back.ariaDisabled = day === all[0];
    forward.ariaDisabled = isAll && day === all.at(-1);
    choose(starts.find((value) => value === start));
  }

  function choose(value) {
    start = value;
    times.choose(start);
    onChoose(start);
  }

  /** To the next day that has free times. */
  function step(by) {
    const next = all[all.indexOf(day) + by];
    if (next) showDay(next);
    else if (by > 0 && day && !isAll) turn = turn.then(further);
  }

  async function further() {
    const starts = await more();
    isAll = !starts.length;
    show([...Object.values(byDay).flat(), ...starts]);
    step(1);
  }

  /** The time was taken by somebody else; these are free. */
  function taken({ slots, message }) {
    unasked = after(words.day(slots.at(-1)), 1);
    show(slots);
    say(message);
    times.focus();
  }

  return { elements: [strip, times.element, said], begin, taken, say, focus: times.focus };
}
