"""The tabs of /admin: links, so that each has an address of its own."""

import reflex as rx

from inbox_app.components.marks import unread_badge
from inbox_app.components.words import t


def tabs(shown: rx.Var[str], *, failed: rx.Var[int]) -> rx.Component:
    """`shown`: the name of the one that is open; `failed`: deliveries that an admin has to look at."""
    names = (
        ("people", t("People")),
        ("teams", t("Teams")),
        ("rules", t("Rules")),
        ("accounts", t("Accounts")),
        ("chat", t("Chat settings")),
        ("identity", t("Signed identities")),
        ("simulator", t("Simulator")),
        ("calendars", t("Calendars")),
        ("deliveries", t("Deliveries")),
        ("audit", t("Audit log")),
    )
    return rx.el.nav(
        *[
            rx.link(
                words,
                *([unread_badge(failed, t("{count} failed", count=failed))] if name == "deliveries" else []),
                href=f"/admin?tab={name}",
                underline="none",
                class_name="tab",
                custom_attrs={"aria-current": rx.cond(shown == name, "page", "false")},
            )
            for name, words in names
        ],
        aria_label=t("Parts of the administration"),
        class_name="tabs",
    )


def tab_head(title: rx.Var[str], hint: rx.Var[str], *controls: rx.Component) -> rx.Component:
    """What a tab is about, and at the right what one can do."""
    return rx.el.div(
        rx.el.div(
            rx.el.h2(title, class_name="tab-title"),
            rx.el.p(hint, class_name="setting-hint"),
        ),
        *controls,
        class_name="tab-head",
    )
