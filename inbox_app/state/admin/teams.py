"""Teams: agents whom rules name together."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from inbox_app import clock
from inbox_app.services import routing_admin
from inbox_app.state.admin.agents import Choice, agents_to_choose, chosen, names_of
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import flag, record, text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin


@dataclass(frozen=True)
class Team:
    """A row. `names`: of its agents."""

    id: str = ""
    name: str = ""
    agents: list[str] | None = None
    names: str = ""


class TeamsState(rx.State):
    """`edited`: what the dialog shows while it `is_open`; an empty id: a new one."""

    teams: list[Team] = []
    agents: list[Choice] = []
    is_loaded: bool = False
    is_open: bool = False
    edited: Team = Team(agents=[])
    answer: Answer = Answer()

    @rx.event
    async def open(self) -> None:
        """From the tab."""
        assign(self, is_open=False)
        await self._read()

    @rx.event
    async def edit(self, team_id: str) -> None:
        """Open the dialog; empty: for a new team."""
        await admin(self)
        team_id = text(team_id, field="team_id")
        found = next((team for team in self.teams if team.id == team_id), Team(agents=[]))
        assign(self, edited=found, answer=Answer(), is_open=True)

    @rx.event
    def set_open(self, is_open: bool) -> None:
        """Closed by its button, by Esc or beside it: nothing is kept."""
        self.is_open = flag(is_open, field="is_open")

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Add or change it."""
        member, form = await admin(self), record(form, field="form")
        value = {"name": form.get("name"), "agents": chosen(form)}
        deed = routing_admin.save_team(value, team_id=self.edited.id or None, member=member, now=clock.now())
        self.answer = await answered(deed, self.router_data, self.answer, about="name")
        self.is_open = bool(self.answer.problem)
        await self._read()

    @rx.event
    async def remove(self, team_id: str) -> None:
        """Rules that name it are passed over from now on."""
        team_id = text(team_id, field="team_id")
        await routing_admin.remove("team", team_id, member=await admin(self), now=clock.now())
        await self._read()

    async def _read(self) -> None:
        agents = await agents_to_choose()
        rows = [
            Team(row["id"], row["name"], row["agents"], names_of(row["agents"], agents))
            for row in await routing_admin.teams(await admin(self))
        ]
        assign(self, teams=rows, agents=agents, is_loaded=True)
