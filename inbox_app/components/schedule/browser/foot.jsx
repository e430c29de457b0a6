/** The end of a form that is kept as a whole: a refusal that has no place in it, Save, and how it stands. */
import { Button } from "@radix-ui/themes";

export function Foot({ problem, isChanged, isSaved, texts }) {
  return (
    <>
      {problem && (
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
    </>
  );
}
