import { assign, h } from "../shared/kit.js";
import { link } from "../view/linkify.js";
import { language, t } from "../view/texts.js";

/** "scheduled", "rescheduled" or "cancelled" in words. */
export function meetingTitle({ status }) {
  if (status === "cancelled") return t("Meeting cancelled");
  return status === "rescheduled" ? t("Meeting moved") : t("Meeting booked");
}

/** From when to when, in a time zone; none named: in that of this device. */
export function meetingTime({ start, end }, timeZone) {
  return new Intl.DateTimeFormat(language, { timeZone, dateStyle: "full", timeStyle: "short" }).formatRange(new Date(start), new Date(end));
}

/** What stands about a meeting; read out when it changes. */
export function createMeetingStatus() {
  const element = h("div", { role: "status", tabindex: -1 });

  function render(meeting, zone) {
    const title = meeting && meetingTitle(meeting);
    const next = h("div", {}, ...(meeting ? lines(meeting, title, zone) : []));
    assign(element, { class: meeting && "meeting", "aria-label": title });
    if (next.textContent !== element.textContent) element.replaceChildren(...next.childNodes);
  }

  return { element, render };
}

function lines(meeting, title, zone) {
  const { agent, status, visitor, video_link: href } = meeting;
  const isOn = status !== "cancelled";
  return [
    h("strong", {}, title),
    h("p", {}, meetingTime(meeting, zone)),
    h("p", {}, `${zone} · ${agent.name}`),
    isOn && href && link(t("Join the video call"), href),
    isOn && visitor.email && h("p", { class: "note" }, t("Confirmation by email: {email}", visitor)),
  ];
}
