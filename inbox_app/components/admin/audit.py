"""The audit log: who did what, newest first."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.audit_words import ACTIONS, DETAILS, SETTINGS, VALUES
from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.admin.words import worded
from inbox_app.components.situations import empty, skeleton_rows
from inbox_app.components.time import time
from inbox_app.components.words import t


def audit_log(rows: rx.Var[list[Any]], *, is_loaded: rx.Var[bool]) -> rx.Component:
    """The newest 100."""
    heads = (t("When"), t("Who"), t("What"), t("About"), t("Details"))
    table = rx.el.div(
        rx.el.table(
            rx.el.caption(t("The newest 100 entries"), class_name="sr-only"),
            rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
            rx.el.tbody(rx.foreach(rows, _row)),
            aria_label=t("Audit log"),
            class_name="rows audit",
        ),
        class_name="table-holder",
    )
    nothing = empty(t("Nothing was recorded yet."), symbol="scroll-text")
    return rx.el.section(
        tab_head(t("Audit log"), t("Sign-ins, and changes of settings, people and routing: the newest 100.")),
        rx.cond(is_loaded, rx.cond(rows.length() > 0, table, nothing), skeleton_rows(6)),
    )


def _row(row: rx.Var[Any]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(time(row.at, "exact"), class_name="table-time"),
        rx.el.td(rx.cond(row.actor != "", row.actor, t("System"))),
        rx.el.td(worded(row.action, ACTIONS), class_name="table-name"),
        rx.el.td(_subject(row)),
        rx.el.td(rx.foreach(row.details, _detail), class_name="audit-details"),
        key=row.id,
    )


def _subject(row: rx.Var[Any]) -> rx.Var[str]:
    named = rx.cond(row.action == "settings.changed", worded(row.subject, SETTINGS), row.subject)
    return rx.cond(row.subject != "", named, "-")


def _detail(detail: rx.Var[Any]) -> rx.Component:
    between = rx.cond(detail.is_change, " → ", ", ")
    parts = rx.foreach(
        detail.parts, lambda value, index: rx.fragment(rx.cond(index > 0, rx.el.span(between)), _value(value))
    )
    label = t("{label}: ", label=worded(detail.key, DETAILS))
    return rx.el.div(rx.cond(detail.key != "", rx.el.span(label)), parts)


def _value(value: rx.Var[Any]) -> rx.Component:
    words = rx.match(value.kind + ":" + value.text, *VALUES, value.text)
    return rx.cond(value.kind == "time", time(value.text, "exact"), rx.el.span(words))
