// What is typed until it is kept: previewed while it changes, saved as a whole, still there after a refusal.
import { useEffect, useRef, useState } from "react";
import { placeOf } from "./draft.js";

const QUIET = 200;

/** `kept`: as the server has it; `read`, `write`: to a draft and back to `{value, places}`; `answer`: of the newest save. */
export function useDraft({ kept, answer, read, write, onPreview, onSave }) {
  const [draft, setDraft] = useState(() => read(kept));
  const [isChanged, setChanged] = useState(false);
  const [problem, setProblem] = useState(null);
  const [isSaved, setSaved] = useState(false);
  const places = useRef({});
  const beat = useRef(answer.beat);
  const timer = useRef(0);
  const holder = useRef(null);

  useEffect(() => {
    if (!isChanged) setDraft(read(kept));
  }, [kept]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (answer.beat === beat.current) return;
    beat.current = answer.beat;
    if (!answer.problem) {
      setChanged(false);
      setDraft(read(kept));
      setSaved(true);
      return;
    }
    setProblem({ ...placeOf(answer.field, places.current), sentence: answer.problem });
  }, [answer.beat]);
  useEffect(() => {
    if (problem) holder.current.querySelector("[aria-invalid='true']")?.focus();
  }, [problem]);

  const change = (next) => {
    setDraft(next);
    setChanged(true);
    setSaved(false);
    setProblem(null);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onPreview(write(next).value), QUIET);
  };
  const save = (event) => {
    event.preventDefault();
    clearTimeout(timer.current);
    const made = write(draft);
    places.current = made.places;
    setProblem(null);
    onSave(made.value);
  };
  return { draft, change, save, problem, isChanged, isSaved, holder };
}
