"""The dialog on /settings that connects a CalDAV calendar: the account first, then which of its calendars."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from inbox_app import clock
from inbox_app.data import views
from inbox_app.services import calendars
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import flag, record, text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import agent


@dataclass(frozen=True)
class Found:
    """A calendar of the account."""

    address: str
    name: str


class CalendarFormState(rx.State):
    """`url`, `account`: what the form holds at first; `found`: to choose from. The password stays on the server."""

    is_open: bool = False
    is_asking: bool = False
    url: str = ""
    account: str = ""
    found: list[Found] = []
    answer: Answer = Answer()
    _login: tuple[str, str, str] = ("", "", "")

    @rx.event
    async def open(self, calendar_id: str) -> None:
        """Empty: a new one; else the one that is connected again."""
        calendar_id = text(calendar_id, field="calendar_id")
        known = {row.id: row for row in await views.calendars(await agent(self))}.get(calendar_id)
        url, account = (known.address, known.account) if known else ("", "")
        assign(self, url=url, account=account, found=[], answer=Answer(), is_open=True, is_asking=False)
        self._login = ("", "", "")

    @rx.event
    def set_open(self, is_open: bool) -> None:
        """Closed by its button, by Esc or beside it: nothing is kept."""
        assign(self, is_open=flag(is_open, field="is_open"), found=[])
        self._login = ("", "", "")

    @rx.event(background=True)
    async def look(self, form: dict[str, Any]) -> None:
        """Ask the server for the account's calendars; a single one is connected at once."""
        member, form = await agent(self), record(form, field="form")
        login = tuple(text(form.get(name, ""), field=name, limit=500) for name in ("url", "account", "password"))
        found: list[Found] = []

        async def deed() -> None:
            listed = await calendars.discover(*login, member=member, now=clock.now())
            found.extend(Found(calendar.address, calendar.name) for calendar in listed)
            if len(found) == 1:
                await self._connect(found[0], login)

        await self._ask(deed())
        async with self:
            self._login = login if self.is_open else ("", "", "")
            assign(self, found=found if self.is_open else [])

    @rx.event(background=True)
    async def choose(self, address: str) -> None:
        """Connect this one."""
        await agent(self)
        async with self:
            chosen = next((calendar for calendar in self.found if calendar.address == address), None)
            login = self._login
        if chosen is not None:
            await self._ask(self._connect(chosen, login))

    async def _connect(self, chosen: Found, login: tuple[str, ...]) -> None:
        await calendars.connect_caldav(
            chosen.address, login[1], login[2], name=chosen.name, member=await agent(self), now=clock.now()
        )
        async with self:
            assign(self, is_open=False)

    async def _ask(self, deed: Any) -> None:
        """A refusal stands beside its field; the form can be sent again."""
        async with self:
            self.is_asking, last = True, self.answer
        try:
            answer = await answered(deed, self.router_data, last)
        finally:
            async with self:
                self.is_asking = False
        async with self:
            self.answer = answer
