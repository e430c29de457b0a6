// Notifications of the browser: asked for after the agent switched to available, never on load. Kept in this browser.
import { createElement, useSyncExternalStore } from "react";
import { Switch } from "@radix-ui/themes";

const CHOICE = "inbox_notifications"; // "on", "off", or nothing: not chosen yet
const readers = new Set();
let isAsking = false;

const permission = () => (globalThis.isSecureContext && "Notification" in globalThis ? Notification.permission : "none");
const chosen = () => localStorage.getItem(CHOICE);
const isOn = () => permission() === "granted" && chosen() !== "off";

function subscribe(reader) {
  readers.add(reader);
  return () => readers.delete(reader);
}

function change(act) {
  act();
  readers.forEach((reader) => reader());
}

const choose = (choice) => change(() => localStorage.setItem(CHOICE, choice));
const ask = (isNow) => change(() => (isAsking = isNow));

async function turnOn() {
  const answer = permission() === "granted" ? "granted" : await Notification.requestPermission();
  choose(answer === "granted" ? "on" : "off");
  ask(false);
}

function turnOff() {
  choose("off");
  ask(false);
}

/** While the page is not looked at. Answers with what closes it; tabs of one browser replace each other's by the tag. */
export function notify(headline, words, tag) {
  if (!isOn() || (document.visibilityState === "visible" && document.hasFocus())) return () => {};
  try {
    const shown = new Notification(headline, { body: words, tag, icon: "/favicon.svg" });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
    return () => shown.close();
  } catch {
    return () => {}; // a phone's browser shows them from workers only
  }
}

/** Around the switch: who makes oneself available for the first time is asked whether to be told in other windows. */
export function AskAfterSwitch({ isAvailable, children, ...rest }) {
  const onClick = () => !isAvailable && permission() === "default" && !chosen() && ask(true);
  return createElement("span", { onClick, ...rest }, children);
}

export function NotificationPrompt({ question, yes, no }) {
  const isShown = useSyncExternalStore(subscribe, () => isAsking, () => false);
  const button = (name, onClick) => createElement("button", { type: "button", onClick, className: "link-button" }, name);
  return createElement(
    "div",
    { className: isShown ? "notice-ask" : undefined },
    createElement("p", { role: "status" }, isShown ? question : ""),
    isShown && button(yes, turnOn),
    isShown && button(no, turnOff),
  );
}

export function NotificationSwitch({ name, blocked, missing }) {
  const state = useSyncExternalStore(subscribe, () => `${permission()} ${isOn()}`, () => "none false");
  const [allowed, on] = state.split(" ");
  const hint = { denied: blocked, none: missing }[allowed];
  return createElement(
    "div",
    { className: "setting-control" },
    hint && createElement("p", { className: "setting-hint" }, hint),
    createElement(Switch, {
      checked: on === "true",
      disabled: Boolean(hint),
      onCheckedChange: (next) => void (next ? turnOn() : turnOff()),
      "aria-label": name,
      size: "2",
    }),
  );
}
