"""How the calendars of all agents are, live (PRODUCT 4.1)."""

import reflex as rx

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.views.calendars import CalendarHealth
from inbox_app.state.calendars import in_words
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin

OF_CALENDARS = {"calendar", live.RESYNC}


class CalendarHealthState(rx.State):
    """Broken ones first."""

    rows: list[CalendarHealth] = []
    is_loaded: bool = False

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From the tab, until it is left."""
        member = await admin(self)
        async with live.subscribe(live.topics.everyone()) as changes:
            async for events in changes.bursts():
                if events and OF_CALENDARS.isdisjoint(event.kind for event in events):
                    continue
                rows = in_words(await views.calendar_health(member), self.router_data)
                async with self:
                    assign(self, rows=rows, is_loaded=True)
