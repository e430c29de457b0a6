import { h, icon, setText, shell } from "../shared/kit.js";
import { t } from "./texts.js";

const CLOSE = "M18 6 6 18M6 6l12 12";

/** Who one talks to, and the ways out: "End chat" asks once, in place. */
export function createHeader(onClose, onEnd) {
  const avatar = h("span", { class: "avatar", "aria-hidden": true });
  const title = h("h2");
  const subtitle = h("p");
  const end = h("button", { onclick: () => ask(true) }, t("End chat"));
  const close = h("button", { "aria-label": t("Close"), onclick: onClose }, icon(CLOSE));
  const confirm = h("button", { class: "danger", onclick: onEnd }, t("End chat"));
  const keep = h("button", { class: "secondary", onclick: () => ask(false) }, t("Keep chatting"));
  const question = h("div", { class: "question", role: "group", "aria-label": t("End this chat?") }, h("p", {}, t("End this chat?")), confirm, keep);
  const bar = h("div", { class: "bar" }, avatar, h("div", { class: "who" }, title, subtitle), end, !shell.embedding.isPage && close);
  let isAsked = false;

  function ask(isNowAsked) {
    isAsked = isNowAsked;
    end.hidden = isAsked;
    question.hidden = !isAsked;
    (isAsked ? confirm : end).focus();
  }

  function render({ agent, title: ofSite, words, canEnd, isEnding }) {
    isAsked &&= canEnd;
    end.hidden = !canEnd || isAsked;
    question.hidden = !isAsked;
    confirm.disabled = isEnding;
    avatar.hidden = !agent;
    setText(avatar, agent ? initials(agent.name) : "");
    setText(title, agent?.name || ofSite || t("Chat with us"));
    setText(subtitle, words);
  }

  return {
    elements: [bar, question],
    render,
    /** Takes the question back; true when there was one. */
    dismiss() {
      const wasAsked = isAsked;
      if (wasAsked) ask(false);
      return wasAsked;
    },
  };
}

function initials(name) {
  const words = name.match(/\S+/g) ?? [];
  return [...new Set([words[0], words.at(-1)])].map((word) => word?.[0]).join("").toUpperCase();
}
