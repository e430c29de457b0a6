"""The frame of every page: top bar, rail, and the one `main` in which a page arranges its content."""

import reflex as rx

from inbox_app.components.words import t


def frame(
    title: rx.Var[str],
    body: rx.Component,
    *,
    rail: rx.Component,
    controls: list[rx.Component],
    banner: rx.Component,
    notices: list[rx.Component],
) -> rx.Component:
    """`controls`: what stands at the upper right; `banner`: above all; `notices`: thin bars under the top bar."""
    return rx.el.div(
        rx.el.a(t("Skip to the content"), href="#content", class_name="skip"),
        banner,
        rx.el.header(
            rx.el.span(rx.icon("messages-square", size=20, aria_hidden="true"), class_name="brand-mark"),
            rx.el.span(t("Agent Inbox"), class_name="brand"),
            rx.el.span("/", aria_hidden="true", class_name="brand-divider"),
            rx.el.h1(title, class_name="page-title"),
            rx.el.div(*controls, class_name="controls"),
            class_name="top-bar",
        ),
        rail,
        rx.el.main(*notices, body, id="content", tab_index=-1, class_name="content"),
        class_name="frame",
    )


def page_body(*children: rx.Component) -> rx.Component:
    """A page that reads from top to bottom and scrolls on its own (the inbox has columns instead)."""
    return rx.el.div(rx.el.div(*children, class_name="page-column"), class_name="page-scroll")
