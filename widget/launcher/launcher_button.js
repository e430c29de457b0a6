import { h, icon } from "../shared/dom.js";

const BUBBLE = "M21 12a8 8 0 0 1-8 8H4l2-3.5A8 8 0 1 1 21 12z";

/** The round button in the corner. Its name stays the same; what is unread is its description. */
export function createLauncherButton(texts, onToggle) {
  const badge = h("span", { class: "badge", hidden: true });
  const unread = h("span", { id: "unread", hidden: true });
  const button = h(
    "button",
    { class: "launcher", type: "button", "aria-label": texts.label, "aria-describedby": "unread", "aria-expanded": "false", onclick: onToggle },
    icon(BUBBLE),
    badge,
    unread,
  );
  const problem = h("p", { class: "problem", role: "alert", hidden: true }, texts.notLoaded);

  return {
    elements: [problem, button],
    focus: () => button.focus(),
    setOpen: (isOpen) => button.setAttribute("aria-expanded", isOpen),
    setProblem: (isProblem) => (problem.hidden = !isProblem),
    setUnread(count) {
      badge.hidden = !count;
      badge.textContent = count > 9 ? "9+" : count;
      unread.textContent = count ? texts.unread(count) : "";
    },
  };
}
