"""How the calendars of all agents are; nothing can be changed here, since only their agents have the passwords."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.calendars.words import health, kind_name
from inbox_app.components.situations import empty, skeleton_rows
from inbox_app.components.words import t


def calendar_health(rows: rx.Var[list[Any]], *, is_loaded: rx.Var[bool]) -> rx.Component:
    """Those that do not answer first."""
    heads = (t("Agent"), t("Kind"), t("State"))
    table = rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
            rx.el.tbody(rx.foreach(rows, _row)),
            aria_label=t("Calendar connections"),
            class_name="rows",
        ),
        class_name="table-holder",
    )
    nothing = empty(t("No agent has connected a calendar."), t("They do so in their own settings."), symbol="calendar")
    return rx.el.section(
        tab_head(
            t("Calendar connections"),
            t("Read every half minute. One that does not answer is told here and to its agent within a minute."),
        ),
        rx.cond(is_loaded, rx.cond(rows.length() > 0, table, nothing), skeleton_rows(3)),
    )


def _row(row: rx.Var[Any]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.agent_name, class_name="table-name"),
        rx.el.td(kind_name(row.kind), class_name="calendar-kind"),
        rx.el.td(health(row)),
        key=row.id,
    )
