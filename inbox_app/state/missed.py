"""Who waited in vain and is to be followed up (PRODUCT 3.4), live."""

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.data.models import MissedView
from inbox_app.services import waiting
from inbox_app.state.arguments import text
from inbox_app.state.changes import assign
from inbox_app.state.missed_count import tells_of_missed
from inbox_app.state.viewer import agent, viewer


class MissedState(rx.State):
    """`situation`: loading, open, empty or refused."""

    situation: str = "loading"
    rows: list[MissedView] = []

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load, until the page is left."""
        member = await viewer(self)
        if not member.is_agent:
            async with self:
                self.situation = "refused"
            return
        async with live.subscribe(live.topics.past()) as changes:
            async for events in changes.bursts():
                if not tells_of_missed(events):
                    continue
                rows = await views.missed(member, now=clock.now())
                async with self:
                    assign(self, rows=rows, situation="open" if rows else "empty")

    @rx.event
    async def claim(self, conversation_id: str) -> None:
        """Follow it up. Another agent may have been faster: then a toast says so, and the list who it is."""
        conversation_id = text(conversation_id, field="conversation_id")
        await waiting.claim(conversation_id, member=await agent(self), now=clock.now())
