// Where the keyboard goes when the control that had it is removed: to the control that opened a dialog, else to the part
// of the page around it. Browsers drop it, and Radix gives a dialog's back only to a trigger of its own, which ours lack.
import { useEffect } from "react";

const DIALOG = "[role='dialog'], [role='alertdialog']";
const PARTS = `${DIALOG}, main, main section, main aside`;

function placeOf(control) {
  const parts = [];
  for (let part = control.parentElement?.closest(PARTS); part; part = part.parentElement?.closest(PARTS)) parts.push(part);
  return { control, parts };
}

function focusPart(part) {
  if (!part.hasAttribute("tabindex")) {
    part.tabIndex = -1;
    part.addEventListener("blur", () => part.removeAttribute("tabindex"), { once: true });
  }
  part.focus({ preventScroll: true });
}

export function KeepFocus() {
  useEffect(() => {
    let last, outside; // `outside`: of all dialogs
    const isLost = () => document.activeElement === document.body;
    const note = ({ target }) => {
      last = placeOf(target);
      if (!target.closest(DIALOG)) outside = last;
    };
    const leave = () => isLost() && (last = outside = undefined); // a click beside everything means it
    const giveBack = () => {
      if (!last || !isLost()) return;
      const control = [last, outside].map((place) => place?.control).find((one) => one?.isConnected);
      if (control) return control.focus({ preventScroll: true });
      const part = [last, outside].flatMap((place) => place?.parts ?? []).find((one) => one.isConnected);
      if (part) focusPart(part);
    };
    const wasRemoved = ({ removedNodes }) => [...removedNodes].some((node) => node.contains(last.control));
    const observer = new MutationObserver((records) => {
      // The code of a part may know better: it has two frames.
      if (last && isLost() && records.some(wasRemoved)) requestAnimationFrame(() => requestAnimationFrame(giveBack));
    });
    document.addEventListener("focusin", note);
    document.addEventListener("pointerup", leave);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", note);
      document.removeEventListener("pointerup", leave);
      observer.disconnect();
    };
  }, []);
  return null;
}
