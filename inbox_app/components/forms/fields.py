"""A labelled field, in a form that is sent as a whole or saved by itself."""

from typing import Any

import reflex as rx

from inbox_app.components.forms.browser import SCRIPTS
from inbox_app.components.marks import icon
from inbox_app.components.words import t

Words = rx.Var[str] | str


class SavedInput(rx.Component):
    """A box that saves on Enter and when it is left, if its text was changed. A refused text stays in it."""

    library = SCRIPTS["saved_input.jsx"]
    tag = "SavedInput"
    value: rx.Var[str]
    name: rx.Var[str]
    problem_id: rx.Var[str]
    is_wrong: rx.Var[bool]
    low: rx.Var[int]
    high: rx.Var[int]
    limit: rx.Var[int]
    is_long: rx.Var[bool]
    placeholder: rx.Var[str]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class ProblemFocus(rx.Component):
    """After a refusal the keyboard is in the field that was refused. `beat`: which answer it is."""

    library = SCRIPTS["problem_focus.jsx"]
    tag = "ProblemFocus"
    beat: rx.Var[int]


def field(
    label: Words,
    control: rx.Component,
    *,
    name: str,
    answer: rx.Var[Any],
    hint: Words | None = None,
    wide: bool = False,
) -> rx.Component:
    """A label over its control. `answer`: of the form (state/answers.py); its problem is shown where it belongs."""
    return rx.el.div(
        rx.el.label(
            rx.el.span(label, class_name="input-label"),
            control,
            class_name="input-holder",
            custom_attrs={"data-wrong": is_about(answer, name)},
        ),
        rx.fragment() if hint is None else rx.el.p(hint, class_name="field-hint"),
        rx.cond(is_about(answer, name), problem(answer.problem)),
        class_name="field field-wide" if wide else "field",
    )


def text_box(name: str, **props: Any) -> rx.Component:
    """One line."""
    return rx.el.input(name=name, class_name="input-box input-box-form", auto_complete="off", **props)


def is_about(answer: rx.Var[Any], name: Words) -> rx.Var[bool]:
    """Whether it refuses this field, or one inside it (`conditions.0` is inside `conditions`)."""
    exactly = answer.field == name
    within = answer.field.to(str).startswith(f"{name}.")
    return (answer.problem != "") & (exactly | within)


def problem(sentence: rx.Var[str], **props: Any) -> rx.Component:
    """Why it was refused."""
    return rx.el.p(icon("circle-alert"), rx.el.span(sentence), role="alert", class_name="field-problem", **props)


def saved(is_shown: rx.Var[bool]) -> rx.Component:
    """A calm word that it is kept; its place is there before, so that nothing moves."""
    return rx.el.span(
        rx.cond(is_shown, rx.fragment(icon("check"), t("Saved"))), role="status", class_name="field-saved"
    )
