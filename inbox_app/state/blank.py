"""Defaults for vars that hold a view before anything was read."""

from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar, get_type_hints

View = TypeVar("View")
EMPTY: dict[Any, Any] = {str: "", int: 0, bool: False}


def blank(view: type[View]) -> View:
    """A view with empty texts, zeros, False and None, so that a page needs no second shape for "not yet"."""
    hints = get_type_hints(view)
    needed: list[Field[Any]] = [field for field in fields(view) if field.default_factory is MISSING]  # type: ignore[arg-type]
    return view(**{field.name: EMPTY.get(hints[field.name]) for field in needed})
