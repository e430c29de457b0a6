"""The calendars that an agent has connected, on /settings, live (PRODUCT 4.1)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.data.views.calendars import CalendarView
from inbox_app.services import calendar_consent, calendars
from inbox_app.state.address import parameter
from inbox_app.state.arguments import flag, text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import agent, language_of, viewer
from inbox_app.texts.catalogue import translate

OF_CALENDARS = {"calendar", "calendar_read", live.RESYNC}


class CalendarsState(rx.State):
    """`providers`: of google and microsoft, those that the operator has set up.

    `outcome`: of a consent there, as the address says: connected, refused, failed.
    """

    rows: list[CalendarView] = []
    providers: list[str] = []
    is_loaded: bool = False
    outcome: str = ""

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load of /settings, until it is left; who takes no chats has no calendars."""
        member = await viewer(self)
        if not member.is_agent:
            return
        offered, outcome = calendar_consent.offered(), parameter(self.router_data, "calendar")
        async with live.subscribe(live.topics.agent(member.id)) as changes:
            async for events in changes.bursts():
                if events and OF_CALENDARS.isdisjoint(event.kind for event in events):
                    continue
                rows = in_words(await views.calendars(member), self.router_data)
                async with self:
                    assign(self, rows=rows, providers=offered, outcome=outcome, is_loaded=True)

    @rx.event
    async def set_target(self, calendar_id: str, is_target: bool) -> None:
        """Whether meetings are written there."""
        calendar_id, is_target = text(calendar_id, field="calendar_id"), flag(is_target, field="is_target")
        await calendars.set_target(calendar_id, is_target, member=await agent(self))

    @rx.event
    async def disconnect(self, calendar_id: str) -> None:
        """Forget it."""
        calendar_id = text(calendar_id, field="calendar_id")
        await calendars.disconnect(calendar_id, member=await agent(self), now=clock.now())


def in_words(rows: Sequence[Any], router_data: Any) -> list[Any]:
    """With the problem in the reader's language."""
    language = language_of(router_data)
    return [replace(row, problem=translate(row.problem, language) if row.problem else "") for row in rows]
