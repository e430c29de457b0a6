"""Settings of offers, waiting and the visitors' form; each is saved by itself."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.forms.fields import SavedInput, problem, saved
from inbox_app.components.situations import skeleton_lines
from inbox_app.components.words import t
from inbox_app.domain.chat_settings import LIMITS, TEXT_LIMIT

Setting = tuple[str, rx.Var[str], rx.Var[str]]


def _limits(name: str) -> dict[str, int]:
    low, high = LIMITS[name]
    return {"low": low, "high": high}


NUMBERS: tuple[Setting, ...] = (
    (
        "offer_seconds",
        t("An offer rings for"),
        t("{low} to {high} seconds; then the next agent is asked.", **_limits("offer_seconds")),
    ),
    (
        "wait_limit_seconds",
        t("A visitor waits at most"),
        t("{low} to {high} seconds; then the fallback is shown.", **_limits("wait_limit_seconds")),
    ),
    (
        "idle_minutes",
        t("A silent chat ends after"),
        t("{low} to {high} minutes; both sides are warned one minute before.", **_limits("idle_minutes")),
    ),
    (
        "gone_minutes",
        t("Chats of an absent agent move on after"),
        t("{low} to {high} minutes without a connection.", **_limits("gone_minutes")),
    ),
    (
        "capacity",
        t("Chats at once"),
        t("{low} to {high} per agent, where none is set for the person.", **_limits("capacity")),
    ),
    (
        "session_idle_days",
        t("Sign out unused browsers after"),
        t("{low} to {high} days without an open page.", **_limits("session_idle_days")),
    ),
)
ASKED: tuple[Setting, ...] = (
    ("ask_name", t("Ask for the name"), t("Before a chat begins.")),
    ("ask_email", t("Ask for the email"), t("Before a chat begins.")),
)
CHOICES = (("required", t("Required")), ("optional", t("Optional")), ("off", t("Not asked")))
ABSENT: Setting = (
    "offer_to_absent",
    t("Offer to absent agents"),
    t("Available agents without an open page are asked after all others, by notification."),
)
MEETING: Setting = (
    "fallback_meeting",
    t("Offer a meeting when nobody can come"),
    t("The visitor is shown the calendar of the first agent who can be booked."),
)
TEXTS: tuple[Setting, ...] = (
    ("title", t("Title of the chat"), t("Empty: the chat's own, in the visitor's language.")),
    ("greeting", t("Greeting"), t("Empty: the chat's own, in the visitor's language.")),
    ("fallback_text", t("When nobody can come"), t("Empty: the chat's own, in the visitor's language.")),
)


def chat_settings(
    values: rx.Var[Any],
    answer: rx.Var[Any],
    *,
    is_loaded: rx.Var[bool],
    on_change: rx.EventHandler,
    on_switch: rx.EventHandler,
) -> rx.Component:
    """`answer`: of the setting that was changed last."""
    numbers = [_row(one, answer, _number(one, values, answer, on_change)) for one in NUMBERS]
    asked = [_row(one, answer, _choice(one, values, on_change)) for one in ASKED]
    texts = [_row(one, answer, _text(one, values, answer, on_change), wide=True) for one in TEXTS]
    return rx.el.section(
        tab_head(t("Chat settings"), t("Each change is kept and in force at once, also for visitors who wait now.")),
        rx.cond(
            is_loaded,
            rx.el.div(
                *numbers,
                _switch(ABSENT, values, answer, on_switch),
                *asked,
                _switch(MEETING, values, answer, on_switch),
                *texts,
                class_name="settings-list",
            ),
            skeleton_lines(8),
        ),
    )


def _switch(setting: Setting, values: rx.Var[Any], answer: rx.Var[Any], on_switch: rx.EventHandler) -> rx.Component:
    name, label, _ = setting
    control = rx.switch(checked=getattr(values, name), on_change=lambda value: on_switch(name, value), aria_label=label)
    return _row(setting, answer, control)


def _row(setting: Setting, answer: rx.Var[Any], control: rx.Component, *, wide: bool = False) -> rx.Component:
    name, label, hint = setting
    is_mine = answer.field == name
    return rx.el.div(
        rx.el.div(
            rx.el.p(label, class_name="setting-name"),
            rx.el.p(hint, class_name="setting-hint"),
        ),
        rx.el.div(
            rx.el.div(saved(is_mine & (answer.problem == "")), control, class_name="setting-control"),
            rx.cond(is_mine & (answer.problem != ""), problem(answer.problem, id=f"problem-{name}")),
            class_name="setting-side",
        ),
        class_name="setting setting-wide setting-tall" if wide else "setting",
    )


def _number(setting: Setting, values: rx.Var[Any], answer: rx.Var[Any], on_change: rx.EventHandler) -> rx.Component:
    name, label, _ = setting
    low, high = LIMITS[name]
    return SavedInput.create(
        value=getattr(values, name).to_string(),
        name=label,
        low=low,
        high=high,
        limit=6,
        class_name="input-number",
        is_wrong=(answer.field == name) & (answer.problem != ""),
        problem_id=f"problem-{name}",
        on_save=lambda value: on_change(name, value),
    )


def _choice(setting: Setting, values: rx.Var[Any], on_change: rx.EventHandler) -> rx.Component:
    name, label, _ = setting
    return rx.el.select(
        *[rx.el.option(words, value=value) for value, words in CHOICES],
        value=getattr(values, name),
        on_change=lambda value: on_change(name, value),
        aria_label=label,
        class_name="input-box input-box-form input-choice",
    )


def _text(setting: Setting, values: rx.Var[Any], answer: rx.Var[Any], on_change: rx.EventHandler) -> rx.Component:
    name, label, _ = setting
    return SavedInput.create(
        value=getattr(values, name),
        name=label,
        limit=TEXT_LIMIT,
        is_long=name != "title",
        is_wrong=(answer.field == name) & (answer.problem != ""),
        problem_id=f"problem-{name}",
        on_save=lambda value: on_change(name, value),
    )
