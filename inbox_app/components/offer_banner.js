// Where the keyboard goes when a chat comes in: to Accept, unless somebody is typing. It is gone when its time is over.
import { createElement, useEffect, useRef } from "react";
import { writeNextIn } from "$/public/external/inbox_app/components/chat/browser/next_to_write.js";
import { useSecondsLeft } from "$/public/external/inbox_app/components/countdown/countdown.js";

const TYPING = "input, textarea, select, [contenteditable='true'], [role='textbox']";
const isTyping = () => Boolean(document.activeElement?.matches(TYPING));
const isDialogOpen = () => Boolean(document.querySelector(":is([role='dialog'], [role='alertdialog'])[data-state='open']"));

export function OfferKeys({ offer, conversation, endsAt, toldAt, onDecline, children, ...rest }) {
  const holder = useRef(null);
  const isOver = useSecondsLeft(endsAt, toldAt) === 0; // the server says so too, if it can be heard
  const accept = () => holder.current?.querySelector("[data-accept]");

  useEffect(() => {
    if (!isTyping() && !isDialogOpen()) accept()?.focus();
  }, [offer]);

  useEffect(() => {
    const onKey = (event) => {
      if (event.key.toLowerCase() !== "a" || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping() || isDialogOpen() || !accept()) return;
      event.preventDefault();
      accept().click();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (!accept()?.disabled) onDecline?.();
  };
  const onClick = ({ target }) => target.closest("[data-accept]") && writeNextIn(conversation);
  return isOver ? null : createElement("section", { ref: holder, onKeyDown, onClick, ...rest }, children);
}
