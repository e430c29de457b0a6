"""The activity history of the opened conversation's visitor (PRODUCT 1.6)."""

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.data.models import ActivityView
from inbox_app.domain.errors import NotFound
from inbox_app.state.inbox_url import read_url
from inbox_app.state.viewer import agent, viewer

FIRST = 20


class ActivityState(rx.State):
    """The first few travel with an opened conversation, all of them when asked for."""

    activities: list[ActivityView] = []
    has_more: bool = False
    is_loaded: bool = False
    _visitor_id: str = ""
    _shows_all: bool = False

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load, until the page shows another conversation."""
        member, wanted = await viewer(self), read_url(self.router_data).conversation_id
        try:
            visitor_id = (await views.conversation(member, wanted)).visitor_id
            async with self:
                self._shows_all = self._shows_all and self._visitor_id == visitor_id
                self._visitor_id = visitor_id
            async with live.subscribe(live.topics.visitor(visitor_id)) as changes:
                async for _ in changes.bursts():
                    activities = await views.activities(member, visitor_id, now=clock.now())
                    async with self:
                        self._show(activities)
        except NotFound:
            async with self:
                self.activities, self.has_more, self.is_loaded = [], False, False

    @rx.event
    async def show_all(self) -> None:
        """All of the 90 days."""
        self._shows_all = True
        self._show(await views.activities(await agent(self), self._visitor_id, now=clock.now()))

    def _show(self, activities: list[ActivityView]) -> None:
        shown = activities if self._shows_all else activities[:FIRST]
        self.has_more, self.is_loaded = len(shown) < len(activities), True
        if shown != self.activities:
            self.activities = shown
