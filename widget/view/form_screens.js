import { createCards } from "../booking/cards.js";
import { leaveMessage, start, startAnew } from "../chat/chat.js";
import { saveDraft, state } from "../chat/state.js";
import { h, setText } from "../shared/kit.js";
import { createForm } from "./form.js";
import { t } from "./texts.js";

/** Who is asking and what about. */
export function createStartScreen(known) {
  const { ask_name: name = "required", ask_email: email = "optional" } = state.settings;
  const intro = h("p");
  const form = createForm({
    asked: { name, email },
    known: { ...known, text: state.draft },
    label: t("Start chat"),
    onDraft: saveDraft,
    onSubmit: start,
  });

  return {
    element: h("div", { class: "screen" }, intro, form.element),
    focus: form.focus,
    render() {
      const { refusal, isAnyoneThere, settings } = state;
      const isHere = settings.greeting || t("Tell us who you are and what you need. A person will answer here.");
      setText(intro, isAnyoneThere ? isHere : t("No one is here right now. Write to us all the same: we will come back to you."));
      form.render({ refusal });
    },
  };
}

/** When nobody came: what was asked can be left as a message, to be answered by email. */
export function createMissedScreen(known) {
  const text = state.conversation.timeline.find(({ sender }) => sender === "visitor")?.text;
  const fallback = state.settings.fallback_text || t("Sorry, no one can answer right now. Leave your address and we will write to you.");
  const notice = h("p", { role: "status", tabindex: -1 }, fallback);
  const form = createForm({
    asked: { name: "optional", email: "required" },
    known: { ...known, text },
    label: t("Leave a message"),
    onSubmit: leaveMessage,
  });
  const cards = createCards();
  const again = h("button", { class: "secondary", onclick: startAnew }, t("Start a new chat"));

  return {
    element: h("div", { class: "screen" }, notice, cards.element, form.element, again),
    focus: form.focus,
    render() {
      const { leaving, conversation } = state;
      cards.render(conversation.timeline);
      form.render({ refusal: leaving instanceof Error && leaving, isBusy: leaving === "now" });
      if (leaving !== "sent" || form.element.hidden) return;
      form.element.hidden = true;
      setText(notice, t("Thank you. We have your message and will answer by email."));
      notice.focus();
    },
  };
}
