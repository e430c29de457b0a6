// Asks to load the page again some time after something of it failed; several failures are one.
import { useEffect } from "react";

const PAUSE = 2_000;

export function LoadAgain({ failures, onDue }) {
  useEffect(() => {
    if (!failures) return undefined;
    const timer = setTimeout(onDue, PAUSE);
    return () => clearTimeout(timer);
    // Not at a change of onDue, which is another function each time.
  }, [failures]);
  return null;
}
