"""A member's signed-in browsers, and how to sign them out."""

from typing import Any

import reflex as rx

from inbox_app.components.marks import icon
from inbox_app.components.situations import skeleton_lines
from inbox_app.components.time import instant
from inbox_app.components.words import t


def sessions_section(
    sessions: rx.Var[list[Any]], *, is_loaded: rx.Var[bool], on_end: rx.EventHandler, on_end_others: rx.EventHandler
) -> rx.Component:
    """This browser first; each other one can be signed out."""
    listed = rx.el.ul(
        rx.foreach(sessions, lambda session: _session(session, on_end)),
        aria_label=t("Where you’re signed in"),
        class_name="sessions",
    )
    others = rx.button(
        icon("log-out"), t("Sign out everywhere else"), on_click=on_end_others, variant="soft", color_scheme="gray"
    )
    return rx.el.section(
        rx.el.h2(t("Where you’re signed in"), class_name="setting-name", id="sessions-title"),
        rx.el.p(t("Sign out browsers you don’t recognise, then change your password."), class_name="setting-hint"),
        rx.cond(is_loaded, listed, skeleton_lines(2)),
        rx.cond(sessions.length() > 1, others),
        aria_labelledby="sessions-title",
        class_name="setting-section",
    )


def _session(session: rx.Var[Any], on_end: rx.EventHandler) -> rx.Component:
    name = _name(session)
    is_handheld = (session.system == "iPhone") | (session.system == "iPad") | (session.system == "Android")
    return rx.el.li(
        rx.el.span(rx.cond(is_handheld, icon("smartphone"), icon("monitor")), class_name="session-mark"),
        rx.el.div(
            rx.el.div(name, class_name="session-name"),
            rx.el.div(
                rx.cond(
                    session.is_current,
                    rx.el.span(t("This browser"), class_name="session-current"),
                    rx.el.span(t("Last used {time}", time=instant(session.used_at, "exact"))),
                ),
                rx.cond(session.address != "", rx.el.span(" · ", session.address)),
                class_name="setting-hint",
            ),
            class_name="session-words",
        ),
        rx.cond(
            session.is_current,
            rx.fragment(),
            rx.button(
                t("Sign out"), on_click=on_end(session.id), aria_label=t("Sign out {name}", name=name),
                variant="soft", color_scheme="gray", size="2",
            ),
        ),
        key=session.id,
        class_name="session",
    )  # fmt: skip


def _name(session: rx.Var[Any]) -> rx.Var[str]:
    browser = rx.cond(session.browser != "", session.browser, t("Unknown browser")).to(str)
    return rx.cond(
        session.system != "", t("{browser} on {system}", browser=browser, system=session.system), browser
    ).to(str)
