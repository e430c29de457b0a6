"""The banner over all pages that asks an agent to take a chat (PRODUCT 3.3)."""

import reflex as rx

from inbox_app.components.local import library
from inbox_app.components.marks import icon
from inbox_app.components.words import t
from inbox_app.data.models import OfferView


class OfferKeys(rx.Component):
    """A section that takes the focus to Accept, accepts on A and declines on Escape."""

    library = library("offer_banner.js")
    tag = "OfferKeys"
    offer: rx.Var[str]
    on_decline: rx.EventHandler[rx.event.no_args_event_spec]


def offer_banner(
    offer: rx.Var[OfferView], *, waiting: rx.Var[int], on_accept: rx.event.EventType, on_decline: rx.event.EventType
) -> rx.Component:
    """The oldest of `waiting` offers; nothing when there is none."""
    return rx.el.div(
        rx.cond(waiting > 0, _banner(offer, waiting, on_accept, on_decline)),
        aria_live="assertive",
        class_name="offers",
    )


def _banner(
    offer: rx.Var[OfferView], waiting: rx.Var[int], on_accept: rx.event.EventType, on_decline: rx.event.EventType
) -> rx.Component:
    return OfferKeys.create(
        rx.el.span(icon("bell-ring"), class_name="offer-mark"),
        rx.el.div(
            rx.el.div(
                rx.el.strong(offer.visitor_name),
                rx.el.span(offer.text, class_name="offer-text", title=offer.text),
                class_name="offer-first",
            ),
            rx.el.div(
                rx.cond(
                    offer.page_url != "", rx.el.span(icon("globe"), _short(offer.page_url), class_name="offer-page")
                ),
                rx.cond(offer.why != "", rx.el.span(_why(offer.why))),
                class_name="offer-meta",
            ),
            class_name="offer-words",
        ),
        rx.cond(
            waiting > 1, rx.el.span(t("{position} of {total}", position=1, total=waiting), class_name="offer-count")
        ),
        rx.el.div(
            rx.el.button(
                t("Accept"),
                on_click=on_accept,
                class_name="offer-button offer-accept",
                custom_attrs={"data-accept": ""},
            ),
            rx.el.button(t("Decline"), on_click=on_decline, class_name="offer-button"),
            class_name="offer-buttons",
        ),
        offer=offer.id,
        on_decline=on_decline,
        aria_label=t("Incoming chat"),
        class_name="offer",
    )


def _short(address: rx.Var[str]) -> rx.Var[str]:
    """Without what all addresses begin with."""
    return address.to(str).replace("https://", "").replace("http://", "")


def _why(reason: rx.Var[str]) -> rx.Var[str]:
    """The reasons that routing gives (services/routing.py) in the reader's language."""
    turn = "It is your turn: everyone who is available takes turns."
    return rx.match(reason, (turn, t("It is your turn: everyone who is available takes turns.")), reason)
