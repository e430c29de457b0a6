"""Meetings on /settings (PRODUCT 4.2): hours, length, notice, invitation, and the slots that come of them."""

from typing import Any

import reflex as rx

from inbox_app.components.marks import icon
from inbox_app.components.meeting_settings.browser import SCRIPTS
from inbox_app.components.schedule.editor import ZONES, hours_words
from inbox_app.components.situations import skeleton_lines
from inbox_app.components.words import t
from inbox_app.domain.invitation import TOKENS

NUMBERS = (
    ("duration_minutes", t("Length of a meeting"), t("minutes"), t("From 5 to 480.")),
    ("step_minutes", t("A meeting can begin every"), t("minutes"), t("Counted from the start of each block.")),
    (
        "buffer_before_minutes",
        t("Pause before a meeting"),
        t("minutes"),
        t("Kept free of all that is in your calendars."),
    ),
    (
        "buffer_after_minutes",
        t("Pause after a meeting"),
        t("minutes"),
        t("Kept free of all that is in your calendars."),
    ),
    ("minimum_notice_hours", t("Shortest notice"), t("hours"), t("Between the booking and the meeting.")),
    ("horizon_days", t("Can be booked ahead"), t("days"), t("Counted from now.")),
    ("maximum_a_day", t("Most meetings a day"), t("meetings"), t("Empty: no limit.")),
)
"""Name, label, unit and hint of each number."""


class MeetingEditor(rx.Component):
    """Keeps what is typed until it is saved. `answer`: of the newest save; `days`: see MeetingSettingsState."""

    library = SCRIPTS["editor.jsx"]
    tag = "MeetingEditor"
    settings: rx.Var[dict[str, Any]]
    days: rx.Var[list[Any]]
    why_none: rx.Var[str]
    is_current: rx.Var[bool]
    answer: rx.Var[Any]
    zones: rx.Var[list[str]]
    numbers: rx.Var[list[dict[str, Any]]]
    tokens: rx.Var[list[dict[str, Any]]]
    texts: rx.Var[dict[str, Any]]
    add: rx.Var[rx.Component]
    remove: rx.Var[rx.Component]
    copy_icon: rx.Var[rx.Component]
    on_preview: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


def meetings_section(
    settings: rx.Var[dict[str, Any]],
    days: rx.Var[list[Any]],
    answer: rx.Var[Any],
    *,
    why_none: rx.Var[str],
    is_current: rx.Var[bool],
    on_preview: rx.EventHandler,
    on_save: rx.EventHandler,
) -> rx.Component:
    """A shape until the settings were read."""
    editor = MeetingEditor.create(
        settings=settings,
        days=days,
        why_none=why_none,
        is_current=is_current,
        answer=answer,
        zones=ZONES,
        numbers=_numbers(),
        tokens=_tokens(),
        texts=_words(),
        add=icon("plus"),
        remove=icon("x"),
        copy_icon=icon("copy"),
        on_preview=on_preview,
        on_save=on_save,
    )
    return rx.el.section(
        rx.el.h2(t("Meetings"), class_name="setting-name", id="meetings-title"),
        rx.el.p(
            t("When and how you can be booked by visitors who get your calendar. Live chat has hours of its own."),
            class_name="setting-hint",
        ),
        rx.cond(settings.contains("blocks"), editor, skeleton_lines(7)),
        aria_labelledby="meetings-title",
        class_name="setting-section",
    )


def _numbers() -> list[dict[str, Any]]:
    return [{"name": name, "label": label, "unit": unit, "hint": hint} for name, label, unit, hint in NUMBERS]


def _tokens() -> list[dict[str, Any]]:
    meanings = {
        "visitor_name": t("The visitor's name"),
        "agent_name": t("Your name"),
        "company": t("The visitor's company"),
        "date": t("The day of the meeting"),
        "time": t("The time of the meeting"),
        "video_link": t("Your video link"),
    }
    return [{"token": f"{{{name}}}", "meaning": meanings[name]} for name in TOKENS]


def _words() -> dict[str, Any]:
    return hours_words() | {
        "form": t("Meetings"),
        "length": t("Length and limits"),
        "words": t("Invitation"),
        "invitation": t("Text of the invitation"),
        "invitationHint": t(
            "Stands in the mail to the visitor and in the calendars. A token is replaced by what it means:"
        ),
        "tokens": t("Insert a token"),
        "link": t("Video link"),
        "linkHint": t("Only visitors who have booked get it. Empty: none."),
        "broken": t("While one of your calendars does not answer"),
        "keep": t("I can be booked, by what was known last"),
        "stop": t("I cannot be booked until it answers"),
        "coming": t("The coming slots"),
        "comingHint": t("As visitors would get them, in your time zone, with what is in your calendars now."),
        "more": t("+{count} more", count="{count}"),
        "incomplete": t("What is typed is not complete yet: these are the slots before it."),
    }
