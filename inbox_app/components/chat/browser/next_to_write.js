/** The chat that the agent means to write in next: its box takes the keyboard, so that the first letters are no shortcuts. */
const HAS_KEYBOARD = "(pointer: fine)"; // elsewhere a keyboard would cover the chat
let next = "";

export function writeNextIn(conversationId) {
  if (!matchMedia(HAS_KEYBOARD).matches) return;
  const box = document.querySelector(`[data-composer="${CSS.escape(conversationId)}"]:read-write`);
  next = box ? "" : conversationId;
  box?.focus();
}

/** Whether it is this one; asked once. */
export function isNextToWrite(conversationId) {
  if (next !== conversationId) return false;
  next = "";
  return true;
}
