"""A line of the list (PRODUCT 1.2): one link, whose name starts with the visitor's."""

import reflex as rx

from inbox_app.components.conversations.tools import ConversationLink
from inbox_app.components.marks import avatar, unread_badge
from inbox_app.components.time import time
from inbox_app.components.words import t
from inbox_app.data.models import ConversationRowView


@rx.memo
def conversation_row(row: rx.Var[ConversationRowView]) -> rx.Component:
    """Drawn again only when this line has changed."""
    return rx.el.li(
        ConversationLink.create(
            rx.el.span(row.title, class_name="row-name"),
            time(row.at, "relative", class_name="row-time"),
            rx.el.span(_preview(row), class_name="row-preview"),
            rx.el.span(_waiting(row), unread_badge(row.unread), _end_reason(row), class_name="row-marks"),
            _face(row),
            conversation_id=row.id,
            class_name=rx.cond(row.state == "active", "row", "row row-past"),
        ),
        class_name="row-item",
    )


def _face(row: rx.Var[ConversationRowView]) -> rx.Component:
    """Of a past one, absence is no news."""
    return rx.cond(
        (row.state == "active") | row.is_online,
        avatar(row.initials, row.colour, is_online=row.is_online),
        avatar(row.initials, row.colour),
    )


def _preview(row: rx.Var[ConversationRowView]) -> rx.Var[str]:
    by_agent = rx.cond(row.is_mine, t("You: {text}", text=row.preview), f"{row.agent_name}: {row.preview}")
    return rx.cond(row.preview_by == "agent", by_agent, row.preview)


def _waiting(row: rx.Var[ConversationRowView]) -> rx.Component:
    return rx.cond(
        row.waiting_since != "",
        rx.el.span(
            rx.el.span(t("waiting for"), class_name="sr-only"),
            time(row.waiting_since, "waiting"),
            class_name="row-waiting",
        ),
    )


def _end_reason(row: rx.Var[ConversationRowView]) -> rx.Component:
    return rx.match(
        rx.cond(row.state == "ended", row.end_reason, row.state),
        ("agent", _reason("circle-check", t("Ended by the agent"))),
        ("visitor", _reason("user-round-x", t("Ended by the visitor"))),
        ("idle", _reason("clock", t("Ended after a long silence"))),
        ("system", _reason("circle-stop", t("Ended by the system"))),
        ("missed", _reason("phone-missed", t("Missed"))),
        ("cancelled", _reason("circle-x", t("Cancelled by the visitor"))),
        rx.fragment(),
    )


def _reason(symbol: str, name: rx.Var[str]) -> rx.Component:
    return rx.el.span(rx.icon(symbol, size=14), role="img", aria_label=name, title=name, class_name="row-reason")
