"""Routing rules in the order in which they are asked (PRODUCT 3.2)."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from inbox_app import clock
from inbox_app.services import routing_admin
from inbox_app.state.admin.agents import Choice, agents_to_choose, names_of
from inbox_app.state.admin.rule_form import rule_from
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import flag, record, text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin


@dataclass(frozen=True)
class Comparison:
    """A condition as the form shows it: `values` with commas."""

    attribute: str
    operator: str
    values: str


@dataclass(frozen=True)
class RoutingRule:
    """A row. `asks`: names of the agents or the team."""

    id: str = ""
    name: str = ""
    priority: int = 100
    conditions: list[Comparison] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    team: str = ""
    asks: str = ""


class RulesState(rx.State):
    """`edited`: what the dialog shows while it `is_open`; an empty id: a new one."""

    rules: list[RoutingRule] = []
    agents: list[Choice] = []
    teams: list[Choice] = []
    is_loaded: bool = False
    is_open: bool = False
    edited: RoutingRule = RoutingRule()
    answer: Answer = Answer()

    @rx.event
    async def open(self) -> None:
        """From the tab."""
        assign(self, is_open=False)
        await self._read()

    @rx.event
    async def edit(self, rule_id: str) -> None:
        """Open the dialog; empty: for a new rule, asked after all others."""
        await admin(self)
        rule_id = text(rule_id, field="rule_id")
        last = max((rule.priority for rule in self.rules), default=0) + 10
        found = next((rule for rule in self.rules if rule.id == rule_id), RoutingRule(priority=last))
        assign(self, edited=found, answer=Answer(), is_open=True)

    @rx.event
    def set_open(self, is_open: bool) -> None:
        """Closed by its button, by Esc or beside it: nothing is kept."""
        self.is_open = flag(is_open, field="is_open")

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Add or change it."""
        member, value = await admin(self), rule_from(record(form, field="form"))
        deed = routing_admin.save_rule(value, rule_id=self.edited.id or None, member=member, now=clock.now())
        self.answer = await answered(deed, self.router_data, self.answer, about="name")
        self.is_open = bool(self.answer.problem)
        await self._read()

    @rx.event
    async def remove(self, rule_id: str) -> None:
        """From now on nobody is asked by it."""
        rule_id = text(rule_id, field="rule_id")
        await routing_admin.remove("rule", rule_id, member=await admin(self), now=clock.now())
        await self._read()

    async def _read(self) -> None:
        member, agents = await admin(self), await agents_to_choose()
        teams = [Choice(row["id"], row["name"]) for row in await routing_admin.teams(member)]
        rules = [_rule(row, agents, teams) for row in await routing_admin.rules(member)]
        assign(self, rules=rules, agents=agents, teams=teams, is_loaded=True)


def _rule(row: dict[str, Any], agents: list[Choice], teams: list[Choice]) -> RoutingRule:
    asks = [team.name for team in teams if team.id == row["team"]] + [names_of(row["agents"], agents)]
    conditions = [Comparison(one["attribute"], one["operator"], ", ".join(one["values"])) for one in row["conditions"]]
    return RoutingRule(
        row["id"], row["name"], row["priority"], conditions, row["agents"], row["team"] or "",
        ", ".join(filter(None, asks)),
    )  # fmt: skip
