"""The activity history: a compact timeline of the past 90 days (PRODUCT 1.6)."""

import reflex as rx

from inbox_app.components.situations import skeleton_lines
from inbox_app.components.time import time
from inbox_app.components.visitor.browser import SCRIPTS
from inbox_app.components.words import t
from inbox_app.data.models import ActivityView

Activities = rx.Var[list[ActivityView]]
SHOWN_AS = {
    "visited_page": ("globe", t("Visited page")),
    "requested_live_chat": ("message-circle-question", t("Requested live chat")),
    "engaged_with_agent": ("messages-square", t("Engaged with an agent")),
    "missed_chat": ("phone-missed", t("Missed chat")),
    "scheduled_meeting": ("calendar-check", t("Scheduled meeting")),
    "rescheduled_meeting": ("calendar-clock", t("Rescheduled meeting")),
    "cancelled_meeting": ("calendar-x", t("Cancelled meeting")),
    "filled_out_form": ("clipboard-list", t("Filled out form")),
    "opened_email": ("mail-open", t("Opened email")),
    "interesting_moment": ("sparkles", t("Interesting moment")),
}


class DayHeading(rx.Component):
    """The day over an activity, where it is another than that of the one before."""

    library = SCRIPTS["day_heading.jsx"]
    tag = "DayHeading"
    iso: rx.Var[str]
    previous: rx.Var[str]


def activity_history(
    activities: Activities,
    *,
    is_loaded: rx.Var[bool],
    has_more: rx.Var[bool],
    on_more: rx.EventHandler,
    on_transcript: rx.EventHandler,
) -> rx.Component:
    """The region under the visitor information; `on_transcript` takes a conversation's id."""
    listed = rx.el.ul(
        rx.foreach(activities, lambda activity, index: _line(activity, index, activities, on_transcript)),
        class_name="activities",
    )
    return rx.el.section(
        rx.el.h3(t("Activity history"), class_name="panel-heading"),
        rx.cond(
            is_loaded,
            rx.cond(
                activities.length() > 0,
                listed,
                rx.el.p(t("Nothing in the past 90 days."), class_name="quiet"),
            ),
            skeleton_lines(4),
        ),
        rx.cond(has_more, rx.button(t("Show all"), on_click=on_more, variant="soft", size="1")),
        id="activity-history",
        aria_label=t("Activity history"),
        class_name="panel-section",
    )


def _line(
    activity: rx.Var[ActivityView], index: rx.Var[int], all_of_them: Activities, on_transcript: rx.EventHandler
) -> rx.Component:
    return rx.el.li(
        DayHeading.create(iso=activity.at, previous=rx.cond(index > 0, all_of_them[index - 1].at, "")),
        rx.el.div(
            _symbol(activity.type),
            rx.el.div(
                rx.el.p(_name(activity.type), " ", time(activity.at, "clock"), class_name="activity-name"),
                rx.cond(
                    activity.title != "", rx.el.p(activity.title, title=activity.title, class_name="activity-title")
                ),
                rx.cond(activity.conversation_id != "", _transcript(activity.conversation_id, on_transcript)),
                class_name="activity-text",
            ),
            class_name="activity",
        ),
        key=activity.id,
    )


def _transcript(conversation_id: rx.Var[str], on_transcript: rx.EventHandler) -> rx.Component:
    return rx.el.button(
        t("View transcript"), type="button", on_click=on_transcript(conversation_id), class_name="link-button"
    )


def _symbol(kind: rx.Var[str]) -> rx.Component:
    symbols = [(name, rx.icon(symbol, size=14)) for name, (symbol, _) in SHOWN_AS.items()]
    return rx.el.span(
        rx.match(kind, *symbols, rx.icon("circle", size=14)), aria_hidden="true", class_name="activity-icon"
    )


def _name(kind: rx.Var[str]) -> rx.Var[str]:
    return rx.match(kind, *[(name, words) for name, (_, words) in SHOWN_AS.items()], kind)
