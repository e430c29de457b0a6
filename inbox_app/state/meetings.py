"""The list of meetings (PRODUCT 4.5): an agent's own, for managers and admins those of all."""

import asyncio
from typing import Final

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.data.models_meetings import MeetingView
from inbox_app.domain.errors import DomainError
from inbox_app.domain.people import Member
from inbox_app.services import bookings
from inbox_app.state.arguments import text
from inbox_app.state.changes import assign
from inbox_app.state.meetings_url import read_filters
from inbox_app.state.viewer import agent, viewer

GATHER_SECONDS: Final = 2.0  # what is booked in a busy hour redraws the list of all this often, not each time


class MeetingsState(rx.State):
    """`situation`: loading, open, empty or failed. `before`: the cursor of this page; `when`: coming or past."""

    situation: str = "loading"
    rows: list[MeetingView] = []
    when: str = "coming"
    is_filtered: bool = False
    before: str = ""
    following: str = ""
    agents: list[list[str]] = []

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load, until another page or filter is shown."""
        member, filters = await viewer(self), read_filters(self.router_data)
        agents = [[one.id, one.name] for one in await views.agents(now=clock.now())] if member.reads_history else []
        await self._show(agents=agents, when=filters["when"])
        topic = live.topics.meetings() if member.reads_history else live.topics.agent(member.id)
        async with live.subscribe(topic) as changes:
            async for events in changes.bursts():
                if not events or not {live.RESYNC, "meeting"}.isdisjoint(event.kind for event in events):
                    await self._read(member, filters)
                    await asyncio.sleep(GATHER_SECONDS if member.reads_history else 0)

    async def _read(self, member: Member, filters: dict[str, str]) -> None:
        try:
            page = await views.meetings(member, now=clock.now(), **filters)
        except DomainError:
            await self._show(situation="failed", rows=[], following="")
            raise
        is_filtered = any(filters[name] for name in ("status", "agent", "before"))
        situation = "open" if page.items else "empty"
        shown = {"rows": page.items, "following": page.next, "before": filters["before"]}
        await self._show(situation=situation, is_filtered=is_filtered, **shown)

    async def _show(self, **changes: object) -> None:
        async with self:
            assign(self, **changes)

    @rx.event
    async def cancel(self, meeting_id: str) -> None:
        """One's own, once it was asked. What changes comes back over the agent's topic."""
        await bookings.cancel(text(meeting_id, field="meeting_id"), by=await agent(self), now=clock.now())
