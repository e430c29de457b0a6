"""The conversations at the left: a page, what has changed in it, and older pages on demand."""

import asyncio
from collections.abc import Callable

import reflex as rx

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.models import ConversationRowView, Page
from inbox_app.domain.people import Member
from inbox_app.live import Event
from inbox_app.state import list_news
from inbox_app.state.changes import ASIDE, assign
from inbox_app.state.inbox_url import InboxUrl, read_url
from inbox_app.state.list_news import Listing
from inbox_app.state.viewer import agent, viewer

PAGE = 30
THREAD_FIRST = 0.03  # seconds that a list which is shown already leaves to the conversation that is opened beside it


class ConversationListState(rx.State):
    """`rows` is sent once, `changed` and `gone` with each change; the browser merges them (merged_rows.js)."""

    rows: list[ConversationRowView] = []
    changed: list[ConversationRowView] = []
    older: list[ConversationRowView] = []
    gone: list[str] = []
    has_more: bool = False
    is_loaded: bool = False
    shows_all: bool = False
    query: str = ""
    _next: str = ""

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load, until the page is left or shows another list."""
        member, url = await viewer(self), read_url(self.router_data)
        if not member.is_agent:
            return
        topics = [live.topics.agent(member.id)] + ([live.topics.past()] if url.only == "all" else [])
        async with live.subscribe(*topics) as changes:
            async for events in changes.bursts(gather=ASIDE):
                if not events and self._shows(url):
                    await asyncio.sleep(THREAD_FIRST)
                await self._follow(member, url, events)

    async def _follow(self, member: Member, url: InboxUrl, events: list[Event]) -> None:
        ids = list_news.touched(events)
        if not events or any(event.kind == live.RESYNC for event in events) or (url.query and ids):
            page = await views.conversation_rows(member, only=url.only, query=url.query, limit=PAGE)
            async with self:
                self._show_page(page, url)
        elif ids:
            found = {one: list_news.belongs(await views.conversation_row(member, one), url.only) for one in ids}
            async with self:
                self._change(lambda listed: list_news.with_rows(listed, found, PAGE))

    @rx.event
    async def show_more(self) -> None:
        """One more page at the end."""
        member, only = await agent(self), "all" if self.shows_all else "active"
        page = await views.conversation_rows(member, only=only, query=self.query, before=self._next, limit=PAGE)
        self._change(lambda listed: list_news.with_older(listed, page))

    def _show_page(self, page: Page[ConversationRowView], url: InboxUrl) -> None:
        is_same_list = self._shows(url)
        self._change(lambda listed: list_news.refreshed(listed, page) if is_same_list else list_news.listing(page))
        assign(self, is_loaded=True, shows_all=url.only == "all", query=url.query)

    def _shows(self, url: InboxUrl) -> bool:
        return self.is_loaded and (self.shows_all, self.query) == (url.only == "all", url.query)

    def _change(self, step: Callable[[Listing], Listing]) -> None:
        before = Listing(list(self.rows), list(self.changed), list(self.older), list(self.gone), self._next)
        after = step(before)
        assign(self, rows=after.rows, changed=after.changed, older=after.older, gone=after.gone)
        assign(self, has_more=bool(after.next), _next=after.next)
