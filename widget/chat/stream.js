import { ask, getToken } from "./api.js";
import { createBackOff, wakeAll } from "./back_off.js";
import { createSseParser } from "./sse_parser.js";
import { change, state } from "./state.js";

const SILENCE_MS = 12_000; // the server says something every 5 s
const CHECK_MS = 1_000;
const LATE_MS = 2_000;
const OVER_MS = 60_000;

/**
 * Reads the events of `state.conversation` and keeps reading: reconnects with back-off from the last number that it
 * has, and at once when the browser says that the network is back, when nothing was heard for 12 s, and when what the
 * server has acknowledged does not come within 2 s. A chat that is over is asked for every minute: a restore of the server
 * to an earlier point may have opened it again.
 */
const backOff = createBackOff();
let controller;
let run = 0; // 0: stopped; else the number of the loop that may go on
let lastRun = 0;
let lastByteAt = 0;
let watchdog;
let cutTimer;

export function startReading(onEvent, onRefused) {
  if (run) return;
  run = ++lastRun;
  watchdog = setInterval(() => Date.now() - lastByteAt > SILENCE_MS && reconnect(), CHECK_MS);
  keepReading(run, onEvent, onRefused);
}

export function stopReading() {
  run = 0;
  connected();
  clearInterval(watchdog);
  controller?.abort();
  wakeAll();
}

/** Leaves the present connection, if any, for a new one without waiting. */
export function reconnect() {
  backOff.reset();
  controller?.abort("again");
  wakeAll();
}

/** The server has this number, so it comes soon, or the connection is dead. */
export function expectSoon(seq) {
  setTimeout(() => seq > state.conversation?.lastSeq && reconnect(), LATE_MS);
}

async function keepReading(mine, onEvent, onRefused) {
  while (run === mine) {
    const outcome = await readOnce((type, data) => run === mine && onEvent(type, JSON.parse(data))).catch(() => 0);
    if (run !== mine) return;
    const isOver = outcome === 204;
    if (isOver) lastByteAt = Infinity; // silence is expected
    else cutTimer ??= setTimeout(change, LATE_MS, { isCut: true });
    if (outcome === 401 || outcome === 404) await onRefused(outcome);
    if (controller.signal.reason !== "again") await backOff.wait(isOver && OVER_MS);
  }
}

/** Until the connection ends; answers with its status. */
async function readOnce(onEvent) {
  const { id, lastSeq, epoch } = state.conversation;
  controller = new AbortController();
  lastByteAt = Date.now();
  const { ok, status, body } = await ask(`/conversations/${id}/events?after=${lastSeq}&epoch=${epoch}`, getToken(), controller.signal);
  if (ok) connected();
  if (!ok || status === 204) return status;
  const feed = createSseParser(onEvent);
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    lastByteAt = Date.now();
    backOff.reset();
    feed(decoder.decode(value, { stream: true }));
  }
}

function connected() {
  cutTimer = clearTimeout(cutTimer);
  change({ isCut: false });
}
