/** The hours of an agent's live chat: edited here, checked and kept by the server; what was typed stays after a refusal. */
import { fromJson, toJson } from "./draft.js";
import { Foot } from "./foot.jsx";
import { HoursFields } from "./hours_fields.jsx";
import { Preview } from "./preview.jsx";
import { useDraft } from "./use_draft.js";

/** `schedule`: as it is kept; `answer`: {beat, field, problem} of the newest save; `days`: the preview. */
export function ScheduleEditor({ schedule, days, isCurrent, answer, zones, texts, add, remove, copyIcon, onPreview, onSave }) {
  const icons = { add, remove, copy: copyIcon };
  const form = useDraft({ kept: schedule, answer, read: fromJson, write: toJson, onPreview, onSave });
  const { draft, problem, isChanged, isSaved } = form;
  const isElsewhere = problem && !problem.key && problem.field !== "time_zone";
  return (
    <form ref={form.holder} className="schedule-form" onSubmit={form.save} noValidate aria-label={texts.form}>
      <HoursFields of="chat" {...{ draft, problem, zones, texts, icons }} onChange={form.change} />
      <h3 className="schedule-part">{texts.preview}</h3>
      <Preview {...{ days, isCurrent, texts }} />
      {!isCurrent && <p className="setting-hint">{texts.incomplete}</p>}
      <Foot problem={isElsewhere ? problem : null} {...{ isChanged, isSaved, texts }} />
    </form>
  );
}
