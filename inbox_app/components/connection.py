"""What is said while the page has no connection."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from inbox_app.components.local import library
from inbox_app.components.words import t


class Disconnected(rx.Component):
    """Remembers when it first appeared; `{time}` in its sentence becomes that instant."""

    library = library("connection.js")
    tag = "Disconnected"
    sentence: rx.Var[str]


def connection_bar() -> rx.Component:
    """Nothing while connected."""
    sentence = t("No connection since {time}. You can read and write. What you send goes out when it is back.")
    return rx.cond(has_connection_errors, Disconnected.create(sentence=sentence, class_name="notice-bar"))
