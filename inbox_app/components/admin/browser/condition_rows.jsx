/** The conditions of a rule: boxes of the form around them, named conditions.0.attribute and so on. */
import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "@radix-ui/themes";

const AT_MOST = 20;
const NEEDS_NO_VALUE = "is_known";
let made = 0;
const row = (condition) => ({ key: (made += 1), attribute: "company", operator: "is", values: "", ...condition });

export function ConditionRows({ conditions, attributes, operators, wrong, texts, add, remove }) {
  const [rows, setRows] = useState(() => (conditions.length ? conditions : [{}]).map(row));
  const holder = useRef(null);
  const wanted = useRef(null);
  useEffect(() => {
    if (wanted.current === null) return;
    holder.current.querySelector(`[data-row='${wanted.current}'] select`)?.focus();
    wanted.current = null;
  }, [rows.length]);
  const change = (key, part, value) => setRows(rows.map((one) => (one.key === key ? { ...one, [part]: value } : one)));
  const isWrong = (index) => `${wrong}.`.startsWith(`conditions.${index}.`);
  const append = () => {
    const fresh = row({});
    wanted.current = fresh.key;
    setRows([...rows, fresh]);
  };
  const choice = (one, index, part, options) => (
    <select
      name={`conditions.${index}.${part}`}
      className="input-box input-box-form"
      aria-label={texts[part].replace("{number}", index + 1)}
      value={one[part]}
      onChange={({ target }) => change(one.key, part, target.value)}
    >
      {options.map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>
  );
  return (
    <div className="conditions" ref={holder}>
      {rows.map((one, index) => (
        <div key={one.key} className="condition" data-row={one.key} data-wrong={isWrong(index)}>
          {choice(one, index, "attribute", attributes)}
          {choice(one, index, "operator", operators)}
          {one.operator === NEEDS_NO_VALUE ? (
            <span className="condition-blank" />
          ) : (
            <input
              name={`conditions.${index}.values`}
              className="input-box input-box-form"
              aria-label={texts.values.replace("{number}", index + 1)}
              aria-invalid={isWrong(index)}
              placeholder={one.operator === "one_of" ? texts.several : ""}
              autoComplete="off"
              maxLength={500}
              value={one.values}
              onChange={({ target }) => change(one.key, "values", target.value)}
            />
          )}
          <IconButton
            type="button"
            size="2"
            variant="ghost"
            color="gray"
            aria-label={texts.remove.replace("{number}", index + 1)}
            onClick={() => setRows(rows.filter((other) => other.key !== one.key))}
          >
            {remove}
          </IconButton>
        </div>
      ))}
      <Button type="button" variant="soft" color="gray" disabled={rows.length >= AT_MOST} onClick={append}>
        {add}
        {texts.add}
      </Button>
    </div>
  );
}
