"""Dialogs of /admin: a form, and the question before something is removed."""

from typing import Any

import reflex as rx

from inbox_app.components.forms.fields import ProblemFocus
from inbox_app.components.marks import icon
from inbox_app.components.words import t


def form_dialog(
    title: rx.Var[str],
    *fields: rx.Component,
    is_open: rx.Var[bool],
    answer: rx.Var[Any],
    on_open_change: rx.EventHandler,
    on_submit: rx.EventHandler,
) -> rx.Component:
    """Closes by itself when it was saved; a refusal stands beside its field and what was typed stays."""
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, size="4", margin="0"),
            rx.el.form(
                *fields,
                ProblemFocus.create(beat=answer.beat),
                rx.el.div(
                    rx.dialog.close(rx.button(t("Cancel"), type="button", variant="soft", color_scheme="gray")),
                    rx.button(t("Save"), type="submit"),
                    class_name="dialog-acts",
                ),
                on_submit=on_submit,
                class_name="dialog-form",
                custom_attrs={"noValidate": True},
            ),
            max_width="560px",
            aria_describedby="",
        ),
        open=is_open,
        on_open_change=on_open_change,
    )


def remove_button(name: rx.Var[str], question: rx.Var[str], hint: rx.Var[str], on_remove: Any) -> rx.Component:
    """Asks once: there is no way back."""
    button = rx.icon_button(
        icon("trash-2"), type="button", aria_label=name, variant="ghost", color_scheme="gray", size="2"
    )
    return asking_first(button, question, hint, t("Remove"), on_remove)


def asking_first(
    button: rx.Component, question: rx.Var[str], hint: rx.Var[str], words: rx.Var[str], on_yes: Any
) -> rx.Component:
    """A button whose act can't be undone, or that a double click on another one may hit. `words`: of the yes."""
    return rx.alert_dialog.root(
        rx.alert_dialog.trigger(button),
        rx.alert_dialog.content(
            rx.alert_dialog.title(question, size="4"),
            rx.alert_dialog.description(hint, size="2"),
            rx.el.div(
                rx.alert_dialog.cancel(rx.button(t("Cancel"), variant="soft", color_scheme="gray")),
                rx.alert_dialog.action(
                    rx.button(words, color_scheme="tomato", variant="soft", high_contrast=True, on_click=on_yes)
                ),
                class_name="dialog-acts",
            ),
            max_width="420px",
        ),
    )
