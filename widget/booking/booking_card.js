import { call, insist, post } from "../chat/api.js";
import { change, known, state } from "../chat/state.js";
import { uniqueId } from "../chat/unique_id.js";
import { h, shell } from "../shared/kit.js";
import { createForm } from "../view/form.js";
import { t } from "../view/texts.js";
import { createMeetingStatus } from "./meeting_status.js";
import { createSlotPicker } from "./slot_picker.js";
import { createZoneField } from "./zone_field.js";

/**
 * A shared calendar in the thread: free times, then the meeting. What is being booked is stored under the share until the
 * server has answered, so that a lost answer or a reload asks again with the same `client_id` and never books twice.
 */
export function createBookingCard({ share: { id, agent } }, onShown) {
  const { storage, emit } = shell;
  const { conversation } = state;
  const { name, email } = known();
  const key = `book:${id}`;
  const path = `/calendar-shares/${id}`;
  const zone = createZoneField(() => picker.begin());
  const picker = createSlotPicker(zone, (query) => call(`${path}/slots?${query}`), choose);
  const form = createForm({
    asked: { name: name ? "off" : "optional", email: email ? "off" : "required", text: "off" },
    known: { name, email },
    label: t("Book"),
    onSubmit: book,
  });
  const status = createMeetingStatus();
  const gone = h("p", { role: "status" }, t("This calendar is no longer shared."));
  const free = h("div", { class: "free" }, zone, ...picker.elements, form.element);
  const title = t("Book a meeting with {name}", agent);
  const element = h("div", { class: "card", role: "group", "aria-label": title, "aria-live": "off" }, h("h3", {}, title), status.element, gone, free);
  let start;
  let isBegun;

  call(path).then(({ meeting }) => meeting && learn(meeting), () => {});

  /** No event tells of it after the conversation's end, and never of its video link. */
  function learn(meeting) {
    conversation.timeline.push({ ...meeting, share_id: id });
    change();
  }

  function choose(value) {
    start = value;
    form.render({ isBusy: !start });
  }

  function book(values) {
    if (storage.get(key)) return;
    storage.set(key, { client_id: uniqueId(), start, time_zone: zone.value, ...values });
    send();
  }

  async function send() {
    const booking = storage.get(key);
    picker.say(t("Booking…"));
    try {
      const meeting = await insist(() => post(`${path}/bookings`, booking), picker.say);
      learn(meeting);
      emit("meeting_booked", { conversation_id: conversation.id, ...meeting });
    } catch (problem) {
      if (problem.code === "share_withdrawn") conversation.timeline.push({ type: "calendar_share", id, agent, withdrawn: true });
      else if (problem.slots) picker.taken(problem);
      else picker.say(problem.message);
      form.render({ refusal: problem.errors && problem, isBusy: !start });
    }
    storage.remove(key);
    change();
  }

  function update({ share: { withdrawn }, meeting }) {
    const isInside = !free.hidden && element.contains(shell.root.activeElement);
    const isBooked = meeting && meeting.status !== "cancelled";
    status.render(meeting && { visitor: known(), ...meeting }, zone.value);
    gone.hidden = isBooked || !withdrawn;
    free.hidden = isBooked || withdrawn;
    if (free.hidden && isInside) status.element.focus();
    const wasBegun = isBegun;
    isBegun = !free.hidden; // free times are asked for anew when the meeting is cancelled
    if (wasBegun || !isBegun) return;
    picker.begin().then(onShown);
    if (storage.get(key)) send();
  }

  return { element, update };
}
