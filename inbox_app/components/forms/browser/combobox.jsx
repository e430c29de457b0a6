/** A text with suggestions (ARIA combobox): type to search, arrows choose, Enter takes, Esc returns. */
import { useEffect, useId, useMemo, useRef, useState } from "react";

const SHOWN = 40;
const plain = (text) => text.toLowerCase().replaceAll("_", " ");

/** Options in which every word of the text occurs; those that begin with it, or a part after a slash does, first. */
export function matching(options, text) {
  const wanted = plain(text).trim();
  const words = wanted.split(/\s+/);
  const found = options.filter((option) => words.every((word) => plain(option).includes(word)));
  const begins = (option) => plain(option).split("/").some((part) => part.startsWith(wanted));
  return [...found.filter(begins), ...found.filter((option) => !begins(option))].slice(0, SHOWN);
}

/** `about(option)`: a short word at its right. A text that is no option is handed on as it is: the server says so. */
export function Combobox({ id, name, value, options, about, none, isWrong, describedBy, onChoose }) {
  const [text, setText] = useState(null); // null: not searching
  const [active, setActive] = useState(0);
  const list = useRef(null);
  const listId = useId();
  const isOpen = text !== null;
  const shown = useMemo(() => (isOpen ? matching(options, text === value ? "" : text) : []), [isOpen, options, text, value]);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active, shown]);

  const open = () => (setText(value), setActive(0));
  const take = (option) => (onChoose(option), setText(null));
  const leave = () => isOpen && take(text.trim() || value);
  const move = (step) => (isOpen ? setActive(Math.max(0, Math.min(shown.length - 1, active + step))) : open());
  const onKeyDown = (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && isOpen) take(shown[active] ?? text);
    else if (event.key === "Escape" && isOpen) setText(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="combobox">
      <input
        id={id}
        role="combobox"
        className="input-box input-box-form"
        aria-label={name}
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && shown[active] ? `${listId}-${active}` : undefined}
        aria-invalid={Boolean(isWrong)}
        aria-describedby={describedBy}
        autoComplete="off"
        spellCheck={false}
        value={isOpen ? text : value}
        onChange={({ target }) => (setText(target.value), setActive(0))}
        onClick={() => !isOpen && open()}
        onFocus={({ target }) => target.select()}
        onBlur={leave}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} id={listId} role="listbox" aria-label={name} hidden={!isOpen} className="combobox-list">
        {shown.map((option, index) => (
          <li
            key={option}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            className="combobox-option"
            onPointerDown={(event) => (event.preventDefault(), take(option))}
          >
            <span>{option}</span>
            {about && <span className="combobox-about">{about(option)}</span>}
          </li>
        ))}
        {isOpen && shown.length === 0 && (
          <li role="option" aria-selected={false} aria-disabled className="combobox-none">
            {none}
          </li>
        )}
      </ul>
    </div>
  );
}
