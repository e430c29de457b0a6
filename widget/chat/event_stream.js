import { createBackOff } from "./back_off.js";
import { createSseParser } from "./sse_parser.js";

const SILENCE_MS = 35_000; // the server says something every 15 s
const CHECK_MS = 5_000;
const CUT_SHOWN_AFTER_MS = 2_000;
const DOUBTFUL_MS = 20_000; // a heartbeat is overdue

/**
 * Reads a conversation's events and keeps reading: reconnects with back-off from the last number that it has,
 * at once when the browser says that the network or the page is back, and when nothing was heard for 35 s.
 */
export function createEventStream({ url, getToken, getLastSeq, onEvent, onCut, onRefused }) {
  const backOff = createBackOff();
  let controller = null;
  let run = 0; // 0: stopped; else the number of the loop that may go on
  let lastRun = 0;
  let lastByteAt = 0;
  let watchdog = null;
  let cutTimer = null;

  async function keepReading(mine) {
    while (run === mine) {
      const outcome = await readOnce();
      if (run !== mine) return;
      if (outcome === "finished") return stop();
      cutTimer ??= setTimeout(onCut, CUT_SHOWN_AFTER_MS, true);
      if (outcome === 401 || outcome === 404) await Promise.resolve(outcome).then(onRefused).catch(() => {});
      if (outcome !== "again") await backOff.wait();
    }
  }

  async function readOnce() {
    controller = new AbortController();
    lastByteAt = Date.now();
    try {
      const answer = await fetch(`${url}?after=${getLastSeq()}`, {
        headers: { Authorization: `Bearer ${getToken()}` },
        credentials: "omit",
        cache: "no-store",
        signal: controller.signal,
      });
      if (answer.status === 204) return "finished";
      if (answer.status === 401 || answer.status === 404) return answer.status;
      if (!answer.ok) return "failed";
      connected();
      return await readBody(answer.body.getReader());
    } catch {
      return controller.signal.reason === "again" ? "again" : "failed";
    }
  }

  async function readBody(reader) {
    const decoder = new TextDecoder();
    const feed = createSseParser((type, data) => onEvent(type, JSON.parse(data)));
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "failed";
      lastByteAt = Date.now();
      backOff.reset();
      feed(decoder.decode(value, { stream: true }));
    }
  }

  function connected() {
    clearTimeout(cutTimer);
    cutTimer = null;
    onCut(false);
  }

  function start() {
    if (run) return;
    run = ++lastRun;
    watchdog = setInterval(() => Date.now() - lastByteAt > SILENCE_MS && reconnect(), CHECK_MS);
    keepReading(run);
  }

  function stop() {
    run = 0;
    connected();
    clearInterval(watchdog);
    controller?.abort();
    backOff.skip();
  }

  /** Leaves the present connection, if any, for a new one without waiting. */
  function reconnect() {
    backOff.reset();
    controller?.abort("again");
    backOff.skip();
  }

  /** The page or the network is back: end a wait, and leave a connection that may have died in its sleep. */
  function hurry(isNetworkNew) {
    if (isNetworkNew || Date.now() - lastByteAt > DOUBTFUL_MS) reconnect();
    else backOff.skip();
  }

  return { start, stop, reconnect, hurry };
}
