"""What a browser hands to a handler may be anything: annotations are hints to Reflex, not checks."""

from typing import Any

from inbox_app.domain.errors import InvalidInput

LARGEST = 2**31 - 1


def text(value: Any, *, field: str, limit: int = 200) -> str:
    """A text of at most `limit` characters. Raises InvalidInput."""
    if not isinstance(value, str):
        raise InvalidInput(field, "This is not a text.")
    if len(value) > limit:
        raise InvalidInput(field, "At most {limit} characters.", limit=limit)
    return value


def flag(value: Any, *, field: str) -> bool:
    """True or false. Raises InvalidInput."""
    if not isinstance(value, bool):
        raise InvalidInput(field, "This is neither true nor false.")
    return value


def number(value: Any, *, field: str) -> int:
    """A whole number of a size that a database knows. Raises InvalidInput."""
    if isinstance(value, bool) or not isinstance(value, int) or not -LARGEST <= value <= LARGEST:
        raise InvalidInput(field, "This is not a number.")
    return value


def record(value: Any, *, field: str) -> dict[str, Any]:
    """An object with names, as a form sends one; a service checks what it holds. Raises InvalidInput."""
    if not isinstance(value, dict):
        raise InvalidInput(field, "This must be an object.")
    return value
