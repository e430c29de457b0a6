"""The activity history of the opened conversation's visitor (PRODUCT 1.6)."""

from contextlib import aclosing
from dataclasses import replace

import reflex as rx

from inbox_app import clock
from inbox_app.data import views
from inbox_app.data.models import ActivityView
from inbox_app.state.arguments import text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import agent, viewer
from inbox_app.state.visitor_news import while_known

FIRST = 20


def one_transcript_each(activities: list[ActivityView]) -> list[ActivityView]:
    """A chat leaves several activities (requested, engaged): its transcript is offered at the newest."""
    seen: set[str] = {""}
    found = []
    for activity in activities:
        is_again = activity.conversation_id in seen
        found.append(replace(activity, conversation_id="") if is_again else activity)
        seen.add(activity.conversation_id)
    return found


class ActivityState(rx.State):
    """The first few travel with an opened conversation, all of them when asked for."""

    activities: list[ActivityView] = []
    has_more: bool = False
    is_loaded: bool = False
    _visitor_id: str = ""
    _shows_all: bool = False

    @rx.event(background=True, supersedes=True)
    async def watch(self, visitor_id: str) -> None:
        """From the opened conversation's own listener, and ends with it."""
        member, visitor_id = await viewer(self), text(visitor_id, field="visitor_id")
        read = while_known(visitor_id, lambda: views.activities(member, visitor_id, now=clock.now()))
        async with aclosing(read) as news:
            async for activities in news:
                async with self:
                    self._shows_all = self._shows_all and self._visitor_id == visitor_id
                    self._visitor_id = visitor_id
                    self._show(activities)

    @rx.event
    async def show_all(self) -> None:
        """All of the 90 days."""
        self._shows_all = True
        self._show(await views.activities(await agent(self), self._visitor_id, now=clock.now()))

    def _show(self, read: list[ActivityView]) -> None:
        activities = one_transcript_each(read)
        shown = activities if self._shows_all else activities[:FIRST]
        assign(self, activities=shown, has_more=len(shown) < len(activities), is_loaded=True)
