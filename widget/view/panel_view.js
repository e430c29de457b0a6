import { end } from "../chat/chat.js";
import { unconfirmed } from "../chat/outbox.js";
import { known, state } from "../chat/state.js";
import { h, setText, shell } from "../shared/kit.js";
import { createChatScreen } from "./chat_screen.js";
import { createMissedScreen, createStartScreen } from "./form_screens.js";
import { createHeader } from "./header.js";
import { t } from "./texts.js";

const SCREENS = { chat: createChatScreen, missed: createMissedScreen, form: createStartScreen };

/** The panel: header, a bar while the connection is cut, and one screen, made when it is needed. */
export function createPanelView(onClose) {
  const { isPage } = shell.embedding;
  const header = createHeader(onClose, () => (element.focus(), end()));
  const cut = h("p", { class: "notice", role: "status" });
  const body = h("div", { class: "body" });
  const attributes = { class: isPage ? "panel page" : "panel", role: isPage ? "region" : "dialog", "aria-label": t("Chat"), tabindex: -1 };
  const element = h("section", { ...attributes, hidden: true, onkeydown: closeOnEscape }, ...header.elements, cut, body);
  let screen = null;
  let shownScreen;
  let wasOver = false;

  function closeOnEscape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    if (!header.dismiss()) onClose();
  }

  function place() {
    if (state.conversation?.state === "missed") return "missed";
    if (state.conversation || unconfirmed().length) return "chat";
    return state.isReady && "form";
  }

  function render() {
    const { conversation, isCut } = state;
    const isOver = Boolean(conversation?.isOver());
    const isInside = element.contains(shell.root.activeElement);
    const nextPlace = place();
    const nextScreen = nextPlace === "form" ? state.draftVersion : nextPlace; // a new form for what was given back, or for another person
    const isNew = nextPlace && nextScreen !== shownScreen;
    if (isNew) {
      shownScreen = nextScreen;
      screen = SCREENS[nextPlace](known());
      body.replaceChildren(screen.element);
    }
    header.render({
      agent: conversation?.agent,
      title: state.settings.title,
      words: isOver ? t("Chat ended") : nextPlace === "form" && state.isAnyoneThere ? t("Someone is here to answer") : "",
      canEnd: conversation && !isOver,
      isEnding: state.ending === "now",
    });
    setText(cut, isCut && !isOver ? t("Reconnecting… You can keep writing: it is sent when the connection is back.") : "");
    screen?.render();
    if (isInside && (isNew || isOver !== wasOver)) focus();
    wasOver = isOver;
  }

  function focus() {
    if (screen) screen.focus();
    else element.focus();
  }

  return { element, render, focus, shown: () => screen?.shown?.() };
}
