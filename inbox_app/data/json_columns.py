"""JSON columns hold only what can be sent again as UTF-8, whatever code writes them."""

import json
from typing import Any

from inbox_app.domain.text import storable, without_halves


def to_column(value: Any) -> str:
    """Raises InvalidInput for half of a character: JSON could keep it, and every later answer would fail on it."""
    return json.dumps(storable(value))


def from_column(text: str) -> Any:
    """What an earlier version stored is read without the characters that can't be sent."""
    value = json.loads(text)
    return without_halves(value) if "\\u0000" in text or "\\ud" in text.lower() else value
