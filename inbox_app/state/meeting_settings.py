"""When and how an agent can be met, on /settings (PRODUCT 4.2): the browser edits, the server checks and keeps."""

from typing import Any

import reflex as rx

from inbox_app import clock
from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.people import Member
from inbox_app.domain.slots_preview import SlotsDay
from inbox_app.services import meeting_settings
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import record
from inbox_app.state.changes import assign
from inbox_app.state.viewer import agent, language_of, viewer
from inbox_app.texts.catalogue import translate


class MeetingSettingsState(rx.State):
    """`settings`: as they are kept; `days`: the slots of what is typed, if `is_current`, else of what was before."""

    settings: dict[str, Any] = {}
    days: list[SlotsDay] = []
    why_none: str = ""
    is_current: bool = True
    answer: Answer = Answer()

    @rx.event
    async def open(self) -> None:
        """From on_load; who takes no chats is not met."""
        member = await viewer(self)
        if not member.is_agent:
            return
        kept = await meeting_settings.of(member)
        await self._preview(kept, member)
        assign(self, settings=kept, answer=Answer())

    @rx.event
    async def preview(self, value: dict[str, Any]) -> None:
        """While it is typed: what makes no settings yet is told when they are saved."""
        await self._preview(value, await agent(self))

    @rx.event
    async def save(self, value: dict[str, Any]) -> None:
        """Keep them, or say beside which field why not."""
        member, value = await agent(self), record(value, field="settings")
        deed = meeting_settings.store(value, member=member, now=clock.now())
        answer = await answered(deed, self.router_data, self.answer)
        if not answer.problem:
            assign(self, settings=await meeting_settings.of(member))
        await self._preview(value, member)
        self.answer = answer

    async def _preview(self, value: Any, member: Member) -> None:
        try:
            coming = await meeting_settings.preview(record(value, field="settings"), member=member, now=clock.now())
        except InvalidInput:
            assign(self, is_current=False)
            return
        why_none = translate(coming.why_none, language_of(self.router_data))
        assign(self, days=coming.days, why_none=why_none, is_current=True)
