import { h } from "../shared/kit.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * Buttons of which one may be chosen, told by the property `mark`: one tab stop, and arrow keys between them (WAI-ARIA,
 * roving tabindex). `isAtOnce`: the arrow keys choose, as in tabs.
 */
export function createChoices(mark, attributes, onChoose, isAtOnce) {
  const element = h("div", { ...attributes, onkeydown: move });
  let all = [];

  function move(event) {
    const next = all[all.indexOf(event.target) + STEPS[event.key]];
    if (!next) return;
    event.preventDefault(); // the thread would scroll
    if (isAtOnce) next.click();
    else stopAt(next);
    next.focus();
  }

  function stopAt(stop = all[0]) {
    for (const button of all) button.tabIndex = button === stop ? 0 : -1;
  }

  /** Marks the button of this value, if there is one, and answers it. */
  function choose(value) {
    for (const button of all) button[mark] = button.value === value;
    const chosen = all.find((button) => button.value === value);
    stopAt(chosen);
    return chosen;
  }

  return {
    element,
    choose,
    /** `labels`: `[value, label, attributes]` of each. */
    show(labels) {
      all = labels.map(([value, label, more]) => h("button", { ...more, class: "secondary", value, onclick: () => onChoose(value) }, label));
      element.replaceChildren(...all);
    },
    focus: () => all.find(({ tabIndex }) => !tabIndex)?.focus(),
  };
}
