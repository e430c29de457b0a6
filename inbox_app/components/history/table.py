"""The table itself."""

import reflex as rx

from inbox_app.components.history.outcome import outcome
from inbox_app.components.time import time
from inbox_app.components.visitor.address import address
from inbox_app.components.words import t
from inbox_app.data.models import HistoryRowView


def table(rows: rx.Var[list[HistoryRowView]]) -> rx.Component:
    """A row a conversation; the visitor's name leads to the transcript."""
    heads = (t("Visitor"), t("Agent"), t("Requested"), t("Outcome"), t("Entries"), t("Score"))
    return rx.el.div(
        rx.el.table(
            rx.el.caption(t("Past conversations, newest first"), class_name="sr-only"),
            rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
            rx.el.tbody(rx.foreach(rows, _row)),
            aria_label=t("Conversations"),
            class_name="table",
        ),
        class_name="table-holder",
    )


def _row(row: rx.Var[HistoryRowView]) -> rx.Component:
    email = address(row.email, row.email_confirmed)
    return rx.el.tr(
        rx.el.td(
            rx.link(row.title, href=f"/history/{row.id}", class_name="table-name", underline="hover"),
            rx.el.div(rx.cond(row.preview != "", row.preview, email), class_name="table-preview"),
        ),
        rx.el.td(rx.cond(row.agent_name != "", row.agent_name, "-")),
        rx.el.td(time(row.requested_at, "exact"), class_name="table-time"),
        rx.el.td(outcome(row.state, row.end_reason)),
        rx.el.td(row.messages, class_name="table-number"),
        rx.el.td(rx.cond(row.score != None, row.score, "-"), class_name="table-number"),  # noqa: E711  a var
        key=row.id,
    )
