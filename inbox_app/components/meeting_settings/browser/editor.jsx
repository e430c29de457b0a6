/** When and how an agent can be met: edited here, with the slots that come of it; checked and kept by the server. */
import { Foot } from "$/public/external/inbox_app/components/schedule/browser/foot.jsx";
import { HoursFields } from "$/public/external/inbox_app/components/schedule/browser/hours_fields.jsx";
import { useDraft } from "$/public/external/inbox_app/components/schedule/browser/use_draft.js";
import { ComingSlots } from "./coming.jsx";
import { fromJson, NUMBERS, toJson } from "./draft.js";
import { BrokenField, InvitationField, LinkField, NumberField } from "./fields.jsx";

const FIELDS = [...NUMBERS, "time_zone", "invitation_text", "video_link", "when_broken"];

/** `settings`: as they are kept; `answer`: {beat, field, problem} of the newest save; `days`, `whyNone`: the preview. */
export function MeetingEditor({
  settings, days, whyNone, isCurrent, answer, zones, numbers, tokens, texts, add, remove, copyIcon, onPreview, onSave,
}) {
  const icons = { add, remove, copy: copyIcon };
  const form = useDraft({ kept: settings, answer, read: fromJson, write: toJson, onPreview, onSave });
  const { draft, problem, isChanged, isSaved } = form;
  const shared = { draft, problem, texts, onChange: form.change };
  const isElsewhere = problem && !problem.key && !FIELDS.includes(problem.field);
  return (
    <form ref={form.holder} className="schedule-form meeting-form" onSubmit={form.save} noValidate aria-label={texts.form}>
      <div className="meeting-fields">
        <HoursFields of="meetings" {...shared} {...{ zones, icons }} />
        <h3 className="schedule-part">{texts.length}</h3>
        <div className="number-fields">
          {numbers.map((field) => (
            <NumberField key={field.name} field={field} {...shared} />
          ))}
        </div>
        <h3 className="schedule-part">{texts.words}</h3>
        <InvitationField tokens={tokens} {...shared} />
        <LinkField {...shared} />
        <BrokenField {...shared} />
      </div>
      <ComingSlots {...{ days, whyNone, isCurrent, texts }} />
      <Foot problem={isElsewhere ? problem : null} {...{ isChanged, isSaved, texts }} />
    </form>
  );
}
