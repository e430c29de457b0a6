"""The keys of the inbox as a component: a button that opens their sheet."""

from typing import Any

import reflex as rx

from inbox_app.components.connection import is_offline
from inbox_app.components.local import library
from inbox_app.components.marks import icon
from inbox_app.components.words import t


class InboxKeys(rx.Component):
    """Listens while the inbox is shown. `on_end` takes the conversation that was open when it was asked."""

    library = library("keys.jsx")
    tag = "InboxKeys"
    conversation: rx.Var[str]
    visitor: rx.Var[str]
    can_end: rx.Var[bool]
    texts: rx.Var[dict[str, Any]]
    on_end: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def inbox_keys(
    *, conversation: rx.Var[str], visitor: rx.Var[str], can_end: rx.Var[bool], on_end: rx.EventHandler
) -> rx.Component:
    """The button at the foot of the list, and all keys of DESIGN that this page has."""
    return InboxKeys.create(
        icon("keyboard"),
        conversation=conversation,
        visitor=visitor,
        can_end=can_end & ~is_offline,
        on_end=on_end,
        texts=_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "title": t("Keyboard shortcuts"),
        "close": t("Close"),
        "cancel": t("Cancel"),
        "end": t("End session"),
        "endTitle": t("End this session?"),
        "endText": t("The visitor is told at once. The conversation stays in the history."),
        "keys": [
            ["J ↓", t("Next conversation")],
            ["K ↑", t("Previous conversation")],
            ["Enter", t("Open it")],
            ["R", t("Write a message")],
            ["C", t("Share calendar")],
            ["E", t("End session")],
            ["A", t("Accept the chat that is offered")],
            ["Esc", t("Back")],
            ["?", t("Keyboard shortcuts")],
        ],
    }
