"""Settings of offers, waiting and the visitors' form: each is saved by itself and in force at once (PRODUCT 3)."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from inbox_app import clock
from inbox_app.domain.chat_settings import LIMITS, TEXT_LIMIT, ChatSettings
from inbox_app.services import chat_settings
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import flag, text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin

DEFAULTS = ChatSettings()


class ChatSettingsState(rx.State):
    """`answer`: of the setting that was changed last."""

    values: ChatSettings = DEFAULTS
    is_loaded: bool = False
    answer: Answer = Answer()

    @rx.event
    async def open(self) -> None:
        """From the tab."""
        await admin(self)
        assign(self, values=await chat_settings.load(), is_loaded=True, answer=Answer())

    @rx.event
    async def change(self, name: str, value: str) -> None:
        """A number, a choice or a text, as it was typed."""
        name = text(name, field="name")
        typed = text(value, field=name, limit=2 * TEXT_LIMIT)
        is_number = name in LIMITS and typed.strip().isdecimal() and len(typed) < 10
        await self._change(name, int(typed) if is_number else typed)

    @rx.event
    async def switch(self, name: str, value: bool) -> None:
        """On or off."""
        name = text(name, field="name")
        await self._change(name, flag(value, field=name))

    async def _change(self, name: str, value: Any) -> None:
        deed = chat_settings.change({name: value}, member=await admin(self), now=clock.now())
        answer = await answered(deed, self.router_data, self.answer, about=name)
        assign(self, values=ChatSettings(**asdict(await chat_settings.load())))
        self.answer = answer
