"""Signed identities: the site's secrets, what to do with them, and the switch that makes them required."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.dialogs import asking_first
from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.forms.fields import problem, saved
from inbox_app.components.situations import skeleton_lines
from inbox_app.components.time import time
from inbox_app.components.words import t


def signed_identities(
    secrets: rx.Var[list[Any]],
    answer: rx.Var[Any],
    *,
    is_required: rx.Var[bool],
    is_loaded: rx.Var[bool],
    on_rotate: rx.EventHandler,
    on_retire: rx.EventHandler,
    on_require: rx.EventHandler,
) -> rx.Component:
    """`answer`: of the last change."""
    return rx.el.section(
        tab_head(
            t("Signed identities"),
            t("Your website's server signs the user's ID, so nobody can pose as one of your users."),
        ),
        rx.cond(
            is_loaded,
            rx.el.div(
                _required(is_required, answer, on_require),
                rx.foreach(secrets, lambda one, index: _secret(one, index)),
                _rotation(secrets.length(), answer, on_rotate, on_retire),
                class_name="settings-list",
            ),
            skeleton_lines(4),
        ),
    )


def _required(is_required: rx.Var[bool], answer: rx.Var[Any], on_require: rx.EventHandler) -> rx.Component:
    label = t("Require signed identities")
    is_mine = answer.field == "identity_required"
    return _row(
        label,
        t("Anything else visitors say about themselves stays in the conversation, marked as unconfirmed."),
        saved(is_mine & (answer.problem == "")),
        rx.switch(checked=is_required, on_change=on_require, aria_label=label),
    )


def _secret(one: rx.Var[Any], index: rx.Var[int]) -> rx.Component:
    return _row(
        rx.cond(index == 0, t("Secret"), t("Old secret, still valid")),
        rx.fragment(t("Created"), " ", time(one.since, "exact")),
        rx.el.code(one.secret, translate="no", class_name="site-secret"),
    )


def _rotation(
    count: rx.Var[int], answer: rx.Var[Any], on_rotate: rx.EventHandler, on_retire: rx.EventHandler
) -> rx.Component:
    wrong = (answer.field == "secret") & (answer.problem != "")
    return rx.cond(
        count > 1,
        _row(
            t("Finish the rotation"),
            t("Identities signed with the old secret will then be refused."),
            asking_first(
                rx.button(t("Retire the old secret"), variant="soft", color_scheme="tomato"),
                t("Retire the old secret?"),
                t("Identities signed with it are refused at once. This can’t be undone."),
                t("Retire"),
                on_retire,
            ),
            rx.cond(wrong, problem(answer.problem, id="problem-secret")),
        ),
        _row(
            t("Replace the secret"),
            t("Both secrets are valid until you retire the old one."),
            rx.button(t("Create a new secret"), on_click=on_rotate, variant="soft"),
            rx.cond(wrong, problem(answer.problem, id="problem-secret")),
        ),
    )


def _row(name: Any, hint: Any, *control: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.el.p(name, class_name="setting-name"), rx.el.p(hint, class_name="setting-hint")),
        rx.el.div(rx.el.div(*control, class_name="setting-control"), class_name="setting-side"),
        class_name="setting",
    )
