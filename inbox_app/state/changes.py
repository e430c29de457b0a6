"""Assigning to vars without telling the browser what it knows already."""

from typing import Any

import reflex as rx


def assign(state: rx.State, **values: Any) -> None:
    """Set those vars whose value differs: Reflex sends every var that was assigned, changed or not."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
