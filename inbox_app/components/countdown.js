// The rest of a time that the server set, counted in the browser: no traffic, and a laptop's wrong clock does not lie.
import { createElement, useEffect, useReducer } from "react";

const KEPT = "inbox_server_clock";
const REMEMBERED = 6;
const CLOCK_WAS_SET = 10_000;

// `ahead`: what the server's clock shows more than ours. Measured in the moment in which the server told its time; the
// same telling drawn again later (another page, a reload) is known by its text and measures nothing. What took long to
// arrive measures too little, so the largest counts, until our clock is set.
let known = { ahead: 0, heard: [] };
try {
  known = JSON.parse(sessionStorage.getItem(KEPT)) ?? known;
} catch {} // prerendered, or a browser that keeps nothing

function hear(toldAt) {
  if (!toldAt || known.heard.includes(toldAt)) return;
  const measured = Date.parse(toldAt) - Date.now();
  const isLate = known.heard.length > 0 && measured < known.ahead && measured > known.ahead - CLOCK_WAS_SET;
  known = { ahead: isLate ? known.ahead : measured, heard: [toldAt, ...known.heard].slice(0, REMEMBERED) };
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(known));
  } catch {}
}

/** Whole seconds until `endsAt`, begun ones counted; 0 when it is over, Infinity when there is no end. */
export function useSecondsLeft(endsAt, toldAt) {
  const [, tick] = useReducer((count) => count + 1, 0);
  hear(toldAt);
  const left = endsAt ? Date.parse(endsAt) - Date.now() - known.ahead : Infinity;
  useEffect(() => {
    if (!(left > 0) || left === Infinity) return undefined;
    const timer = setTimeout(tick, left % 1000 || 1000);
    return () => clearTimeout(timer);
  });
  return left === Infinity ? left : Math.max(0, Math.ceil(left / 1000));
}

/** A ring that empties, with the seconds in it. A timer is not read out each second. */
export function Countdown({ startedAt, endsAt, toldAt, name }) {
  const left = useSecondsLeft(endsAt, toldAt);
  if (left === Infinity) return null;
  const share = Math.min(1, (left * 1000) / Math.max(1, Date.parse(endsAt) - Date.parse(startedAt)));
  const circle = (className, offset) =>
    createElement("circle", { cx: 18, cy: 18, r: 16, pathLength: 1, className, strokeDashoffset: offset });
  return createElement(
    "span",
    { role: "timer", "aria-live": "off", "aria-label": name, className: "countdown" },
    createElement(
      "svg",
      { viewBox: "0 0 36 36", "aria-hidden": true },
      circle("countdown-track", 0),
      circle("countdown-rest", 1 - share),
    ),
    createElement("span", { className: "countdown-seconds" }, left, createElement("span", { className: "sr-only" }, " s")),
  );
}
