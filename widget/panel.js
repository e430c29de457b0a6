import { createChat } from "./chat/chat.js";
import { addStyles, assign } from "./shared/kit.js";
import { css } from "./css.macro.js" with { type: "macro" };
import { createPanelView } from "./view/panel_view.js";
import { useLanguage } from "./view/texts.js";

const PHONE = matchMedia("(max-width: 480px)");

window.AgentInbox.connect(function createPanel(shell) {
  const { isPage, language } = shell.embedding;
  let isOpen = false;
  let isRenderDue = false;
  useLanguage(language);
  const chat = createChat({ shell, onChange: renderSoon });
  const view = createPanelView({ chat, shell, onClose: close });
  view.element.hidden = true;
  addStyles(shell.root, css("view/panel.css"));
  shell.root.prepend(view.element);
  document.addEventListener("visibilitychange", renderSoon);
  visualViewport?.addEventListener("resize", fitAboveKeyboard);

  /** Many events of one burst are one change of the page. Not by animation frame: hidden tabs have none. */
  function renderSoon() {
    if (isRenderDue) return;
    isRenderDue = true;
    queueMicrotask(() => {
      isRenderDue = false;
      render();
    });
  }

  function render() {
    view.render();
    if (isOpen && !document.hidden) chat.markSeen();
    shell.setUnread(isOpen ? 0 : chat.state.conversation?.unread().length);
  }

  function open({ isFocused = true } = {}) {
    isOpen = true;
    view.element.hidden = false;
    assign(view.element, { "aria-modal": PHONE.matches && !isPage });
    shell.opened();
    render();
    fitAboveKeyboard();
    view.shown();
    if (isFocused) view.focus();
    chat.begin();
  }

  function close() {
    if (!isOpen || isPage) return;
    isOpen = false;
    view.element.hidden = true;
    shell.closed();
    render();
  }

  /** On a phone the keyboard covers the lower half of the page without telling CSS. */
  function fitAboveKeyboard() {
    if (visualViewport) shell.host.style.setProperty("--seen-height", `${visualViewport.height}px`);
  }

  return { open, close, resume: chat.begin, visitorChanged: chat.renew, isOpen: () => isOpen };
});
