/** Filter and search of the list. Both live in the URL: a link, a reload and the back button show the same list. */
import { useEffect, useRef, useState } from "react";
import { NavLink, useLocation, useSearchParams } from "react-router";
import { SegmentedControl, TextField } from "@radix-ui/themes";
import { writeNextIn } from "$/public/external/inbox_app/components/chat/browser/next_to_write.js";

const QUIET = 250;

export function ListFilter({ texts }) {
  const [params, setParams] = useSearchParams();
  const choose = (filter) => setParams(changed(params, "filter", filter === "active" ? "" : filter));
  return (
    <SegmentedControl.Root
      size="2"
      className="list-filter"
      aria-label={texts.filter}
      value={params.get("filter") === "all" ? "all" : "active"}
      onValueChange={choose}
    >
      <SegmentedControl.Item value="active">{texts.active}</SegmentedControl.Item>
      <SegmentedControl.Item value="all">{texts.all}</SegmentedControl.Item>
    </SegmentedControl.Root>
  );
}

export function ListSearch({ texts, children }) {
  const [params, setParams] = useSearchParams();
  const wanted = params.get("q") ?? "";
  const [text, setText] = useState(wanted);
  const timer = useRef(0);
  const box = useRef(null);
  useEffect(() => {
    if (document.activeElement !== box.current) setText(wanted);
  }, [wanted]);
  const search = (value, wait) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setParams((now) => changed(now, "q", value.trim()), { replace: true }), wait);
  };
  return (
    <TextField.Root
      ref={box}
      type="search"
      size="2"
      className="list-search"
      aria-label={texts.search}
      placeholder={texts.search}
      maxLength={120}
      value={text}
      onChange={(event) => search(event.target.value, QUIET)}
      onKeyDown={(event) => event.key === "Enter" && search(text, 0)}
    >
      <TextField.Slot>{children}</TextField.Slot>
    </TextField.Root>
  );
}

function changed(params, name, value) {
  const next = new URLSearchParams(params);
  if (value) next.set(name, value);
  else next.delete(name);
  return next;
}

/** A link to a conversation that keeps filter and search, marked as current by the router itself, at once. */
export function ConversationLink({ conversationId, className, children }) {
  const { search } = useLocation();
  /** Opened with the mouse, it is written in; opened with Enter, J and K go on from the line. */
  const onClick = ({ detail, ctrlKey, metaKey }) => detail && !ctrlKey && !metaKey && writeNextIn(conversationId);
  return (
    <NavLink
      to={{ pathname: `/inbox/${conversationId}`, search }}
      className={className}
      data-conversation={conversationId}
      onClick={onClick}
    >
      {children}
    </NavLink>
  );
}

/** On a phone: from the chat back to the list. */
export function BackToList({ className, name, children }) {
  const { search } = useLocation();
  return (
    <NavLink to={{ pathname: "/inbox", search }} end className={className} aria-label={name} data-back>
      {children}
    </NavLink>
  );
}
