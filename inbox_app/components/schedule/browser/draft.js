// A schedule while it is edited: days with blocks that have keys, and back to the JSON of the contract.
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MIDNIGHT = "00:00";
const END_OF_DAY = "24:00"; // what the contract calls a midnight at which a block ends

let made = 0;
const key = () => `k${(made += 1)}`;

const wall = (time) => (time === END_OF_DAY ? MIDNIGHT : time);
export const newBlock = (from = "09:00", to = "17:00") => ({ key: key(), from: wall(from), to: wall(to) });
export const newException = (date = "") => ({ key: key(), date, blocks: [] });
const copyOf = (block) => newBlock(block.from, block.to);

/** The schedule as the server keeps it → what is edited. */
export function fromJson(schedule) {
  const week = Object.fromEntries(DAYS.map((day) => [day, []]));
  for (const block of schedule.blocks ?? []) week[block.day].push(newBlock(block.from, block.to));
  const exceptions = (schedule.exceptions ?? []).map((one) => ({
    ...newException(one.date),
    blocks: one.blocks.map((block) => newBlock(block.from, block.to)),
  }));
  return { zone: schedule.time_zone ?? "UTC", week, exceptions };
}

/** The reverse, with `places`: the server's name of a field → the key of what it means. */
export function toJson({ zone, week, exceptions }) {
  const places = {};
  const hours = (block) => ({ from: block.from, to: block.to === MIDNIGHT ? END_OF_DAY : block.to });
  const blocks = [];
  for (const day of DAYS) {
    for (const block of week[day]) {
      places[`blocks.${blocks.length}`] = block.key;
      blocks.push({ day, ...hours(block) });
    }
  }
  const dated = exceptions.map((one, index) => {
    places[`exceptions.${index}`] = one.key;
    one.blocks.forEach((block, number) => (places[`exceptions.${index}.blocks.${number}`] = block.key));
    return { date: one.date, blocks: one.blocks.map(hours) };
  });
  return { value: { time_zone: zone, blocks, exceptions: dated }, places };
}

/** Where a refusal belongs: the key of a block or an exception and the part of it, or the field itself. */
export function placeOf(field, places) {
  const steps = field.split(".");
  const part = ["from", "to", "date", "day", "blocks"].includes(steps.at(-1)) && steps.length > 1 ? steps.pop() : "";
  return { key: places[steps.join(".")] ?? "", part, field };
}

export const withDay = (draft, day, blocks) => ({ ...draft, week: { ...draft.week, [day]: blocks } });

/** The hours of one day on other days too. */
export function copied(draft, from, days) {
  const others = days.filter((day) => day !== from).map((day) => [day, draft.week[from].map(copyOf)]);
  return { ...draft, week: { ...draft.week, ...Object.fromEntries(others) } };
}

const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const time = (total) => `${String(Math.floor(total / 60)).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;

/** A new block for a day: office hours at first, then an hour after a pause. */
export function following(blocks) {
  const last = blocks.at(-1)?.to;
  if (!last || last === MIDNIGHT) return newBlock();
  const start = Math.min(minutes(last) + 60, 22 * 60);
  return newBlock(time(start), time(start + 60));
}

/** "all_day", "next_day" or nothing: what a pair of times means beyond itself. */
export function meaning({ from, to }) {
  if (!from || !to) return "";
  if (from === to) return from === MIDNIGHT ? "all_day" : "";
  return to < from && to !== MIDNIGHT ? "next_day" : "";
}
