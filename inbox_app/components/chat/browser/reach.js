/** Whether the server can be reached at all, and when it can be again. */

const PATIENCE = 5_000;
const EVERY = 2_000;
let isWaiting = false;

export const pause = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

const isReachable = () =>
  fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).then(
    (answer) => answer.ok,
    () => false,
  );

/** Calls back once the server answers again; not at all when it answers now: then waiting is no help. */
export async function onceBack(then) {
  if (isWaiting || (await isReachable())) return;
  isWaiting = true;
  do await pause(EVERY);
  while (!(await isReachable()));
  isWaiting = false;
  then();
}
