// Where the keyboard goes when a chat comes in: to Accept, unless somebody is typing.
import { createElement, useEffect, useRef } from "react";

const TYPING = "input, textarea, select, [contenteditable='true'], [role='textbox']";
const isTyping = () => Boolean(document.activeElement?.matches(TYPING));
const isDialogOpen = () => Boolean(document.querySelector("[role='dialog'][data-state='open']"));

export function OfferKeys({ offer, onDecline, children, ...rest }) {
  const holder = useRef(null);
  const accept = () => holder.current?.querySelector("[data-accept]");

  useEffect(() => {
    if (!isTyping() && !isDialogOpen()) accept()?.focus();
  }, [offer]);

  useEffect(() => {
    const onKey = (event) => {
      if (event.key.toLowerCase() !== "a" || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping() || isDialogOpen()) return;
      event.preventDefault();
      accept()?.click();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onDecline?.();
  };
  return createElement("section", { ref: holder, onKeyDown, ...rest }, children);
}
