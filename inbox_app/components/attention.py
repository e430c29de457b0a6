"""Drawing attention to a tab: its title, a sound, a notification of the browser."""

import reflex as rx

from inbox_app.components.local import library
from inbox_app.components.words import t
from inbox_app.data.models import OfferView

CHIME = rx.asset("chime.wav")


class Attention(rx.Component):
    """Nothing to see in the page itself. `headline`, `words`: of the notification."""

    library = library("attention.js")
    tag = "Attention"
    title: rx.Var[str]
    product: rx.Var[str]
    unread: rx.Var[int]
    offer: rx.Var[str]
    offers: rx.Var[int]
    ends_at: rx.Var[str]
    told_at: rx.Var[str]
    headline: rx.Var[str]
    words: rx.Var[str]
    sound: rx.Var[str]


def attention(
    title: rx.Var[str], *, unread: rx.Var[int], offer: rx.Var[OfferView], offers: rx.Var[int], told_at: rx.Var[str]
) -> rx.Component:
    """`offer`: the first of `offers`; it sounds every 10 s until it is answered or over."""
    return Attention.create(
        title=title,
        product=t("Agent Inbox"),
        unread=unread,
        offer=offer.id,
        offers=offers,
        ends_at=offer.expires_at,
        told_at=told_at,
        headline=t("Incoming chat: {name}", name=offer.visitor_name),
        words=offer.text,
        sound=str(CHIME),
    )


def page_title(title: rx.Var[str]) -> rx.Component:
    """The tab's title in the reader's language, for a page without the frame."""
    nothing = dict.fromkeys(("offer", "ends_at", "told_at", "headline", "words", "sound"), "")
    return Attention.create(title=title, product=t("Agent Inbox"), unread=0, offers=0, **nothing)
