"""Who would get this visitor? Attributes in; the agent, the reason and the steps out."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.admin.words import ATTRIBUTES, why
from inbox_app.components.forms.fields import text_box
from inbox_app.components.marks import icon
from inbox_app.components.words import t

DERIVED = "email_domain"  # of the email


def simulator(verdict: rx.Var[Any], *, asked: rx.Var[int], on_submit: rx.EventHandler) -> rx.Component:
    """Nothing is changed by it, nobody is asked."""
    fields = [
        rx.el.label(rx.el.span(words, class_name="input-label"), text_box(name), class_name="input-holder field")
        for name, words in ATTRIBUTES
        if name != DERIVED
    ]
    return rx.el.section(
        tab_head(
            t("Who would get this visitor?"),
            t("Enter what is known of a visitor. Nobody is asked and nothing is changed."),
        ),
        rx.el.div(
            rx.el.form(
                *fields,
                rx.el.div(rx.button(t("Show"), type="submit"), class_name="form-acts"),
                on_submit=on_submit,
                class_name="admin-form",
            ),
            rx.el.div(
                rx.cond(asked > 0, _verdict(verdict), _nothing_yet()), role="status", aria_label=t("Answer"),
                class_name="verdict",
            ),
            class_name="simulator",
        ),
    )  # fmt: skip


def _nothing_yet() -> rx.Component:
    return rx.el.p(t("The answer appears here, with every step that led to it."), class_name="setting-hint")


def _verdict(verdict: rx.Var[Any]) -> rx.Component:
    nobody = t("Nobody could take this visitor now.")
    return rx.fragment(
        rx.el.p(
            rx.cond(verdict.agent != "", icon("user-round-check"), icon("user-round-x")),
            rx.cond(verdict.agent != "", verdict.agent, nobody),
            class_name="verdict-agent",
        ),
        rx.cond(verdict.agent != "", rx.el.p(why(verdict.why_kind, verdict.why_name))),
        rx.el.h3(t("Step by step"), class_name="verdict-title"),
        rx.el.ol(rx.foreach(verdict.steps, lambda step: rx.el.li(step)), class_name="verdict-steps"),
    )
