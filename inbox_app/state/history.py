"""The table of past conversations (PRODUCT 5.1): search, filters and cursor come from the address."""

import asyncio
from typing import Final

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.data.models import HistoryRowView
from inbox_app.domain.errors import DomainError
from inbox_app.state.history_url import read_filters
from inbox_app.state.viewer import reader, viewer

GATHER_SECONDS: Final = 2.0  # what ends in a busy hour redraws the table this often, not each time


class HistoryState(rx.State):
    """`situation`: loading, open, empty, failed or refused. `before`: the cursor of this page."""

    situation: str = "loading"
    rows: list[HistoryRowView] = []
    before: str = ""
    following: str = ""
    agents: list[list[str]] = []

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load, until another page or filter is shown. The newest page follows what ends meanwhile."""
        if not (await viewer(self)).reads_history:
            return await self._show(situation="refused")
        await self._show(agents=[[agent.id, agent.name] for agent in await views.agents(now=clock.now())])
        filters = read_filters(self.router_data)
        async with live.subscribe(live.topics.past()) as changes:
            async for _ in changes.bursts():
                await self._read(filters)
                if filters["before"]:
                    return None
                await asyncio.sleep(GATHER_SECONDS)
        return None

    async def _read(self, filters: dict[str, str]) -> None:
        try:
            page = await views.history(await reader(self), **filters)
        except DomainError:
            await self._show(situation="failed", rows=[], following="")
            raise
        situation = "open" if page.items else "empty"
        await self._show(situation=situation, rows=page.items, following=page.next, before=filters["before"])

    async def _show(self, **changes: object) -> None:
        async with self:
            for name, value in changes.items():
                if getattr(self, name) != value:
                    setattr(self, name, value)
