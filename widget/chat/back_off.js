const FIRST_MS = 500;
const LONGEST_MS = 10_000;

const sleeping = new Set();

/** Ends every wait now: the network or the page is back, or nothing is waited for any more. */
export function wakeAll() {
  sleeping.forEach((wake) => wake());
}

/** Waits that double up to 10 s, each between half and all of its length, so that clients do not return in step. */
export function createBackOff() {
  let failures = 0;

  return {
    wait(atLeast = 0) {
      const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures++);
      const delay = Math.max(atLeast, longest * (0.5 + Math.random() / 2));
      return new Promise((resolve) => {
        const timer = setTimeout(wake, delay);
        sleeping.add(wake);
        function wake() {
          clearTimeout(timer);
          sleeping.delete(wake);
          resolve();
        }
      });
    },
    reset: () => (failures = 0),
  };
}
