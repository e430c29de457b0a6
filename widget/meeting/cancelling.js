import { insist, request } from "../chat/api.js";
import { h } from "../shared/kit.js";
import { t } from "../view/texts.js";

/** "Cancel meeting" asks once, in place. */
export function createCancelling(path, onCancelled, tell) {
  const cancel = h("button", { class: "secondary", onclick: () => ask(true) }, t("Cancel meeting"));
  const confirm = h("button", { class: "danger", onclick: act }, t("Yes, cancel it"));
  const keep = h("button", { class: "secondary", onclick: () => ask(false) }, t("Keep meeting"));
  const words = t("Cancel this meeting?");
  const question = h("div", { class: "question", role: "group", "aria-label": words, hidden: true }, h("p", {}, words), confirm, keep);

  function ask(isAsked) {
    question.hidden = !isAsked;
    cancel.hidden = isAsked;
    (isAsked ? confirm : cancel).focus();
  }

  async function act() {
    confirm.disabled = true;
    const failed = () => tell(t("No connection. We keep trying."));
    await insist(() => request(`${path}/cancel`, {}), failed).then(onCancelled, ({ message }) => tell(message));
    confirm.disabled = false;
  }

  return {
    elements: [cancel, question],
    render({ can_change: canChange }) {
      if (!canChange) question.hidden = true;
      cancel.hidden = !canChange || !question.hidden;
    },
  };
}
