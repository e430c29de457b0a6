"""What is said while the page has no connection."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from inbox_app.components.local import library
from inbox_app.components.words import t

is_offline = has_connection_errors
"""Whether the page's socket is down, from the moment it is (`lost_connection.py`) until it is connected again.

Disable what mustn't run later: Reflex keeps a click made meanwhile, and runs it minutes later.
"""


class Disconnected(rx.Component):
    """Appears after a second, so that a short break doesn't flash; `{time}` in its sentence: when the break began."""

    library = library("connection.js")
    tag = "Disconnected"
    sentence: rx.Var[str]


def connection_bar() -> rx.Component:
    """Nothing while connected."""
    sentence = t("No connection since {time}. You can read and write. What you send goes out when it is back.")
    return rx.cond(is_offline, Disconnected.create(sentence=sentence, class_name="notice-bar"))
