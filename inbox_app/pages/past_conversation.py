"""/history/<id>: the transcript of one conversation at its own address."""

import reflex as rx

from inbox_app.components.frame import page_body
from inbox_app.components.history.transcript import transcript_page
from inbox_app.components.situations import empty, skeleton_lines
from inbox_app.components.words import t
from inbox_app.pages.framed import add_framed_page
from inbox_app.state.availability import MemberState
from inbox_app.state.past_conversation import PastConversationState


def add_to(app: rx.App) -> None:
    """For everyone who may see the conversation; for all others it does not exist."""
    add_framed_page(
        app,
        past_conversation_body,
        route="/history/[conversation_id]",
        active="/history",
        title=t("Transcript"),
        on_load=[PastConversationState.open],
    )


def past_conversation_body() -> rx.Component:
    """The transcript, or that there is none."""
    state = PastConversationState
    return rx.match(
        state.situation,
        ("open", page_body(transcript_page(state.transcript, state.entries, has_table=MemberState.reads_history))),
        (
            "not_found",
            empty(
                t("There is no such conversation for you."),
                rx.link(t("Go to the inbox"), href="/inbox"),
                symbol="search-x",
            ),
        ),
        page_body(skeleton_lines(6)),
    )
