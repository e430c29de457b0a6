/** After a refusal: the keyboard goes to the field that was refused, inside the form that this stands in. */
import { useEffect, useRef } from "react";

export function ProblemFocus({ beat }) {
  const mark = useRef(null);
  const seen = useRef(beat);
  useEffect(() => {
    if (beat === seen.current) return;
    seen.current = beat;
    const holder = mark.current.closest("form")?.querySelector("[data-wrong='true']");
    holder?.querySelector("input, select, textarea")?.focus();
  }, [beat]);
  return <span ref={mark} hidden />;
}
