"""Whether an agent is offered chats. A plain switch over a schedule that is, for now, all of the week or none of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

NEVER: Final[dict[str, Any]] = {"blocks": []}


@dataclass(frozen=True)
class Availability:
    """`reason`: schedule or override. `until`: the first instant at which it changes by itself, or None."""

    is_available: bool
    reason: str
    until: datetime | None


def by_schedule(schedule: dict[str, Any] | None) -> bool:
    """None is one unbroken block (CONTRACT): always; without blocks: never."""
    return schedule is None or bool(schedule.get("blocks"))


def availability_of(schedule: dict[str, Any] | None, override: bool | None) -> Availability:
    """The override if there is one, else the schedule."""
    if override is None:
        return Availability(by_schedule(schedule), "schedule", None)
    return Availability(override, "override", None)


def override_after_toggle(schedule: dict[str, Any] | None, *, is_available: bool) -> bool | None:
    """PRODUCT 2.2: toggling to the value that the schedule has now clears the override."""
    return None if by_schedule(schedule) is is_available else is_available
