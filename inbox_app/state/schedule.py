"""The hours of an agent's live chat on /settings (PRODUCT 2.1): the browser edits, the server checks and keeps."""

from typing import Any

import reflex as rx

from inbox_app import clock
from inbox_app.domain import schedule as schedules
from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.week_preview import PreviewDay, coming_days
from inbox_app.services import availability
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import record
from inbox_app.state.changes import assign
from inbox_app.state.viewer import agent, viewer


class ScheduleState(rx.State):
    """`schedule`: as it is kept (CONTRACT `GET /agent/schedule`); `days`: of what is typed, if `is_current`."""

    schedule: dict[str, Any] = {}
    days: list[PreviewDay] = []
    is_current: bool = True
    answer: Answer = Answer()

    @rx.event
    async def open(self) -> None:
        """From on_load; who takes no chats has no hours."""
        member = await viewer(self)
        if not member.is_agent:
            return
        kept = await availability.schedule_of(member)
        assign(self, schedule=kept, days=_days(kept), is_current=True, answer=Answer())

    @rx.event
    async def preview(self, value: dict[str, Any]) -> None:
        """While it is typed: what makes no schedule yet is told when it is saved."""
        await agent(self)
        self._preview(value)

    @rx.event
    async def save(self, value: dict[str, Any]) -> None:
        """Keep it, or say beside which field why not."""
        member, value = await agent(self), record(value, field="schedule")
        deed = availability.set_schedule(value, member=member, now=clock.now())
        answer = await answered(deed, self.router_data, self.answer)
        kept = await availability.schedule_of(member)
        if not answer.problem:
            assign(self, schedule=kept)
        self._preview(value)
        self.answer = answer

    def _preview(self, value: Any) -> None:
        try:
            assign(self, days=_days(record(value, field="schedule")), is_current=True)
        except InvalidInput:
            assign(self, is_current=False)


def _days(value: dict[str, Any]) -> list[PreviewDay]:
    return coming_days(schedules.from_json(value), now=clock.now())
