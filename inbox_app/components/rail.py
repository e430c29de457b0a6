"""The left rail: where one can go. Only pages that exist, and only those that the member may open."""

import reflex as rx

from inbox_app.components.marks import unread_badge
from inbox_app.components.words import t


def rail(
    *,
    active: str,
    unread: rx.Var[int],
    unclaimed: rx.Var[int],
    takes_chats: rx.Var[bool],
    can_read_history: rx.Var[bool],
    is_admin: rx.Var[bool],
    failed: rx.Var[int],
) -> rx.Component:
    """`active`: the path of the page that is shown; `unclaimed`: visitors whom nobody follows up yet.

    `failed`: deliveries that an admin has to look at.
    """
    to_claim = unread_badge(unclaimed, t("{count} to claim", count=unclaimed))
    to_look_at = unread_badge(failed, t("{count} failed", count=failed))
    return rx.el.nav(
        rx.cond(takes_chats, _item("inbox", t("Inbox"), "/inbox", active, unread_badge(unread))),
        rx.cond(takes_chats, _item("phone-missed", t("Follow up"), "/missed", active, to_claim)),
        _item("calendar", t("Meetings"), "/meetings", active),
        rx.cond(can_read_history, _item("history", t("History"), "/history", active)),
        rx.cond(is_admin, _item("shield", t("Administration"), "/admin", active, to_look_at)),
        _item("settings", t("Settings"), "/settings", active, class_name="rail-item rail-last"),
        aria_label=t("Pages"),
        class_name="rail",
    )


def _item(
    symbol: str, name: rx.Var[str], path: str, active: str, *marks: rx.Component, class_name: str = "rail-item"
) -> rx.Component:
    is_active = active == path
    return rx.tooltip(
        rx.link(
            rx.icon(symbol, size=18, aria_hidden="true"),
            rx.el.span(name, class_name="rail-name"),
            *marks,
            href=path,
            underline="none",
            class_name=class_name,
            **({"aria_current": "page"} if is_active else {}),
        ),
        content=name,
        side="right",
    )
