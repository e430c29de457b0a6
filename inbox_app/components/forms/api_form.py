"""A form that posts to the API instead of the page's state: passwords never travel in events or logs."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from inbox_app.components.forms.browser import SCRIPTS
from inbox_app.components.words import t


class ApiForm(rx.Component):
    """`fields`: see `input_field`; `more`: values that are sent along; `next`: where an accepted form leads."""

    library = SCRIPTS["api_form.jsx"]
    tag = "ApiForm"
    method: rx.Var[str]
    path: rx.Var[str]
    fields: rx.Var[list[dict[str, Any]]]
    more: rx.Var[dict[str, Any]]
    texts: rx.Var[dict[str, Any]]
    name: rx.Var[str]
    username: rx.Var[str]
    next: rx.Var[str]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


def api_form(
    name: rx.Var[str],
    path: str,
    fields: Sequence[dict[str, Any]],
    *,
    submit: rx.Var[str],
    done: rx.Var[str] | str = "",
    method: str = "POST",
    **props: Any,
) -> rx.Component:
    """`submit`: the words of its button; `done`: what it says when it was accepted."""
    return ApiForm.create(method=method, path=path, fields=list(fields), name=name, texts=_texts(submit, done), **props)


class LinkForm(ApiForm):
    """The same behind a one-time link. `person`: the path that names its recipient."""

    library = SCRIPTS["link_form.jsx"]
    tag = "LinkForm"
    person: rx.Var[str]


def link_form(
    name: rx.Var[str],
    path: str,
    fields: Sequence[dict[str, Any]],
    without_link: rx.Component,
    *,
    person: str,
    person_words: rx.Var[str],
    submit: rx.Var[str],
    **props: Any,
) -> rx.Component:
    """`person_words`: the text before the email; `without_link`: shown when the address has no token."""
    return LinkForm.create(
        without_link, method="POST", path=path, person=person, fields=list(fields), name=name,
        texts=_texts(submit, "") | {"person": person_words}, class_name="sign-in-form", **props,
    )  # fmt: skip


def _texts(submit: rx.Var[str], done: rx.Var[str] | str) -> dict[str, Any]:
    return {
        "submit": submit,
        "busy": t("One moment…"),
        "done": done,
        "unreachable": t("The server did not answer. Try again in a moment."),
    }


def input_field(
    name: str, label: rx.Var[str], auto_complete: str, *, kind: str = "text", **more: Any
) -> dict[str, Any]:
    """One line; `hint=` explains it."""
    return {"name": name, "label": label, "type": kind, "autoComplete": auto_complete, **more}


def new_password_field(name: str, label: rx.Var[str], *, minimum: int) -> dict[str, Any]:
    """Password managers offer to make one up."""
    return input_field(
        name, label, "new-password", kind="password", hint=t("At least {limit} characters.", limit=minimum)
    )
