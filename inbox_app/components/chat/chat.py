"""The region in the middle."""

import reflex as rx

from inbox_app.components.situations import empty, skeleton_lines
from inbox_app.components.words import t

Situation = rx.Var[str]


def chat_region(situation: Situation, conversation: rx.Component) -> rx.Component:
    """`situation`: none (nothing chosen), loading, open, not_found or gone_on."""
    return rx.el.section(
        rx.match(
            situation,
            ("open", conversation),
            ("not_found", _not_found()),
            ("gone_on", _gone_on()),
            ("none", _none()),
            rx.el.div(skeleton_lines(5), class_name="chat-skeleton"),
        ),
        aria_label=t("Chat"),
        class_name="column column-chat",
    )


def _none() -> rx.Component:
    return empty(
        t("Choose a conversation."),
        t("J and K move through the list, Enter opens, ? shows all keys."),
        symbol="message-square",
    )


def _gone_on() -> rx.Component:
    return empty(
        t("You were away, so this chat was offered to another agent."),
        rx.link(t("Back to the conversations"), href="/inbox"),
        symbol="forward",
    )


def _not_found() -> rx.Component:
    return empty(
        t("There is no such conversation for you."),
        rx.link(t("Back to the conversations"), href="/inbox"),
        symbol="search-x",
    )
