"""Content that is drawn in the browser only."""

import reflex as rx

from inbox_app.components.local import library


class ClientOnly(rx.Component):
    """Its children are not prerendered, so that they may depend on language and zone."""

    library = library("client_only.js")
    tag = "ClientOnly"


def client_only(*children: rx.Component) -> rx.Component:
    """The children, as soon as the page runs in a browser."""
    return ClientOnly.create(*children)
