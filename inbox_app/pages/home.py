"""/: straight to the inbox."""

import reflex as rx

from inbox_app.components.client_only import client_only


class Navigate(rx.Component):
    """The router's own way to say that a page lives elsewhere; the back button does not return to it."""

    library = "react-router"
    tag = "Navigate"
    to: rx.Var[str]
    replace: rx.Var[bool]


def add_to(app: rx.App) -> None:
    """Whoever is not signed in is sent on from there."""
    app.add_page(lambda: client_only(Navigate.create(to="/inbox", replace=True)), route="/", title="Agent Inbox")
