"""What stands in place of content: not yet there, nothing there, could not be read."""

import reflex as rx

from inbox_app.components.marks import icon
from inbox_app.components.words import t


def skeleton_rows(count: int = 6) -> rx.Component:
    """The shape of a list of people while it is read."""
    return rx.el.div(*[_skeleton_row() for _ in range(count)], aria_hidden="true", class_name="skeletons")


def _skeleton_row() -> rx.Component:
    return rx.el.div(
        rx.el.span(class_name="skeleton skeleton-round"),
        rx.el.span(
            rx.el.span(class_name="skeleton skeleton-line"),
            rx.el.span(class_name="skeleton skeleton-line skeleton-short"),
            class_name="skeleton-lines",
        ),
        class_name="skeleton-row",
    )


def skeleton_lines(count: int = 4) -> rx.Component:
    """The shape of text while it is read."""
    return rx.el.div(
        *[rx.el.span(class_name="skeleton skeleton-line") for _ in range(count)],
        aria_hidden="true",
        class_name="skeletons skeleton-lines",
    )


def empty(title: rx.Var[str], hint: rx.Var[str] | rx.Component | None = None, *, symbol: str = "inbox") -> rx.Component:
    """Nothing here, and what to do about it."""
    return rx.el.div(
        rx.icon(symbol, size=24, aria_hidden="true"),
        rx.el.p(title, class_name="situation-title"),
        *([] if hint is None else [rx.el.p(hint, class_name="situation-hint")]),
        class_name="situation",
    )


def failed(sentence: rx.Var[str], on_retry: rx.EventHandler | rx.event.EventSpec) -> rx.Component:
    """What went wrong, and one button that tries again."""
    return rx.el.div(
        rx.icon("cloud-off", size=24, aria_hidden="true"),
        rx.el.p(sentence, class_name="situation-title"),
        rx.button(icon("rotate-cw"), t("Retry"), on_click=on_retry, variant="soft"),
        role="alert",
        class_name="situation",
    )


def read_only(sentence: rx.Var[str], *rest: rx.Component) -> rx.Component:
    """A quiet label: this can be read, not changed."""
    return rx.el.p(icon("lock"), rx.el.span(sentence), *rest, class_name="read-only")
