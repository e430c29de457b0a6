"""The schedule on /settings (PRODUCT 2.1): weekly grid, time zone, exceptions, and the coming days in words."""

from typing import Any
from zoneinfo import available_timezones

import reflex as rx

from inbox_app.components.marks import icon
from inbox_app.components.schedule.browser import SCRIPTS
from inbox_app.components.situations import skeleton_lines
from inbox_app.components.words import t

ZONES = sorted(available_timezones())


class ScheduleEditor(rx.Component):
    """Keeps what is typed until it is saved. `answer`: of the newest save; `days`: see ScheduleState."""

    library = SCRIPTS["editor.jsx"]
    tag = "ScheduleEditor"
    schedule: rx.Var[dict[str, Any]]
    days: rx.Var[list[Any]]
    is_current: rx.Var[bool]
    answer: rx.Var[Any]
    zones: rx.Var[list[str]]
    texts: rx.Var[dict[str, Any]]
    add: rx.Var[rx.Component]
    remove: rx.Var[rx.Component]
    copy_icon: rx.Var[rx.Component]
    on_preview: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


def schedule_section(
    schedule: rx.Var[dict[str, Any]],
    days: rx.Var[list[Any]],
    answer: rx.Var[Any],
    *,
    is_current: rx.Var[bool],
    on_preview: rx.EventHandler,
    on_save: rx.EventHandler,
) -> rx.Component:
    """A shape until the schedule was read."""
    editor = ScheduleEditor.create(
        schedule=schedule,
        days=days,
        is_current=is_current,
        answer=answer,
        zones=ZONES,
        texts=_words(),
        add=icon("plus"),
        remove=icon("x"),
        copy_icon=icon("copy"),
        on_preview=on_preview,
        on_save=on_save,
    )
    return rx.el.section(
        rx.el.h2(t("Live chat hours"), class_name="setting-name", id="hours-title"),
        rx.el.p(
            t("When chats are offered to you. The switch at the top overrides these hours for a while."),
            class_name="setting-hint",
        ),
        rx.cond(days.length() > 0, editor, skeleton_lines(7)),
        aria_labelledby="hours-title",
        class_name="setting-section",
    )


def _words() -> dict[str, Any]:
    return hours_words() | {
        "form": t("Live chat hours"),
        "preview": t("The coming 7 days"),
        "allDay": t("all day"),
        "exceptionMark": t("exception"),
        "clockForward": t("clocks go forward {minutes} min", minutes="{minutes}"),
        "clockBack": t("clocks go back {minutes} min", minutes="{minutes}"),
        "incomplete": t("What is typed is not complete yet: these are the days before it."),
    }


def hours_words() -> dict[str, Any]:
    """What every form of hours says, those of meetings too."""
    gaps = {"day": "{day}", "number": "{number}"}
    return {
        "zone": t("Time zone"),
        "noZone": t("No time zone has this name."),
        "week": t("Hours of the week"),
        "from": t("{day}, block {number}, from", **gaps),
        "to": t("{day}, block {number}, to", **gaps),
        "remove": t("{day}: remove block {number}", **gaps),
        "add": t("{day}: add a block", day="{day}"),
        "copy": t("Copy the hours of {day}", day="{day}"),
        "copyAll": t("To all other days"),
        "copyWorkdays": t("To Monday to Friday"),
        "closed": t("Unavailable"),
        "aroundTheClock": t("24 h"),
        "nextDay": t("next day"),
        "exceptions": t("Exceptions"),
        "noExceptions": t("Holidays and days with other hours."),
        "exception": t("Exception {number}", number="{number}"),
        "date": t("Date of exception {number}", number="{number}"),
        "kind": t("Hours of exception {number}", number="{number}"),
        "closedThatDay": t("Unavailable all day"),
        "ownHours": t("Own hours"),
        "addException": t("Add an exception"),
        "removeException": t("Remove exception {number}", number="{number}"),
        "save": t("Save"),
        "saved": t("Saved. In force now."),
        "unsaved": t("Not saved yet."),
    }
