"""Who is asked next. Until schedules, teams and rules come: strict round robin over those who can take one more chat."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Final

DEFAULT_CAPACITY: Final = 5  # PRODUCT 3.5


@dataclass(frozen=True)
class Candidate:
    """An agent as routing sees one. `turn` grows with every offer made, over all agents: the smallest was asked longest ago."""

    agent_id: str
    name: str
    is_available: bool
    is_present: bool
    load: int
    capacity: int
    turn: int

    @property
    def has_room(self) -> bool:
        return self.load < self.capacity


def next_agent(candidates: Iterable[Candidate], *, tried: Set[str]) -> Candidate | None:
    """The untried, available agent with room who was asked longest ago; those who are there before those who are away."""
    fit = [c for c in candidates if c.is_available and c.has_room and c.agent_id not in tried]
    return min(fit, key=lambda c: (not c.is_present, c.turn, c.agent_id), default=None)


def could_come(candidates: Iterable[Candidate], *, tried: Set[str]) -> bool:
    """PRODUCT 3.4: whether waiting makes sense: an untried agent is available, busy ones counting as there."""
    return any(c.is_available and c.agent_id not in tried for c in candidates)
