/** The hours of an agent, for live chat or for meetings: time zone, week, exceptions. */
import { Combobox } from "$/public/external/inbox_app/components/forms/browser/combobox.jsx";
import { Exceptions } from "./exceptions.jsx";
import { Week } from "./week.jsx";

/** "UTC+1" now, at the right of a zone's name. */
function offset(zone) {
  try {
    const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts();
    return parts.find(({ type }) => type === "timeZoneName").value.replace("GMT", "UTC");
  } catch {
    return "";
  }
}

/** `of`: what the hours are for, as a part of ids; `problem`: {key, part, field, sentence} of the newest refusal. */
export function HoursFields({ of, draft, problem, zones, texts, icons, onChange }) {
  const inZone = problem?.field === "time_zone";
  return (
    <>
      <div className="field">
        <label className="input-label" htmlFor={`zone-${of}`}>
          {texts.zone}
        </label>
        <Combobox
          id={`zone-${of}`}
          name={texts.zone}
          value={draft.zone}
          options={zones}
          about={offset}
          none={texts.noZone}
          isWrong={inZone}
          describedBy={inZone ? `problem-zone-${of}` : undefined}
          onChoose={(zone) => zone !== draft.zone && onChange({ ...draft, zone })}
        />
        {inZone && (
          <p id={`problem-zone-${of}`} role="alert" className="field-problem">
            {problem.sentence}
          </p>
        )}
      </div>
      <Week {...{ draft, problem, texts, icons, onChange }} />
      <h3 className="schedule-part">{texts.exceptions}</h3>
      <Exceptions
        exceptions={draft.exceptions}
        onChange={(exceptions) => onChange({ ...draft, exceptions })}
        {...{ problem, texts, icons }}
      />
    </>
  );
}
