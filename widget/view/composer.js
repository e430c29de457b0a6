import { assign, h, icon, setText } from "../shared/kit.js";
import { MESSAGE_LIMIT } from "./form.js";
import { t } from "./texts.js";

const ARROW_UP = "M12 19V5M5 12l7-7 7 7";
const COUNTED_LAST = 200;

/** The text box under the thread. After the end it stays only while it holds a text, so that nothing written is lost. */
export function createComposer(onSend, onDraft, onTyping) {
  const box = h("textarea", {
    class: "field",
    "aria-label": t("Message"),
    placeholder: t("Write a message"),
    rows: 1,
    enterkeyhint: "send",
    oninput: changed,
    onkeydown: sendOnEnter,
  });
  const counter = h("p", { class: "note", role: "status" });
  const button = h("button", { class: "send", "aria-label": t("Send") }, icon(ARROW_UP));
  const kept = h("p", { class: "note" }, t("This was not sent, because the chat had ended. It is kept for a new chat."));
  const element = h("form", { class: "composer", onsubmit: submit }, kept, h("div", { class: "writing" }, box, button), counter);
  let shownVersion = -1;

  function changed() {
    onDraft(box.value);
    if (box.value.trim()) onTyping();
    fit();
  }

  /** Grows with its text, five lines at most (by max-height), and counts the last characters that are left. */
  function fit() {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
    const count = charactersLeft();
    const isTooLong = count < 0;
    assign(button, { "aria-disabled": isTooLong || !box.value.trim() });
    assign(box, { "aria-invalid": isTooLong });
    if (count > COUNTED_LAST) setText(counter, "");
    else setText(counter, isTooLong ? t("{count} characters too many", { count: -count }) : t("{count} characters left", { count }));
  }

  function charactersLeft() {
    return MESSAGE_LIMIT - [...box.value.trim()].length;
  }

  function sendOnEnter(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  }

  function submit(event) {
    event.preventDefault();
    const text = box.value.trim();
    box.focus();
    if (!text || charactersLeft() < 0 || button.hidden) return;
    box.value = "";
    onSend(text);
    fit();
  }

  function render({ draft, draftVersion }, isOver) {
    if (draftVersion !== shownVersion) box.value = draft;
    shownVersion = draftVersion;
    element.hidden = isOver && !box.value.trim();
    kept.hidden = !isOver;
    button.hidden = isOver;
    fit();
  }

  return { element, render, fit, focus: () => box.focus() };
}
