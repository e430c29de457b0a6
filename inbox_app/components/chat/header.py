"""Who one is talking to."""

import reflex as rx

from inbox_app.components.chat.panes import visitor_toggle
from inbox_app.components.conversations.tools import back_to_list
from inbox_app.components.marks import avatar
from inbox_app.components.words import t
from inbox_app.data.models import ConversationView


def chat_header(conversation: rx.Var[ConversationView], is_online: rx.Var[bool]) -> rx.Component:
    """Name and presence, the way back on a phone, the way to the visitor's column on a narrow window."""
    return rx.el.header(
        back_to_list(),
        avatar(conversation.initials, conversation.colour, size="medium"),
        rx.el.div(
            rx.el.h2(conversation.title, class_name="chat-name"),
            rx.el.p(_presence(conversation, is_online), class_name="chat-presence"),
            class_name="chat-who",
        ),
        visitor_toggle("panel-right", t("Visitor information")),
        class_name="chat-header",
    )


def _presence(conversation: rx.Var[ConversationView], is_online: rx.Var[bool]) -> rx.Component:
    return rx.cond(
        conversation.state == "active",
        rx.cond(
            is_online,
            rx.fragment(rx.el.span(class_name="dot dot-online", aria_hidden="true"), t("online")),
            rx.fragment(rx.el.span(class_name="dot dot-offline", aria_hidden="true"), t("Visitor disconnected")),
        ),
        rx.cond(
            conversation.agent_name != "",
            t("Past conversation with {name}", name=conversation.agent_name),
            t("Past conversation"),
        ),
    )
