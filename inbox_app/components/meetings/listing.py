"""The meetings, a line each under their day."""

import reflex as rx

from inbox_app.components.marks import icon
from inbox_app.components.time import Hours, meeting_time
from inbox_app.components.visitor.activity import DayHeading
from inbox_app.components.visitor.address import address
from inbox_app.components.words import t
from inbox_app.data.models_meetings import MeetingView

Meeting = rx.Var[MeetingView]
Meetings = rx.Var[list[MeetingView]]


def meeting_list(meetings: Meetings, *, reads_all: rx.Var[bool], on_cancel: rx.EventHandler) -> rx.Component:
    """In the order in which they come. `on_cancel` takes a meeting's id."""
    return rx.el.ul(
        rx.foreach(meetings, lambda meeting, index: _line(meeting, index, meetings, reads_all, on_cancel)),
        aria_label=t("Meetings"),
        class_name="meetings",
    )


def _line(
    meeting: Meeting, index: rx.Var[int], all_of_them: Meetings, reads_all: rx.Var[bool], on_cancel: rx.EventHandler
) -> rx.Component:
    return rx.el.li(
        DayHeading.create(iso=meeting.start, previous=rx.cond(index > 0, all_of_them[index - 1].start, "")),
        rx.el.div(
            Hours.create(start=meeting.start, end=meeting.end, class_name="meeting-hours"),
            rx.el.div(
                _visitor(meeting), rx.el.div(_whose(meeting, reads_all), class_name="meeting-more"),
                class_name="meeting-who",
            ),
            _status(meeting),
            rx.el.div(
                rx.cond(meeting.video_link != "", _join(meeting)),
                rx.cond(meeting.can_change, _cancel(meeting, on_cancel)),
                class_name="meeting-acts",
            ),
            class_name="meeting",
            custom_attrs={"data-status": meeting.status},
        ),
        key=meeting.id,
    )  # fmt: skip


def _visitor(meeting: Meeting) -> rx.Component:
    """The name leads to the chat, where the reader may see it."""
    return rx.cond(
        meeting.conversation_id != "",
        rx.link(
            meeting.visitor_name, href=f"/history/{meeting.conversation_id}", underline="hover",
            class_name="meeting-name", title=t("Transcript"),
        ),
        rx.el.span(meeting.visitor_name, class_name="meeting-name"),
    )  # fmt: skip


def _whose(meeting: Meeting, reads_all: rx.Var[bool]) -> rx.Component:
    return rx.fragment(
        rx.el.span(address(meeting.visitor_email, meeting.email_confirmed)),
        rx.cond(reads_all, rx.el.span(t("with {name}", name=meeting.agent_name))),
        rx.cond(
            meeting.agent_is_disabled,
            rx.el.span(icon("triangle-alert"), t("This agent is no longer here"), class_name="meeting-warning"),
        ),
    )


def _status(meeting: Meeting) -> rx.Component:
    by_whom = rx.match(
        meeting.cancelled_by,
        ("visitor", t("Cancelled by the visitor")),
        ("agent", t("Cancelled by the agent")),
        t("Cancelled"),
    )
    return rx.el.span(
        rx.match(
            meeting.status,
            ("scheduled", t("Scheduled")),
            ("rescheduled", t("Rescheduled")),
            ("passed", t("Passed")),
            ("cancelled", by_whom),
            meeting.status,
        ),
        class_name="meeting-status",
    )


def _join(meeting: Meeting) -> rx.Component:
    return rx.el.a(
        icon("video"), t("Join"), href=meeting.video_link, target="_blank", rel="noopener noreferrer",
        aria_label=t("Join the meeting with {name}", name=meeting.visitor_name), class_name="quiet-link",
    )  # fmt: skip


def _cancel(meeting: Meeting, on_cancel: rx.EventHandler) -> rx.Component:
    """Asks once: the mail to the visitor can't be taken back."""
    time = meeting_time(meeting.start, meeting.end)
    return rx.alert_dialog.root(
        rx.alert_dialog.trigger(
            rx.button(
                t("Cancel meeting"), variant="soft", color_scheme="gray", size="1",
                aria_label=t("Cancel meeting with {name}", name=meeting.visitor_name),
            )
        ),
        rx.alert_dialog.content(
            rx.alert_dialog.title(t("Cancel the meeting with {name}?", name=meeting.visitor_name), size="4"),
            rx.alert_dialog.description(
                t("{time}. The visitor is told by email, and the time is free again.", time=time), size="2"
            ),
            rx.el.div(
                rx.alert_dialog.cancel(rx.button(t("Keep it"), variant="soft", color_scheme="gray")),
                rx.alert_dialog.action(
                    rx.button(
                        t("Cancel meeting"), color_scheme="tomato", variant="soft",
                        high_contrast=True,  # solid and soft alone stay below AA
                        on_click=on_cancel(meeting.id),
                    )
                ),
                class_name="dialog-acts",
            ),
            max_width="420px",
        ),
    )  # fmt: skip
