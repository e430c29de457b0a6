"""Drawing attention to a tab: its title and a sound."""

import reflex as rx

from inbox_app.components.local import library
from inbox_app.components.words import t

CHIME = rx.asset("chime.wav")


class Attention(rx.Component):
    """Nothing to see in the page itself."""

    library = library("attention.js")
    tag = "Attention"
    title: rx.Var[str]
    product: rx.Var[str]
    unread: rx.Var[int]
    offer: rx.Var[str]
    offers: rx.Var[int]
    sound: rx.Var[str]


def attention(title: rx.Var[str], *, unread: rx.Var[int], offer: rx.Var[str], offers: rx.Var[int]) -> rx.Component:
    """`offer`: the id of the first offer; a new one sounds once."""
    return Attention.create(
        title=title, product=t("Agent Inbox"), unread=unread, offer=offer, offers=offers, sound=str(CHIME)
    )


def page_title(title: rx.Var[str]) -> rx.Component:
    """The tab's title in the reader's language, for a page without the frame."""
    return attention(title, unread=rx.Var.create(0), offer=rx.Var.create(""), offers=rx.Var.create(0))
