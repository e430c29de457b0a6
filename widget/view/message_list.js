import { createBookingCard } from "../booking/booking_card.js";
import { assign, h, setText } from "../shared/kit.js";
import { link, splitLinks } from "./linkify.js";
import { messageItems } from "./message_items.js";
import { t } from "./texts.js";

const NEAR_BOTTOM_PX = 60;
const CREATE = { message: createMessage, card: createBookingCard };

/** The thread. Elements are kept by key and only new ones added, so that a screen reader hears each message once. */
export function createMessageList(onRetry) {
  const log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": t("Messages"), tabindex: 0, onscroll: look });
  const jump = h("button", { class: "secondary jump", hidden: true, onclick: toBottom }, `${t("New messages")} ↓`);
  const shown = new Map();
  let isAtBottom = true;
  let height = 0;
  new ResizeObserver(() => {
    height = log.clientHeight;
    stay();
  }).observe(log);

  function look() {
    if (log.clientHeight !== height) return; // it is being resized, nobody scrolled
    isAtBottom = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM_PX;
    if (isAtBottom) jump.hidden = true;
  }

  function stay() {
    if (isAtBottom) toBottom();
  }

  function toBottom() {
    log.scrollTop = log.scrollHeight;
    look();
  }

  function render(...thread) {
    const items = messageItems(...thread);
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, { element }] of shown) {
      if (keys.has(key)) continue;
      element.remove();
      shown.delete(key);
    }
    const added = items.filter(place);
    if (added.at(-1)?.isOwn) toBottom();
    else if (added.length && !isAtBottom) jump.hidden = false;
    stay();
  }

  /** Puts the item at its index; true when it is new. */
  function place(item, index) {
    const isNew = !shown.has(item.key);
    if (isNew) shown.set(item.key, (CREATE[item.kind] ?? createLine)(item, item.kind === "card" ? stay : onRetry));
    const { element, update } = shown.get(item.key);
    update?.(item);
    if (log.children[index] !== element) log.insertBefore(element, log.children[index]);
    return isNew;
  }

  return { elements: [log, jump], render, toBottom };
}

function createLine({ kind, text }) {
  return { element: h("p", { class: kind }, text) };
}

function createMessage({ key, isOwn, name, text }, onRetry) {
  const time = h("time");
  const meta = h("p", { class: "meta" }, h("span", { class: isOwn && "unseen" }, isOwn ? t("You") : name), " ", time);
  const told = h("span");
  const retry = h("button", { class: "link", onclick: () => onRetry(key) }, t("Retry"));
  const delivery = h("p", { class: "delivery" }, told, retry);
  const element = h("div", {}, meta, h("p", { class: "bubble", dir: "auto" }, ...splitLinks(text).map(({ text, href }) => (href ? link(text, href) : text))), delivery);

  function update(item) {
    const isFailed = item.status === "failed";
    assign(element, { class: `message ${isOwn ? "own" : ""} ${item.isFirst ? "first" : ""} ${isFailed ? "failed" : ""}` });
    meta.hidden = !item.isFirst;
    delivery.hidden = !item.delivery;
    retry.hidden = !isFailed;
    setText(time, item.time);
    setText(told, item.delivery);
  }

  return { element, update };
}
