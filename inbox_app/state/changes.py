"""Assigning to vars without telling the browser what it knows already."""

from typing import Any, Final

import reflex as rx

ASIDE: Final = 0.04
"""Seconds that what stands beside a message leaves to the message itself: its line in the list, the unread count. Where
the chat is open it is seen by then, and nothing flickers."""


def assign(state: rx.State, **values: Any) -> None:
    """Set those vars whose value differs: Reflex sends every var that was assigned, changed or not."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
