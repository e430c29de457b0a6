"""React components of our own: a JavaScript file beside the Python file that wraps it."""

import reflex as rx


def library(file: str) -> str:
    """What a component imports for the JavaScript file beside its own module."""
    return rx.asset(file, shared=True, _stack_level=2).importable_path
