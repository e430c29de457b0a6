"""The column at the right: End session, the visitor's data, the activity history (PRODUCT 1.4-1.6)."""

import reflex as rx

from inbox_app.components.chat.panes import visitor_toggle
from inbox_app.components.connection import is_offline
from inbox_app.components.situations import skeleton_lines
from inbox_app.components.words import t


def visitor_panel(
    fields: rx.Component,
    history: rx.Component,
    *,
    name: rx.Var[str],
    is_loaded: rx.Var[bool],
    is_shown: rx.Var[bool],
    can_end: rx.Var[bool],
    on_end: rx.event.EventSpec,
) -> rx.Component:
    """`is_shown`: a conversation is open; `can_end`: it is an own active one."""
    return rx.el.aside(
        rx.cond(
            is_shown,
            rx.el.div(
                _header(name, can_end, on_end),
                rx.cond(is_loaded, fields, skeleton_lines(6)),
                history,
                class_name="panel",
            ),
        ),
        id="visitor-column",
        aria_label=t("Visitor information"),
        class_name="column column-visitor",
    )


def _header(name: rx.Var[str], can_end: rx.Var[bool], on_end: rx.event.EventSpec) -> rx.Component:
    return rx.el.header(
        rx.el.h2(name, class_name="panel-name"),
        rx.cond(
            can_end,
            rx.button(
                t("End session"),
                on_click=on_end,
                disabled=is_offline,  # else Reflex keeps the click, and ends the chat minutes later
                color_scheme="tomato",
                variant="soft",
                high_contrast=True,  # soft alone stays below AA
                size="2",
            ),
        ),
        visitor_toggle("x", t("Close")),
        class_name="panel-header",
    )
