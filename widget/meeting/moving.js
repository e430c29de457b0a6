import { createSlotPicker } from "../booking/slot_picker.js";
import { insist, request } from "../chat/api.js";
import { h } from "../shared/kit.js";
import { t } from "../view/texts.js";

/** "Move" opens the free times; the chosen one is confirmed. To move to where it stands already does no harm, so it is repeated until answered. */
export function createMoving(path, zone, onMoved) {
  const open = h("button", { class: "primary", "aria-expanded": false, onclick: () => setOpen(picking.hidden) }, t("Move"));
  const picker = createSlotPicker(zone, (query) => request(`${path}/slots?${query}`).then(withoutPresent), choose);
  const confirm = h("button", { class: "primary", onclick: move }, t("Move to this time"));
  const keep = h("button", { class: "secondary", onclick: () => setOpen(false) }, t("Keep the time"));
  const title = t("Choose another time");
  const picking = h("div", { class: "card free", role: "group", "aria-label": title, hidden: true }, h("h2", {}, title), ...picker.elements, confirm, keep);
  let present; // the meeting's start: nobody moves it there
  let start;
  zone.addEventListener("change", () => picking.hidden || picker.begin());

  function withoutPresent(answer) {
    return { ...answer, slots: answer.slots.filter((slot) => slot !== present) };
  }

  function setOpen(isOpen) {
    picking.hidden = !isOpen;
    open.setAttribute("aria-expanded", isOpen);
    open.hidden = isOpen;
    if (isOpen) picker.begin().then(picker.focus);
    else open.focus();
  }

  function choose(value) {
    start = value;
    confirm.disabled = !start;
  }

  async function move() {
    confirm.disabled = true;
    try {
      const meeting = await insist(() => request(`${path}/reschedule`, { start }), picker.say);
      picking.hidden = true;
      onMoved(meeting);
    } catch (problem) {
      const { message, slots } = problem;
      if (slots) picker.taken({ message, ...withoutPresent({ slots }) });
      else picker.say(message);
    }
    confirm.disabled = !start;
  }

  return {
    elements: [open, picking],
    render({ start: itsStart, can_change: canChange }) {
      present = itsStart;
      open.hidden = !canChange || !picking.hidden;
      if (!canChange) picking.hidden = true;
    },
  };
}
