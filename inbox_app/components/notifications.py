"""Notifications of the browser for incoming chats: the quiet question, and the switch on /settings."""

import reflex as rx

from inbox_app.components.local import library
from inbox_app.components.words import t

SOURCE = library("notifications.js")


class AskAfterSwitch(rx.Component):
    """Around the switch of availability: the question comes with its first use, never on load."""

    library = SOURCE
    tag = "AskAfterSwitch"
    is_available: rx.Var[bool]


class NotificationPrompt(rx.Component):
    """A thin bar; the browser itself asks only after a yes."""

    library = SOURCE
    tag = "NotificationPrompt"
    question: rx.Var[str]
    yes: rx.Var[str]
    no: rx.Var[str]


class NotificationSwitch(rx.Component):
    """On, off, or why it cannot be switched."""

    library = SOURCE
    tag = "NotificationSwitch"
    name: rx.Var[str]
    blocked: rx.Var[str]
    missing: rx.Var[str]


def notification_prompt() -> rx.Component:
    """For the notices of the frame."""
    return NotificationPrompt.create(
        question=t("Should this browser tell you of incoming chats while you look at something else?"),
        yes=t("Notify me"),
        no=t("Not now"),
    )


def notification_switch(name: rx.Var[str]) -> rx.Component:
    """For the settings."""
    return NotificationSwitch.create(
        name=name,
        blocked=t("This browser blocks them. Allow notifications for this site in the browser's settings."),
        missing=t("This browser shows none here."),
    )
