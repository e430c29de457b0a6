"""The banner over all pages that asks an agent to take a chat (PRODUCT 3.3)."""

import reflex as rx

from inbox_app.components.connection import is_offline
from inbox_app.components.countdown import Countdown
from inbox_app.components.local import library
from inbox_app.components.marks import icon
from inbox_app.components.words import t
from inbox_app.data.models import OfferView


class OfferKeys(rx.Component):
    """A section that takes the focus to Accept, accepts on A, declines on Escape, and goes when its time is over.

    After Accept the agent's next keys go to this chat. Nothing works without a connection: Reflex would keep the click
    and accept, minutes later, a chat that a colleague took long ago.
    """

    library = library("offer_banner.js")
    tag = "OfferKeys"
    offer: rx.Var[str]
    conversation: rx.Var[str]
    ends_at: rx.Var[str]
    told_at: rx.Var[str]
    on_decline: rx.EventHandler[rx.event.no_args_event_spec]


def offer_banner(
    offer: rx.Var[OfferView],
    *,
    waiting: rx.Var[int],
    told_at: rx.Var[str],
    on_accept: rx.event.EventType,
    on_decline: rx.event.EventType,
) -> rx.Component:
    """The oldest of `waiting` offers; nothing when there is none. `told_at`: the server's time when it told them."""
    return rx.el.div(
        rx.cond(waiting > 0, _banner(offer, waiting, told_at, on_accept, on_decline)),
        aria_live="assertive",
        class_name="offers",
    )


def _banner(
    offer: rx.Var[OfferView],
    waiting: rx.Var[int],
    told_at: rx.Var[str],
    on_accept: rx.event.EventType,
    on_decline: rx.event.EventType,
) -> rx.Component:
    return OfferKeys.create(
        Countdown.create(
            started_at=offer.offered_at, ends_at=offer.expires_at, told_at=told_at, name=t("Seconds to answer")
        ),
        _words(offer),
        rx.cond(
            waiting > 1, rx.el.span(t("{position} of {total}", position=1, total=waiting), class_name="offer-count")
        ),
        rx.el.div(
            rx.el.button(
                t("Accept"),
                on_click=on_accept,
                disabled=is_offline,
                class_name="offer-button offer-accept",
                custom_attrs={"data-accept": ""},
            ),
            rx.el.button(t("Decline"), on_click=on_decline, disabled=is_offline, class_name="offer-button"),
            class_name="offer-buttons",
        ),
        offer=offer.id,
        conversation=offer.conversation_id,
        ends_at=offer.expires_at,
        told_at=told_at,
        on_decline=on_decline,
        aria_label=t("Incoming chat"),
        class_name="offer",
    )


def _words(offer: rx.Var[OfferView]) -> rx.Component:
    page = rx.el.span(icon("globe"), _short(offer.page_url), class_name="offer-page")
    return rx.el.div(
        rx.el.div(
            rx.el.strong(offer.visitor_name),
            rx.el.span(offer.text, class_name="offer-text", title=offer.text),
            class_name="offer-first",
        ),
        rx.el.div(
            rx.cond(offer.page_url != "", page),
            rx.el.span(rx.el.span(t("Why me?"), class_name="offer-question"), " ", _why(offer), class_name="offer-why"),
            class_name="offer-meta",
        ),
        class_name="offer-words",
    )


def _short(address: rx.Var[str]) -> rx.Var[str]:
    """Without what all addresses begin with."""
    return address.to(str).replace("https://", "").replace("http://", "")


def _why(offer: rx.Var[OfferView]) -> rx.Var[str]:
    """The reason that routing gave (domain/routing.py) in the reader's language."""
    name = offer.why_name
    reason = rx.match(
        offer.why_kind,
        ("account", t("You own the account {name}.", name=name)),
        ("rule", t("The rule “{name}” fits this visitor, and it is your turn.", name=name)),
        t("It is your turn: everyone who is available takes turns."),
    )
    doubt = t("Based on visitor details that aren't confirmed.")
    return rx.cond(offer.why_on_claim, reason.to(str) + " " + doubt, reason)
