import { notifyTyping, startAnew, write } from "../chat/chat.js";
import { retry, unconfirmed } from "../chat/outbox.js";
import { saveDraft, state } from "../chat/state.js";
import { h, setText } from "../shared/kit.js";
import { createComposer } from "./composer.js";
import { createMessageList } from "./message_list.js";
import { t } from "./texts.js";

/** The thread with what is said about it: waiting, typing, who ended it. */
export function createChatScreen() {
  const list = createMessageList(retry);
  const composer = createComposer(write, saveDraft, notifyTyping);
  const typing = h("p", { class: "typing", role: "status" });
  const notice = h("p", { class: "notice", role: "status" });
  const said = h("span", { class: "unseen" });
  const seen = h("span", { "aria-hidden": true });
  const idle = h("p", { class: "notice idle", role: "status" }, said, seen); // read out once, not each second
  const again = h("button", { class: "primary", onclick: startAnew }, t("Start a new chat"));

  function render() {
    const { conversation, ending: outcome } = state;
    const isOver = conversation?.isOver();
    const waiting = unconfirmed();
    list.render(conversation?.timeline ?? [], waiting, conversation?.seen.agent);
    setText(typing, conversation?.isTyping && conversation.agent ? t("{name} is typing", { name: conversation.agent.name }) : "");
    const isFailed = outcome === "failed" && !isOver;
    setText(notice, isFailed ? t("The chat could not be ended. Check the connection and try again.") : stateInWords(conversation, waiting));
    const left = Math.ceil(((conversation?.endsAt ?? 0) - Date.now()) / 1000);
    const ending = left > 0 ? t("This chat ends in {left} s because nobody writes.", { left }) : "";
    setText(seen, ending);
    if (!ending || !said.textContent) setText(said, ending);
    again.hidden = !isOver;
    composer.render(state, isOver);
  }

  return {
    element: h("div", { class: "chat" }, ...list.elements, typing, notice, idle, composer.element, again),
    render,
    focus: () => (again.hidden ? composer : again).focus(),
    shown() {
      list.toBottom();
      composer.fit();
    },
  };
}

function stateInWords(conversation, waiting) {
  const { state, position, endReason, agent, lastSeq, wasTaken } = conversation ?? {};
  if (state === "active" || (!lastSeq && !waiting.some(({ start }) => start))) return "";
  if (!conversation?.isOver()) {
    if (wasTaken) return t("We are looking for someone else to help you. You can keep writing.");
    return position > 1
      ? t("We are looking for someone to help you. You are number {position} in the queue.", { position })
      : t("We are looking for someone to help you. You can keep writing.");
  }
  if (state === "cancelled" || endReason === "visitor") return t("You ended the chat.");
  if (endReason === "agent" && agent) return t("{name} ended the chat.", { name: agent.name });
  return endReason === "idle" ? t("The chat ended because nobody wrote for a while.") : t("The chat has ended.");
}
