"""Mails and calendar events that did not go out: why, when they are tried again, and a button for now."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.admin.words import worded
from inbox_app.components.forms.fields import problem
from inbox_app.components.marks import icon
from inbox_app.components.situations import empty, skeleton_rows
from inbox_app.components.time import instant, time
from inbox_app.components.words import t

KINDS = (
    ("mail.visitor", t("Mail to the visitor")),
    ("mail.agent", t("Mail to the agent")),
    ("calendar", t("Calendar event")),
    ("mail.invitation", t("Invitation")),
    ("mail.address", t("Address confirmation link")),
    ("mail.reset", t("Password reset link")),
)
PROBLEMS = (
    ("refused", t("The mail server refused this address or this mail.")),
    ("put_off", t("The mail server does not take it just now.")),
    ("sender_refused", t("The mail server rejected our sender: check INBOX_MAIL_FROM and the sign-in.")),
    ("sign_in", t("The mail server did not accept user and password: check INBOX_SMTP_URL.")),
    ("tls", t("The connection to the mail server could not be encrypted.")),
    ("unreachable", t("The mail server does not answer.")),
    ("slow", t("It took too long.")),
    ("calendar", t("The calendar did not take it.")),
    ("database_away", t("The database did not answer.")),
    ("unexpected", t("Something unexpected happened; the server's log says what.")),
)
"""By the codes of services/outgoing.py."""


def deliveries(
    rows: rx.Var[list[Any]],
    *,
    is_loaded: rx.Var[bool],
    is_set_up: rx.Var[bool],
    waiting: rx.Var[int],
    answer: rx.Var[Any],
    on_retry: rx.EventHandler,
) -> rx.Component:
    """What failed first. Where no mail server is set up, that is said once, calmly."""
    heads = (t("What"), t("Meeting"), t("Problem"), t("Tries"), t("Next try"))
    table = rx.el.div(
        rx.el.table(
            rx.el.caption(t("What failed or is tried again, at most 100"), class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(
                    *[rx.el.th(head, scope="col") for head in heads],
                    rx.el.th(rx.el.span(t("Act"), class_name="sr-only"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(rows, lambda row: _row(row, answer, on_retry))),
            aria_label=t("Deliveries"),
            class_name="rows deliveries",
        ),
        class_name="table-holder",
    )
    nothing = empty(t("Nothing has failed."), t("Mails and calendar events go out by themselves."), symbol="mail-check")
    return rx.el.section(
        tab_head(t("Deliveries"), t("Mails and calendar events of meetings that did not go out, or not yet.")),
        rx.cond(is_loaded & ~is_set_up, _not_set_up(waiting)),
        rx.cond(is_loaded, rx.cond(rows.length() > 0, table, nothing), skeleton_rows(3)),
    )


def _not_set_up(waiting: rx.Var[int]) -> rx.Component:
    return rx.el.p(
        icon("mail"),
        rx.el.span(
            rx.el.strong(t("Mail is not set up.")),
            " ",
            rx.cond(
                waiting > 0,
                t("Mails that wait: {count}. They go out when INBOX_SMTP_URL is set, but for what has passed by then.",
                  count=waiting),
                t("Set INBOX_SMTP_URL, and visitors and agents get mails about their meetings."),
            ),
        ),
        role="status",
        class_name="read-only",
    )  # fmt: skip


def _row(row: rx.Var[Any], answer: rx.Var[Any], on_retry: rx.EventHandler) -> rx.Component:
    is_refused = (answer.field == row.id.to_string()) & (answer.problem != "")
    return rx.el.tr(
        rx.el.td(worded(row.kind, KINDS), class_name="table-name"),
        rx.el.td(_meeting(row)),
        rx.el.td(
            rx.el.div(worded(row.problem, PROBLEMS)),
            rx.cond(row.detail != "", rx.el.div(row.detail, class_name="setting-hint")),
            rx.cond(is_refused, problem(answer.problem)),
        ),
        rx.el.td(row.tries, class_name="table-number"),
        rx.el.td(_next(row), class_name="table-time"),
        rx.el.td(
            rx.button(
                icon("rotate-cw"),
                t("Retry"),
                on_click=on_retry(row.id),
                disabled=row.state == "busy",
                variant="soft",
                size="1",
                aria_label=t("Retry: {what}, {name}", what=worded(row.kind, KINDS), name=row.visitor),
            ),
            class_name="row-act",
        ),
        key=row.id,
    )


def _meeting(row: rx.Var[Any]) -> rx.Component:
    people = t("{visitor} with {agent}", visitor=row.visitor, agent=row.agent)
    return rx.cond(
        row.meets_at != "",
        rx.el.div(
            rx.el.div(people),
            rx.el.div(instant(row.meets_at, "exact"), class_name="setting-hint"),
        ),
        rx.cond(row.visitor != "", row.visitor, "-"),
    )


def _next(row: rx.Var[Any]) -> rx.Component:
    return rx.match(
        row.state,
        ("failed", rx.el.strong(t("Failed"), class_name="problem")),
        ("busy", rx.el.span(t("Just now"))),
        time(row.next_at, "exact"),
    )
