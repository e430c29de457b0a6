/** The blocks of one day: from, to, remove; "+" adds one. */
import { useEffect, useRef } from "react";
import { IconButton } from "@radix-ui/themes";
import { following, meaning } from "./draft.js";

const fill = (words, gaps) => Object.entries(gaps).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words);

/** `problem`: {key, part, sentence} of the newest refusal. */
export function Hours({ dayName, blocks, problem, texts, icons, onChange }) {
  const holder = useRef(null);
  const added = useRef(false);
  useEffect(() => {
    if (!added.current) return;
    added.current = false;
    const boxes = holder.current.querySelectorAll("input");
    boxes[boxes.length - 2]?.focus();
  }, [blocks.length]);
  const change = (key, part, value) => onChange(blocks.map((one) => (one.key === key ? { ...one, [part]: value } : one)));
  const remove = (key) => (onChange(blocks.filter((one) => one.key !== key)), holder.current.querySelector(".hours-add").focus());
  const add = () => ((added.current = true), onChange([...blocks, following(blocks)]));
  return (
    <div className="hours" ref={holder}>
      {blocks.map((block, index) => {
        const wrong = problem?.key === block.key ? problem : null;
        const id = `problem-${block.key}`;
        const means = meaning(block);
        const box = (part) => (
          <input
            type="time"
            className="input-box input-box-time"
            aria-label={fill(texts[part], { day: dayName, number: index + 1 })}
            aria-invalid={Boolean(wrong && (!wrong.part || wrong.part === part))}
            aria-describedby={wrong ? id : undefined}
            data-block={block.key}
            data-part={part}
            value={block[part]}
            onChange={({ target }) => change(block.key, part, target.value)}
          />
        );
        return (
          <div key={block.key} className="hours-block">
            <div className="hours-line">
              {box("from")}
              <span aria-hidden="true">–</span>
              {box("to")}
              {means && <span className="hours-meaning">{means === "all_day" ? texts.aroundTheClock : texts.nextDay}</span>}
              <IconButton
                type="button"
                size="2"
                variant="ghost"
                color="gray"
                aria-label={fill(texts.remove, { day: dayName, number: index + 1 })}
                onClick={() => remove(block.key)}
              >
                {icons.remove}
              </IconButton>
            </div>
            {wrong && (
              <p id={id} role="alert" className="field-problem">
                {wrong.sentence}
              </p>
            )}
          </div>
        );
      })}
      {blocks.length === 0 && <span className="hours-none">{texts.closed}</span>}
      <IconButton
        type="button"
        size="2"
        variant="ghost"
        color="gray"
        className="hours-add"
        aria-label={fill(texts.add, { day: dayName })}
        title={fill(texts.add, { day: dayName })}
        onClick={add}
      >
        {icons.add}
      </IconButton>
    </div>
  );
}
