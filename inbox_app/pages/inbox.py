"""/inbox and /inbox/<conversation id>: one optional route, so that opening a conversation keeps the list's place."""

import reflex as rx

from inbox_app.components.chat.chat import chat_region
from inbox_app.components.chat.ended import ended
from inbox_app.components.chat.header import chat_header
from inbox_app.components.chat.panes import Columns
from inbox_app.components.chat.share import share_calendar
from inbox_app.components.chat.thread import Composer, IdleLine, MessageLog, Typing
from inbox_app.components.chat.words import COMPOSER, IDLE, LOG, TYPING
from inbox_app.components.conversations.listing import conversation_list, merged_rows
from inbox_app.components.keys.keys import inbox_keys
from inbox_app.components.situations import empty
from inbox_app.components.visitor.activity import activity_history
from inbox_app.components.visitor.claims import visitor_claims
from inbox_app.components.visitor.fields import visitor_fields
from inbox_app.components.visitor.panel import visitor_panel
from inbox_app.components.visitor.transcript import transcript_sheet
from inbox_app.components.words import t
from inbox_app.pages.framed import add_framed_page
from inbox_app.state.activity import ActivityState
from inbox_app.state.availability import MemberState
from inbox_app.state.calendar_share import CalendarShareState
from inbox_app.state.conversation_list import ConversationListState
from inbox_app.state.session_end import SessionEndState
from inbox_app.state.thread import ThreadState
from inbox_app.state.transcript import TranscriptState
from inbox_app.state.visitor_panel import VisitorPanelState

ROUTE = "/inbox/[[conversation_id]]"
LISTENERS = (ThreadState.watch, ConversationListState.watch)


def add_to(app: rx.App) -> None:
    """For those who take chats; managers are told where they read."""
    add_framed_page(app, inbox_body, route=ROUTE, active="/inbox", title=t("Inbox"), on_load=LISTENERS)


def inbox_body() -> rx.Component:
    """Three columns."""
    return rx.cond(MemberState.me.is_agent, _columns(), _for_managers())


def _columns() -> rx.Component:
    return Columns.create(
        _conversations(),
        chat_region(ThreadState.situation, _chat()),
        _visitor(),
        transcript_sheet(
            TranscriptState.transcript,
            TranscriptState.entries,
            is_open=TranscriptState.is_open,
            on_change=TranscriptState.set_open,
        ),
        class_name="inbox",
    )


def _for_managers() -> rx.Component:
    return empty(
        t("The inbox is for agents."),
        rx.link(t("Read conversations in the history"), href="/history"),
        symbol="book-open-text",
    )


def _is_own_active() -> rx.Var[bool]:
    return ThreadState.conversation.is_mine & (ThreadState.conversation.state == "active")


def _conversations() -> rx.Component:
    listed = ConversationListState
    return conversation_list(
        merged_rows(listed.rows, listed.changed, listed.older, listed.gone),
        is_loaded=listed.is_loaded,
        shows_all=listed.shows_all,
        query=listed.query,
        is_available=MemberState.me.available,
        has_more=listed.has_more,
        on_more=listed.show_more,
        foot=inbox_keys(
            conversation=ThreadState.conversation.id,
            visitor=ThreadState.conversation.title,
            can_end=_is_own_active(),
            on_end=SessionEndState.end,
        ),
    )


def _chat() -> rx.Component:
    shown, me = ThreadState.conversation, MemberState.me.id
    return rx.fragment(
        chat_header(shown, ThreadState.is_online),
        MessageLog.create(
            conversation_id=shown.id,
            epoch=shown.epoch,
            member_id=me,
            visitor_name=shown.title,
            page=ThreadState.page,
            older=ThreadState.older,
            fresh=ThreadState.fresh,
            is_mine=shown.is_mine,
            is_active=shown.state == "active",
            unread_after=ThreadState.unread_after,
            seen_by_agent=shown.seen_by_agent,
            seen_by_visitor=ThreadState.seen_by_visitor,
            texts=LOG,
            on_older=ThreadState.load_older,
            on_withdraw=CalendarShareState.withdraw,
        ),
        Typing.create(name=rx.cond(ThreadState.is_typing, shown.title, ""), beat=ThreadState.beat, texts=TYPING),
        IdleLine.create(ends_at=ThreadState.idle_ends_at, told_at=ThreadState.told_at, texts=IDLE),
        rx.cond(shown.state == "active", rx.fragment(), ended(shown, SessionEndState.set_score)),
        Composer.create(
            _share(),
            opened=shown.id,
            conversation_id=rx.cond(shown.is_mine, shown.id, ""),
            member_id=me,
            draft=shown.draft,
            is_open=shown.state == "active",
            texts=COMPOSER,
        ),
    )


def _share() -> rx.Component:
    state = CalendarShareState
    return share_calendar(
        state.agents,
        situation=state.situation,
        answer=state.answer,
        on_look=state.look,
        on_share=lambda agent_id: state.share(ThreadState.conversation.id, agent_id),
    )


def _visitor() -> rx.Component:
    panel, history = VisitorPanelState, ActivityState
    return visitor_panel(
        rx.fragment(
            rx.cond(  # of another chat with the same visitor they may be untrue here
                panel.chat_id == ThreadState.conversation.id,
                visitor_claims(panel.visitor, panel.chat_id, panel.merge, panel.send_link),
            ),
            visitor_fields(panel.visitor, panel.answer, panel.correct),
        ),
        activity_history(
            history.activities,
            is_loaded=history.is_loaded,
            has_more=history.has_more,
            on_more=history.show_all,
            on_transcript=TranscriptState.show,
        ),
        name=ThreadState.conversation.title,
        is_loaded=panel.is_loaded,
        is_shown=ThreadState.situation == "open",
        can_end=_is_own_active(),
        on_end=SessionEndState.end(ThreadState.conversation.id),
    )
