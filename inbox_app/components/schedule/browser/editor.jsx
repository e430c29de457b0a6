/** The hours of an agent's live chat: edited here, checked and kept by the server; what was typed stays after a refusal. */
import { useEffect, useRef, useState } from "react";
import { Button } from "@radix-ui/themes";
import { Combobox } from "$/public/external/inbox_app/components/forms/browser/combobox.jsx";
import { fromJson, placeOf, toJson } from "./draft.js";
import { Exceptions } from "./exceptions.jsx";
import { Preview } from "./preview.jsx";
import { Week } from "./week.jsx";

const QUIET = 200;

/** "UTC+1" now, at the right of a zone's name. */
function offset(zone) {
  try {
    const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts();
    return parts.find(({ type }) => type === "timeZoneName").value.replace("GMT", "UTC");
  } catch {
    return "";
  }
}

/** `schedule`: as it is kept; `answer`: {beat, field, problem} of the newest save; `days`: the preview. */
export function ScheduleEditor({ schedule, days, isCurrent, answer, zones, texts, add, remove, copyIcon, onPreview, onSave }) {
  const [draft, setDraft] = useState(() => fromJson(schedule));
  const [isChanged, setChanged] = useState(false);
  const [problem, setProblem] = useState(null);
  const [isSaved, setSaved] = useState(false);
  const places = useRef({});
  const beat = useRef(answer.beat);
  const timer = useRef(0);
  const holder = useRef(null);
  const icons = { add, remove, copy: copyIcon };

  useEffect(() => {
    if (!isChanged) setDraft(fromJson(schedule));
  }, [schedule]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (answer.beat === beat.current) return;
    beat.current = answer.beat;
    if (!answer.problem) {
      setChanged(false);
      setDraft(fromJson(schedule));
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
    timer.current = setTimeout(() => onPreview(toJson(next).value), QUIET);
  };
  const save = (event) => {
    event.preventDefault();
    clearTimeout(timer.current);
    const made = toJson(draft);
    places.current = made.places;
    setProblem(null);
    onSave(made.value);
  };
  const inZone = problem?.field === "time_zone";
  const isElsewhere = problem && !inZone && !problem.key;
  return (
    <form ref={holder} className="schedule-form" onSubmit={save} noValidate aria-label={texts.form}>
      <div className="field">
        <label className="input-label" htmlFor="schedule-zone">
          {texts.zone}
        </label>
        <Combobox
          id="schedule-zone"
          name={texts.zone}
          value={draft.zone}
          options={zones}
          about={offset}
          none={texts.noZone}
          isWrong={inZone}
          describedBy={inZone ? "problem-zone" : undefined}
          onChoose={(zone) => zone !== draft.zone && change({ ...draft, zone })}
        />
        {inZone && (
          <p id="problem-zone" role="alert" className="field-problem">
            {problem.sentence}
          </p>
        )}
      </div>
      <Week {...{ draft, problem, texts, icons }} onChange={change} />
      <h3 className="schedule-part">{texts.exceptions}</h3>
      <Exceptions
        exceptions={draft.exceptions}
        onChange={(exceptions) => change({ ...draft, exceptions })}
        {...{ problem, texts, icons }}
      />
      <h3 className="schedule-part">{texts.preview}</h3>
      <Preview {...{ days, isCurrent, texts }} />
      {!isCurrent && <p className="setting-hint">{texts.incomplete}</p>}
      {isElsewhere && (
        <p role="alert" className="field-problem">
          {problem.sentence}
        </p>
      )}
      <div className="schedule-foot">
        <Button type="submit" disabled={!isChanged}>
          {texts.save}
        </Button>
        <span role="status" className="field-saved" data-quiet={!isSaved}>
          {isSaved ? texts.saved : isChanged ? texts.unsaved : ""}
        </span>
      </div>
    </form>
  );
}
