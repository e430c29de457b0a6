const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** Waits that double up to 15 s, each between half and all of its length, so that clients do not return in step. */
export function createBackOff() {
  let failures = 0;
  let wake = null;

  return {
    /** Resolves after the next wait, or as soon as `skip` is called. */
    wait(atLeast = 0) {
      const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures++);
      const delay = Math.max(atLeast, longest * (0.5 + Math.random() / 2));
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, delay);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    skip: () => wake?.(),
    reset: () => (failures = 0),
  };
}
