"""What a visitor only claims, and the records that have the claimed address (PRODUCT 6.4)."""

import reflex as rx

from inbox_app.components.connection import is_offline
from inbox_app.components.words import t
from inbox_app.data.models import SameAddress, VisitorView

Visitor = rx.Var[VisitorView]


def visitor_claims(
    visitor: Visitor, chat_id: rx.Var[str], on_merge: rx.EventHandler, on_send: rx.EventHandler
) -> rx.Component:
    """Over the fields; `on_merge` takes the visitor's id and the record's, `on_send` the visitor's and the chat's."""
    is_claimed = (visitor.email != "") & ~visitor.is_email_confirmed
    return rx.el.div(
        rx.cond(is_claimed, rx.el.p(t("The email address is not confirmed."), class_name="quiet")),
        rx.cond(visitor.can_send_link, _link(visitor, chat_id, on_send)),
        rx.cond(visitor.user_id != "", rx.el.p(_user(visitor))),
        rx.cond(visitor.said.length() > 0, _said(visitor)),
        rx.cond(visitor.same_address.length() > 0, _same_address(visitor, on_merge)),
        class_name="claims",
    )


def _link(visitor: Visitor, chat_id: rx.Var[str], on_send: rx.EventHandler) -> rx.Component:
    return rx.cond(
        visitor.is_link_sent,
        rx.el.p(t("Link sent"), role="status"),
        rx.button(
            t("Send a link to confirm"),
            on_click=on_send(visitor.id, chat_id),
            disabled=is_offline,  # else Reflex keeps the click for minutes
            variant="soft",
            size="1",
            justify_self="start",
        ),
    )


def _user(visitor: Visitor) -> rx.Var[str]:
    """An agent may have merged a browser that nobody has signed in on with the record of a user."""
    return rx.cond(
        visitor.is_signed_in,
        t("Signed in on the website as {id}", id=visitor.user_id),
        t("Known on the website as {id}, but not signed in for this chat", id=visitor.user_id),
    )


def _said(visitor: Visitor) -> rx.Component:
    return rx.el.p(
        rx.el.span(t("Says in this chat:")),
        rx.foreach(visitor.said, lambda pair: rx.el.span(" ", pair[1], translate="no", key=pair[0])),
    )


def _same_address(visitor: Visitor, on_merge: rx.EventHandler) -> rx.Component:
    return rx.el.section(
        rx.el.p(t("Existing record with this address:"), class_name="quiet"),
        rx.el.ul(
            rx.foreach(visitor.same_address, lambda record: _record(visitor, record, on_merge)),
            class_name="known-records",
        ),
        aria_label=t("Existing record with this address:"),
    )


def _record(visitor: Visitor, record: rx.Var[SameAddress], on_merge: rx.EventHandler) -> rx.Component:
    name = rx.cond(record.name != "", record.name, t("Visitor"))
    return rx.el.li(
        rx.el.span(name, translate="no"),
        rx.cond(record.company != "", rx.el.span(" · ", record.company, translate="no")),
        rx.button(
            t("Merge"),
            on_click=on_merge(visitor.id, record.id),
            disabled=is_offline,  # else Reflex keeps the click for minutes
            aria_label=t("Merge with {name}", name=name),
            variant="soft",
            size="1",
        ),
        key=record.id,
    )
