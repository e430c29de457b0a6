/** After a refusal: the keyboard goes to the field that was refused, inside the form that this stands in. */
import { useEffect, useRef } from "react";

export function ProblemFocus({ beat }) {
  const mark = useRef(null);
  const seen = useRef(beat);
  useEffect(() => {
    if (beat === seen.current) return;
    seen.current = beat;
    const wrong = [...(mark.current.closest("form")?.querySelectorAll("[data-wrong='true']") ?? [])].at(-1);
    (wrong?.querySelector("[aria-invalid='true']") ?? wrong?.querySelector("input, select, textarea"))?.focus();
  }, [beat]);
  return <span ref={mark} hidden />;
}
