import { createMeetingStatus } from "../booking/meeting_status.js";
import { createZoneField } from "../booking/zone_field.js";
import { insist, request } from "../chat/api.js";
import { h, setText } from "../shared/kit.js";
import { t } from "../view/texts.js";
import { createCancelling } from "./cancelling.js";
import { createMoving } from "./moving.js";

/** A booked meeting as its visitor's link shows it: what and when, and ways to move or cancel it. `path`: of the API. */
export function createMeetingPage(path) {
  const status = createMeetingStatus();
  const zone = createZoneField(() => render(meeting));
  const zoneLabel = h("label", {}, t("Time zone"), zone);
  const problem = h("p", { class: "error", role: "alert" });
  const moving = createMoving(path, zone, render);
  const cancelling = createCancelling(path, render, tell);
  const title = h("h1");
  const element = h("div", { class: "free", hidden: true }, title, status.element, zoneLabel, problem, ...moving.elements, ...cancelling.elements);
  let meeting;

  function render(newest) {
    const isFirst = !meeting;
    meeting = newest;
    tell("");
    setText(title, t("Your meeting with {name}", meeting.agent));
    status.render(meeting, zone.value);
    moving.render(meeting);
    cancelling.render(meeting);
    element.hidden = false;
    if (!isFirst && !element.contains(document.activeElement)) status.element.focus();
  }

  function tell(text) {
    setText(problem, text);
  }

  insist(() => request(path), () => {}).then(render, ({ message }) => {
    element.hidden = false;
    tell(message);
  });
  return { element };
}
