import { h, setText } from "../shared/kit.js";
import { createComposer } from "./composer.js";
import { createMessageList } from "./message_list.js";
import { t } from "./texts.js";

/** The thread with what is said about it: waiting, typing, who ended it. */
export function createChatScreen({ chat }) {
  const list = createMessageList({ onRetry: chat.outbox.retry });
  const composer = createComposer({ onSend: chat.write, onDraft: chat.saveDraft, onTyping: chat.notifyTyping });
  const typing = h("p", { class: "typing", role: "status" });
  const notice = h("p", { class: "notice", role: "status" });
  const again = h("button", { class: "primary", onclick: chat.startAnew }, t("Start a new chat"));

  function render({ conversation, draft, ending }) {
    const isOver = Boolean(conversation?.isOver());
    const unconfirmed = chat.outbox.messages();
    list.render(conversation?.entries ?? [], unconfirmed, conversation?.seen.agent);
    setText(typing, conversation?.isTyping ? t("{name} is typing", { name: conversation.agent.name }) : "");
    const isFailed = ending === "failed" && !isOver;
    setText(notice, isFailed ? t("The chat could not be ended. Check the connection and try again.") : stateInWords(conversation, unconfirmed));
    again.hidden = !isOver;
    composer.render(draft, isOver);
  }

  return {
    element: h("div", { class: "chat" }, ...list.elements, typing, notice, composer.element, again),
    render,
    focus: () => (again.hidden ? composer : again).focus(),
    shown() {
      list.toBottom();
      composer.fit();
    },
  };
}

function stateInWords(conversation, unconfirmed) {
  const { state, position, endReason, agent, lastSeq } = conversation ?? {};
  if (state === "active" || (!lastSeq && !unconfirmed.some(({ start }) => start))) return "";
  if (!conversation?.isOver()) {
    return position > 1
      ? t("We are looking for someone to help you. You are number {position} in the queue.", { position })
      : t("We are looking for someone to help you. You can keep writing.");
  }
  if (state === "cancelled" || endReason === "visitor") return t("You ended the chat.");
  if (endReason === "agent") return t("{name} ended the chat.", { name: agent.name });
  return endReason === "idle" ? t("The chat ended because nobody wrote for a while.") : t("The chat has ended.");
}
