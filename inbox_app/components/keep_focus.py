"""Nothing to see: keeps the keyboard near a control that is removed while it has it."""

import reflex as rx

from inbox_app.components.local import library


class KeepFocus(rx.Component):
    """Once a page."""

    library = library("keep_focus.js")
    tag = "KeepFocus"
