"""The opened conversation: its log, who is there, who is typing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.data.models import ConversationView
from inbox_app.domain.errors import NotFound
from inbox_app.domain.people import Member
from inbox_app.state import timeline
from inbox_app.state.activity import ActivityState
from inbox_app.state.arguments import number
from inbox_app.state.blank import blank
from inbox_app.state.changes import assign
from inbox_app.state.inbox_url import read_url
from inbox_app.state.thread_news import News, read_news
from inbox_app.state.timeline import Entry, Timeline
from inbox_app.state.viewer import viewer
from inbox_app.state.visitor_panel import VisitorPanelState

NOTHING = blank(ConversationView)


def _opened(head: ConversationView, thread: Timeline) -> dict[str, Any]:
    """All that is shown anew when a conversation is read."""
    return {
        "situation": "open", "conversation": head, "page": thread.page, "fresh": [], "older": [], "is_typing": False,
        "seen_by_visitor": head.seen_by_visitor, "is_online": head.is_online,
        "unread_after": head.seen_by_agent if head.unread else -1,
        "idle_ends_at": head.idle_ends_at, "told_at": clock.now().isoformat(),
    }  # fmt: skip


class ThreadState(rx.State):
    """`situation`: loading, none, open, not_found, or gone_on (to another agent).

    `unread_after`: the last seq seen before it was opened, or -1. `told_at`: the server's time when it told
    `idle_ends_at`, for the countdown.
    """

    situation: str = "loading"
    conversation: ConversationView = NOTHING
    page: list[Entry] = []
    older: list[Entry] = []
    fresh: list[Entry] = []
    unread_after: int = -1
    seen_by_visitor: int = 0
    is_online: bool = False
    is_typing: bool = False
    beat: int = 0
    idle_ends_at: str = ""
    told_at: str = ""

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> AsyncIterator[list[rx.event.EventSpec]]:
        """From on_load, until another conversation is shown. Once the log is there, the visitor's column follows."""
        member, wanted = await viewer(self), read_url(self.router_data).conversation_id
        if not wanted:
            await self._show(conversation=NOTHING, situation="none")
            return
        try:
            async with live.subscribe(live.topics.conversation(wanted)) as changes:
                thread, watched = Timeline([], []), ""
                async for events in changes.bursts():
                    thread = await self._follow(member, wanted, thread, read_news(events))
                    if watched != (visitor_id := self.conversation.visitor_id):  # at first, or merged since
                        watched = visitor_id
                        yield [VisitorPanelState.watch(visitor_id, wanted), ActivityState.watch(visitor_id)]
        except NotFound:
            was_mine = self.conversation.id == wanted and self.conversation.is_mine
            await self._show(conversation=NOTHING, situation="gone_on" if was_mine else "not_found")

    async def _follow(self, member: Member, wanted: str, known: Timeline, news: News) -> Timeline:
        thread = None if news.is_lost else timeline.extended(known, news.entries)
        if thread is None:
            return await self._open(member, wanted)
        await self._show(**news.vars, **({} if thread is known else {"fresh": thread.fresh}))
        if news.has_head:
            await self._show(conversation=await views.conversation(member, wanted))
        return thread

    async def _open(self, member: Member, wanted: str) -> Timeline:
        read = views.conversation(member, wanted), views.messages(member, wanted, limit=timeline.PAGE + 1)
        head, messages = await asyncio.gather(*read)
        thread = timeline.opened(messages)
        await self._show(**_opened(head, thread))
        return thread

    async def _show(self, **changes: Any) -> None:
        async with self:
            assign(self, **changes)

    @rx.event
    async def load_older(self, before: int) -> None:
        """The page before that seq; the browser puts it in front of what it has."""
        before, shown = number(before, field="before"), self.conversation.id
        messages = await views.messages(await viewer(self), shown, before=before, limit=timeline.PAGE + 1)
        self.older = timeline.grouped(messages)
