"""The list of visitors nobody came for: what they wrote, how to reach them, who follows up."""

import reflex as rx

from inbox_app.components.marks import icon
from inbox_app.components.time import instant, time
from inbox_app.components.visitor.address import address
from inbox_app.components.words import t
from inbox_app.data.models import MissedView

Row = rx.Var[MissedView]


def missed_list(rows: rx.Var[list[MissedView]], on_claim: rx.EventHandler) -> rx.Component:
    """Newest first; what others follow up is quieter."""
    return rx.el.ul(
        rx.foreach(rows, lambda row: _missed(row, on_claim)), aria_label=t("Visitors to follow up"), class_name="cards"
    )


def _missed(row: Row, on_claim: rx.EventHandler) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.strong(row.title, class_name="card-name"),
                rx.el.span(time(row.requested_at, "relative"), class_name="missed-when"),
                class_name="missed-head",
            ),
            _contact(row),
            rx.cond(row.text != "", _said(t("Wrote"), row.text)),
            rx.cond(row.left_message != "", _said(t("Left a message"), row.left_message)),
            rx.el.div(
                rx.cond(row.page_url != "", _page(row.page_url)),
                rx.link(
                    icon("scroll-text"),
                    t("Transcript"),
                    href=f"/history/{row.id}",
                    class_name="quiet-link",
                    aria_label=t("Transcript of {name}", name=row.title),
                ),
                class_name="missed-links",
            ),
            class_name="card-words",
        ),
        rx.el.div(_claim(row, on_claim), class_name="missed-claim"),
        key=row.id,
        class_name=rx.cond((row.claimed_by != "") & ~row.is_mine, "card missed missed-taken", "card missed"),
    )


def _mailto(email: rx.Var[str]) -> rx.Var[str]:
    """RFC 6068: what would begin a header of the new mail (`?bcc=…`) is escaped."""
    return rx.Var(f'"mailto:" + encodeURIComponent({email!s}).replace("%40", "@")').to(str)


def _contact(row: Row) -> rx.Component:
    shown = address(row.email, row.email_confirmed)
    email = rx.link(icon("mail"), shown, href=_mailto(row.email), class_name="quiet-link")
    phone = rx.link(icon("phone"), row.phone, href=f"tel:{row.phone}", class_name="quiet-link")
    nothing = rx.el.span(t("No way to reach this visitor was left."), class_name="setting-hint")
    return rx.el.div(
        rx.cond(row.email != "", email),
        rx.cond(row.phone != "", phone),
        rx.cond((row.email == "") & (row.phone == ""), nothing),
        class_name="missed-contact",
    )


def _said(who: rx.Var[str], words: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.span(who, class_name="missed-label"), rx.el.p(words, class_name="missed-text"), class_name="missed-said"
    )


def _page(url: rx.Var[str]) -> rx.Component:
    is_web = url.startswith("http://") | url.startswith("https://")
    return rx.cond(
        is_web,
        rx.el.a(
            icon("globe"), rx.el.span(url, class_name="missed-url"), href=url, target="_blank",
            rel="noopener noreferrer nofollow", title=url, class_name="quiet-link missed-page",
        ),
        rx.el.span(icon("globe"), url, class_name="quiet-link missed-page"),
    )  # fmt: skip


def _claim(row: Row, on_claim: rx.EventHandler) -> rx.Component:
    at = instant(row.missed_at, "exact")
    button = rx.button(
        t("Claim"),
        on_click=on_claim(row.id),
        variant="soft",
        aria_label=t("Claim {name}", name=row.title),
        title=t("Missed {time}", time=at),
    )
    return rx.cond(
        row.claimed_by == "",
        button,
        rx.el.span(
            icon("user-round-check"),
            rx.cond(row.is_mine, t("You follow up"), t("{name} follows up", name=row.claimed_by)),
            class_name="missed-by",
        ),
    )
