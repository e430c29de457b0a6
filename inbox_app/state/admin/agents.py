"""Agents to choose from, in the forms of teams and rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from inbox_app import clock
from inbox_app.data import views

PREFIX: Final = "agent:"
"""A box of the form is named so before the agent's id; only ticked ones are sent."""


@dataclass(frozen=True)
class Choice:
    """Something to choose, with the name that a person reads."""

    id: str
    name: str


async def agents_to_choose() -> list[Choice]:
    """Every enabled agent, by name."""
    return [Choice(agent.id, agent.name) for agent in await views.agents(now=clock.now())]


def chosen(form: Mapping[str, Any]) -> list[str]:
    """The agents that are ticked."""
    return [str(name).removeprefix(PREFIX) for name in form if str(name).startswith(PREFIX)]


def names_of(ids: Iterable[str], agents: Iterable[Choice]) -> str:
    """Enabled ones only: routing passes over all others."""
    return ", ".join(agent.name for agent in agents if agent.id in set(ids))
