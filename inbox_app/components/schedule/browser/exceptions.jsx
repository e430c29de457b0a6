/** Dates on which the week does not count: closed, or with hours of their own. */
import { Button, IconButton } from "@radix-ui/themes";
import { newBlock, newException } from "./draft.js";
import { Hours } from "./hours.jsx";

export function Exceptions({ exceptions, problem, texts, icons, onChange }) {
  const change = (key, values) => onChange(exceptions.map((one) => (one.key === key ? { ...one, ...values } : one)));
  const add = () => {
    const fresh = newException();
    onChange([...exceptions, fresh]);
    requestAnimationFrame(() => document.getElementById(fresh.key)?.focus());
  };
  return (
    <div className="exceptions">
      {exceptions.length === 0 && <p className="setting-hint">{texts.noExceptions}</p>}
      <div className="exceptions-list" role="group" aria-label={texts.exceptions}>
        {exceptions.map((one, index) => {
          const wrong = problem?.key === one.key ? problem : null;
          const number = index + 1;
          const named = (words) => words.replace("{number}", number);
          return (
            <div key={one.key} className="exception" role="group" aria-label={named(texts.exception)}>
              <input
                id={one.key}
                type="date"
                className="input-box input-box-form exception-date"
                aria-label={named(texts.date)}
                aria-invalid={Boolean(wrong)}
                aria-describedby={wrong ? `problem-${one.key}` : undefined}
                data-block={one.key}
                data-part="date"
                value={one.date}
                onChange={({ target }) => change(one.key, { date: target.value })}
              />
              <select
                className="input-box input-box-form exception-kind"
                aria-label={named(texts.kind)}
                value={one.blocks.length ? "hours" : "closed"}
                onChange={({ target }) => change(one.key, { blocks: target.value === "hours" ? [newBlock()] : [] })}
              >
                <option value="closed">{texts.closedThatDay}</option>
                <option value="hours">{texts.ownHours}</option>
              </select>
              {one.blocks.length > 0 && (
                <Hours
                  dayName={one.date || named(texts.exception)}
                  blocks={one.blocks}
                  onChange={(blocks) => change(one.key, { blocks })}
                  {...{ problem, texts, icons }}
                />
              )}
              <IconButton
                type="button"
                size="2"
                variant="ghost"
                color="gray"
                className="exception-remove"
                aria-label={named(texts.removeException)}
                onClick={() => onChange(exceptions.filter((other) => other.key !== one.key))}
              >
                {icons.remove}
              </IconButton>
              {wrong && (
                <p id={`problem-${one.key}`} role="alert" className="field-problem">
                  {wrong.sentence}
                </p>
              )}
            </div>
          );
        })}
      </div>
      <Button type="button" variant="soft" color="gray" onClick={add}>
        {icons.add}
        {texts.addException}
      </Button>
    </div>
  );
}
