"""People: who signs in, as what, and how many chats each takes (PRODUCT 5.3)."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from inbox_app import clock, live
from inbox_app.domain.people import colour_of, initials
from inbox_app.services import chat_settings, people
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import flag, text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin

OF_PEOPLE = {"people", "settings", live.RESYNC}


@dataclass(frozen=True)
class Person:
    """A row of the table. `capacity` empty: the default."""

    id: str
    name: str
    email: str
    role: str
    takes_chats: bool
    capacity: str
    is_disabled: bool
    is_invited: bool
    picture: str
    initials: str
    colour: int


class PeopleState(rx.State):
    """`row_answer`: of the row that was changed last.

    What is about the number of chats at once names the field `<id>.capacity`.
    """

    people: list[Person] = []
    default_capacity: int = 5
    is_loaded: bool = False
    row_answer: Answer = Answer()

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From the tab, until it is left: other admins and `inbox user` change people too."""
        async with live.subscribe(live.topics.everyone()) as changes:
            async for events in changes.bursts():
                if events and OF_PEOPLE.isdisjoint(event.kind for event in events):
                    continue
                rows = await _everyone(self)
                default = (await chat_settings.load()).capacity
                async with self:
                    assign(self, people=rows, default_capacity=default, is_loaded=True)
                    if not events:  # what was said of an earlier visit is over
                        self.row_answer = Answer()

    @rx.event
    async def set_role(self, member_id: str, role: str) -> None:
        """Agent, manager or admin."""
        await self._change(member_id, role=text(role, field="role"))

    @rx.event
    async def set_takes_chats(self, member_id: str, takes_chats: bool) -> None:
        """Also an admin may be an agent (PRODUCT 5.4)."""
        await self._change(member_id, takes_chats=flag(takes_chats, field="takes_chats"))

    @rx.event
    async def set_capacity(self, member_id: str, capacity: str) -> None:
        """1-10; empty: the default of all."""
        typed = text(capacity, field="capacity").strip()
        await self._change(member_id, capacity=int(typed) if typed.isdecimal() else typed or None)

    @rx.event
    async def set_disabled(self, member_id: str, is_disabled: bool) -> None:
        """Signed out everywhere; the chats go to others at once (PRODUCT 3.8)."""
        await self._change(member_id, is_disabled=flag(is_disabled, field="is_disabled"))

    async def _change(self, member_id: str, **changes: Any) -> None:
        member, member_id = await admin(self), text(member_id, field="member_id")
        deed = people.change(member_id, changes, member=member, now=clock.now())
        answer = await answered(deed, self.router_data, self.row_answer)
        self.people = await _everyone(self)
        about = f"{member_id}.capacity" if "capacity" in changes else member_id
        self.row_answer = Answer(answer.beat, about, answer.problem)


async def _everyone(state: rx.State) -> list[Person]:
    return [_person(row) for row in await people.listed(await admin(state), now=clock.now())]


def _person(row: dict[str, Any]) -> Person:
    known = {
        name: row[name]
        for name in ("id", "name", "email", "role", "takes_chats", "is_disabled", "is_invited", "picture")
    }
    shown = {"initials": initials(row["name"]), "colour": colour_of(row["id"])}
    return Person(**known, **shown, capacity=str(row["capacity"] or ""))
