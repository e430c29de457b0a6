import { ask, getToken } from "./api.js";
import { createBackOff, wakeAll } from "./back_off.js";
import { createSseParser } from "./sse_parser.js";
import { change, state } from "./state.js";

const SILENCE_MS = 35_000; // the server says something every 15 s
const CHECK_MS = 5_000;
const CUT_SHOWN_AFTER_MS = 2_000;
const DOUBTFUL_MS = 20_000; // a heartbeat is overdue

/**
 * Reads the events of `state.conversation` and keeps reading: reconnects with back-off from the last number that it
 * has, at once when the browser says that the network or the page is back, and when nothing was heard for 35 s.
 */
const backOff = createBackOff();
let controller;
let run = 0; // 0: stopped; else the number of the loop that may go on
let lastRun = 0;
let lastByteAt = 0;
let watchdog;
let cutTimer = null;

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

/** The page or the network is back: end a wait, and leave a connection that may have died in its sleep. */
export function hurryReading(isNetworkNew) {
  if (isNetworkNew || Date.now() - lastByteAt > DOUBTFUL_MS) reconnect();
  else wakeAll();
}

async function keepReading(mine, onEvent, onRefused) {
  while (run === mine) {
    const outcome = await readOnce((type, data) => run === mine && onEvent(type, JSON.parse(data))).catch(() => 0);
    if (run !== mine) return;
    if (outcome === 204) return stopReading();
    cutTimer ??= setTimeout(change, CUT_SHOWN_AFTER_MS, { isCut: true });
    if (outcome === 401 || outcome === 404) await onRefused(outcome);
    if (controller.signal.reason !== "again") await backOff.wait();
  }
}

/** Until the connection ends; answers with its status. */
async function readOnce(onEvent) {
  const { id, lastSeq } = state.conversation;
  controller = new AbortController();
  lastByteAt = Date.now();
  const { ok, status, body } = await ask(`/conversations/${id}/events?after=${lastSeq}`, getToken(), controller.signal);
  if (!ok || status === 204) return status;
  connected();
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
  clearTimeout(cutTimer);
  cutTimer = null;
  change({ isCut: false });
}
