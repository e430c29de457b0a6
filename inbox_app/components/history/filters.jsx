/** Filters that live in the address: a link, a reload and the back button show the same table. */
import { useEffect, useRef, useState } from "react";
import { Link, useLocation, useSearchParams } from "react-router";
import { Select, TextField } from "@radix-ui/themes";

const QUIET = 250;
const ANY = "any"; // a Radix select has no empty value

const narrowed = (name, value) => (now) => {
  const next = new URLSearchParams(now);
  next.delete("before"); // another question begins at its newest answer
  if (value) next.set(name, value);
  else next.delete(name);
  return next;
};

export function UrlSearch({ param, name, children }) {
  const [params, setParams] = useSearchParams();
  const wanted = params.get(param) ?? "";
  const [text, setText] = useState(wanted);
  const timer = useRef(0);
  const box = useRef(null);
  useEffect(() => {
    if (document.activeElement !== box.current) setText(wanted);
  }, [wanted]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (value, wait) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setParams(narrowed(param, value.trim()), { replace: true }), wait);
  };
  return (
    <TextField.Root
      ref={box}
      type="search"
      size="2"
      className="history-search"
      aria-label={name}
      placeholder={name}
      maxLength={120}
      value={text}
      onChange={(event) => search(event.target.value, QUIET)}
      onKeyDown={(event) => event.key === "Enter" && search(text, 0)}
    >
      <TextField.Slot>{children}</TextField.Slot>
    </TextField.Root>
  );
}

/** `options`: [value, words]; `any`: what is shown for no choice. */
export function UrlSelect({ param, name, any, options }) {
  const [params, setParams] = useSearchParams();
  const choose = (value) => setParams(narrowed(param, value === ANY ? "" : value));
  return (
    <Select.Root size="2" value={params.get(param) || ANY} onValueChange={choose}>
      <Select.Trigger variant="surface" color="gray" aria-label={name} />
      <Select.Content variant="soft" position="popper">
        <Select.Item value={ANY}>{any}</Select.Item>
        {options.map(([value, words]) => (
          <Select.Item key={value} value={value}>
            {words}
          </Select.Item>
        ))}
      </Select.Content>
    </Select.Root>
  );
}

export function UrlDay({ param, name }) {
  const [params, setParams] = useSearchParams();
  const wanted = params.get(param) ?? "";
  return (
    <label className="history-day">
      <span>{name}</span>
      <input
        type="date"
        className="input-box input-box-small"
        key={wanted}
        defaultValue={wanted}
        onChange={(event) => setParams(narrowed(param, event.target.value))}
      />
    </label>
  );
}

/** A link to the same table further back, or (no cursor) to its newest page. */
export function PageLink({ before, children, ...rest }) {
  const [params] = useSearchParams();
  const next = narrowed("before", "")(params);
  if (before) next.set("before", before);
  const toTop = (event) => event.currentTarget.closest(".page-scroll")?.scrollTo(0, 0);
  return (
    <Link to={{ search: next.toString() }} onClick={toTop} {...rest}>
      {children}
    </Link>
  );
}

/** The same rows as a file: the link carries the filters. */
export function ExportLink({ path, children, ...rest }) {
  const { search } = useLocation();
  const wanted = new URLSearchParams(search);
  wanted.delete("before");
  const query = wanted.toString();
  return (
    <a href={query ? `${path}?${query}` : path} download {...rest}>
      {children}
    </a>
  );
}
