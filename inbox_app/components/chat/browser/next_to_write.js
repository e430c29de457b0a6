/**
 * The chat that the agent means to write in next: its box takes the keyboard. What is typed until it stands is kept for it,
 * so that the first letters are neither shortcuts nor lost.
 */
const HAS_KEYBOARD = "(pointer: fine)"; // elsewhere a keyboard would cover the chat
const WAITS = 3_000; // a chat that does not come gives the keys back
const TYPED_IN = "input, textarea, select, [contenteditable]";
let next = "";
let shown = "";
let letters = "";
let keptUntil = 0;

export function writeNextIn(conversationId) {
  if (!matchMedia(HAS_KEYBOARD).matches) return;
  next = conversationId === shown ? "" : conversationId;
  letters = "";
  keptUntil = Date.now() + WAITS;
  if (!next) document.querySelector("[data-composer]:read-write")?.focus();
}

/** This one is shown now. What was typed for it if it is the one that was meant, else undefined; told once. */
export function typedFor(conversationId) {
  shown = conversationId;
  if (next !== conversationId) return undefined;
  next = "";
  return letters;
}

function keep(event) {
  if (!next || Date.now() > keptUntil || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPED_IN)) return;
  if (event.key.length === 1) letters += event.key;
  else if (event.key === "Backspace") letters = letters.slice(0, -1);
  else if (event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
}

if (typeof window !== "undefined") window.addEventListener("keydown", keep, true);
