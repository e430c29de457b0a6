import bookingStyles from "./booking/booking.css";
import { begin, markSeen, visitorChanged } from "./chat/chat.js";
import { onChange, state } from "./chat/state.js";
import { addStyles, assign, connect, shell } from "./shared/kit.js";
import styles from "./view/panel.css";
import { createPanelView } from "./view/panel_view.js";

const PHONE = matchMedia("(max-width: 480px)");
const { isPage } = shell.embedding;
const view = createPanelView(close);
let isOpen = false;
let isRenderDue = false;

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
  if (isOpen && !document.hidden) markSeen();
  shell.setUnread(isOpen ? 0 : state.conversation?.unread().length);
}

function setOpen(isNowOpen) {
  isOpen = isNowOpen;
  view.element.hidden = !isOpen;
  shell.storage.set("isOpen", isOpen);
  shell.button.setOpen(isOpen);
  render();
}

function open({ isFocused = true } = {}) {
  assign(view.element, { "aria-modal": PHONE.matches && !isPage });
  setOpen(true);
  fitAboveKeyboard();
  view.shown();
  if (isFocused) view.focus();
  begin();
}

function close() {
  if (!isOpen || isPage) return;
  setOpen(false);
  shell.focusOpener();
}

/** On the next page of the site: as it was left, but a phone's page is not covered unasked. */
function resume() {
  if (shell.storage.get("isOpen") && !PHONE.matches) open({ isFocused: false });
  else begin();
}

/** On a phone the keyboard covers the lower half of the page without telling CSS. */
function fitAboveKeyboard() {
  if (visualViewport) shell.host.style.setProperty("--seen-height", `${visualViewport.height}px`);
}

onChange(renderSoon);
addStyles(shell.root, styles + bookingStyles);
shell.root.prepend(view.element);
document.addEventListener("visibilitychange", renderSoon);
visualViewport?.addEventListener("resize", fitAboveKeyboard);
connect({ open, close, resume, visitorChanged, isOpen: () => isOpen });
