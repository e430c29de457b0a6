"""Whether an agent is offered chats (PRODUCT 2): the weekly schedule, and the switch that overrides it for a while."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from inbox_app.domain.schedule import Schedule, local_midnight_after

Reason = Literal["schedule", "override"]
NEVER: Final = Schedule("UTC", ((),) * 7)


@dataclass(frozen=True)
class Override:
    """The switch as it was set: to what, and until when (None: until it is changed)."""

    is_available: bool
    until: datetime | None

    def lasts(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.until is None or now < self.until


@dataclass(frozen=True)
class Availability:
    """`until`: the first instant at which the value changes by itself, or None. `reason`: who decides now."""

    is_available: bool
    reason: Reason
    until: datetime | None


def override_until(schedule: Schedule | None, *, is_available: bool, time_zone: str, now: datetime) -> datetime | None:
    """PRODUCT 2.2: at the next start of a block; an override to available also at midnight in the agent's zone.

    No schedule is one unbroken block: only the agent, or midnight, ends an override.
    """
    ends = [schedule.next_start(now)] if schedule is not None else []
    if is_available:
        ends.append(local_midnight_after(now, time_zone))
    return min((end for end in ends if end is not None), default=None)


def is_available_at(schedule: Schedule | None, override: Override | None, now: datetime) -> bool:
    """The override while it lasts, else the schedule. Cheap: routing asks it of everyone."""
    if override is not None and override.lasts(now):
        return override.is_available
    return schedule is None or schedule.is_open(now)


def availability_at(schedule: Schedule | None, override: Override | None, now: datetime) -> Availability:
    """The same with the reason and the end, for people."""
    if override is not None and override.lasts(now):
        return Availability(override.is_available, "override", _changes_at(schedule, override))
    if schedule is None:
        return Availability(True, "schedule", None)
    return Availability(schedule.is_open(now), "schedule", schedule.next_change(now))


def _changes_at(schedule: Schedule | None, override: Override) -> datetime | None:
    """When the value changes: not at the override's end, if the schedule then says the same."""
    if override.until is None:
        return None
    by_schedule = schedule is None or schedule.is_open(override.until)
    if by_schedule is not override.is_available:
        return override.until
    return None if schedule is None else schedule.next_change(override.until)


def toggled(schedule: Schedule | None, *, is_available: bool, time_zone: str, now: datetime) -> Override | None:
    """PRODUCT 2.2: toggling to the value that the schedule has now clears the override."""
    by_schedule = schedule is None or schedule.is_open(now)
    if by_schedule is is_available:
        return None
    return Override(is_available, override_until(schedule, is_available=is_available, time_zone=time_zone, now=now))
