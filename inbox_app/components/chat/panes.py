"""How the three columns share a narrow window."""

import reflex as rx

from inbox_app.components.chat.browser import SCRIPTS
from inbox_app.components.marks import icon


class Columns(rx.Component):
    """The columns' holder: on a phone it shows one pane at a time."""

    library = SCRIPTS["panes.jsx"]
    tag = "Columns"


class VisitorToggle(rx.Component):
    """Opens and closes the visitor's column where it is a drawer."""

    library = SCRIPTS["panes.jsx"]
    tag = "VisitorToggle"
    name: rx.Var[str]


def visitor_toggle(symbol: str, name: rx.Var[str]) -> rx.Component:
    """Stands in the chat's header to open, in the drawer to close."""
    return VisitorToggle.create(icon(symbol), name=name, class_name="only-narrow")


class ShowHistory(rx.Component):
    """A button that brings the activity history into sight."""

    library = SCRIPTS["panes.jsx"]
    tag = "ShowHistory"
