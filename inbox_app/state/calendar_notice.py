"""That a connected calendar does not answer, said on every page to its agent, and to admins (PRODUCT 4.1)."""

import reflex as rx

from inbox_app import live
from inbox_app.data import views
from inbox_app.state.changes import assign
from inbox_app.state.viewer import viewer

OF_CALENDARS = {"calendar", live.RESYNC}


class CalendarNoticeState(rx.State):
    """How many do not answer: of the member's own, and of others, which only admins are told."""

    own: int = 0
    others: int = 0

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load of every page."""
        member = await viewer(self)
        async with live.subscribe(live.topics.agent(member.id), live.topics.everyone()) as changes:
            async for events in changes.bursts():
                if events and OF_CALENDARS.isdisjoint(event.kind for event in events):
                    continue
                own, others = await views.broken_calendars(member)
                async with self:
                    assign(self, own=own, others=others)
