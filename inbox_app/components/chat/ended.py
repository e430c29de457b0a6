"""The foot of a past conversation: how it ended and what can still be done, in place of a dead box."""

import reflex as rx

from inbox_app.components.chat.panes import ShowHistory
from inbox_app.components.marks import icon
from inbox_app.components.time import instant
from inbox_app.components.words import t
from inbox_app.data.models import ConversationView

Conversation = rx.Var[ConversationView]
SCORES = (0, 1, 2, 3)


def ended(conversation: Conversation, on_score: rx.EventHandler) -> rx.Component:
    """`on_score` takes the id and 0-3, or -1 for no score."""
    return rx.el.div(
        rx.el.p(_how(conversation), class_name="ended-how"),
        rx.el.div(
            rx.cond(conversation.can_score, _score(conversation, on_score), _frozen(conversation)),
            rx.cond(conversation.state == "ended", downloads(conversation.id)),
            ShowHistory.create(icon("history"), t("Activity history"), class_name="link-button quiet-link"),
            class_name="ended-acts",
        ),
        class_name="ended",
    )


def downloads(conversation_id: rx.Var[str]) -> rx.Component:
    """The transcript as a file (PRODUCT 1.8)."""
    return rx.el.span(
        *[
            rx.el.a(
                icon("download"),
                f".{ending}",
                aria_label=name,
                title=name,
                href=f"/api/v1/conversations/{conversation_id}/transcript.{ending}",
                download=True,
                reload_document=True,  # else the router looks for a page
                class_name="quiet-link",
            )
            for ending, name in (("txt", t("Download as text")), ("json", t("Download as JSON")))
        ],
        class_name="downloads",
    )


def _how(conversation: Conversation) -> rx.Var[str]:
    at = instant(conversation.ended_at, "exact")
    name = conversation.agent_name
    return rx.match(
        rx.cond(conversation.state == "ended", conversation.end_reason, conversation.state),
        ("agent", t("{name} ended this session: {time}", name=name, time=at)),
        ("visitor", t("The visitor ended this session: {time}", time=at)),
        ("idle", t("This session ended after a long silence: {time}", time=at)),
        ("missed", t("Nobody was free for this request: {time}", time=at)),
        ("cancelled", t("The visitor left before an agent came: {time}", time=at)),
        t("This session was ended by the system: {time}", time=at),
    )


def _score(conversation: Conversation, on_score: rx.EventHandler) -> rx.Component:
    chosen = rx.cond(conversation.score == None, -1, conversation.score)  # noqa: E711  a var: `is` would compare in Python
    return rx.el.div(
        rx.el.span(t("Score"), id="score-name", class_name="score-name"),
        _choice(t("None"), chosen == -1, on_score(conversation.id, -1)),
        *[_choice(str(score), chosen == score, on_score(conversation.id, score)) for score in SCORES],
        role="group",
        aria_labelledby="score-name",
        class_name="score",
    )


def _choice(name: rx.Var[str] | str, is_chosen: rx.Var[bool], on_click: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(
        name,
        type="button",
        on_click=on_click,
        class_name="score-choice",
        custom_attrs={"aria-pressed": rx.cond(is_chosen, "true", "false")},
    )


def _frozen(conversation: Conversation) -> rx.Component:
    has_score = conversation.score != None  # noqa: E711  a var, as above
    return rx.cond(has_score, rx.el.span(t("Score {score}", score=conversation.score), class_name="score-name"))
