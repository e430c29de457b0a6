"""The coming slots as an agent sees them while setting the hours of meetings: the next bookable days, in their zone."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

DAYS_SHOWN: Final = 5
TIMES_SHOWN: Final = 12


@dataclass(frozen=True)
class SlotsDay:
    """A date (`2026-11-23`) with its first times as the wall shows them, and how many more there are."""

    date: str
    times: list[str]
    more: int


@dataclass(frozen=True)
class ComingSlots:
    """`why_none`: an English sentence, the key of its translation; empty when there are days."""

    days: list[SlotsDay] = field(default_factory=list)
    why_none: str = ""


def has_enough(starts: Sequence[datetime], zone: ZoneInfo) -> bool:
    """Whether the days that are shown are whole: a day after them has begun."""
    return len({start.astimezone(zone).date() for start in starts}) > DAYS_SHOWN


def coming_days(starts: Sequence[datetime], zone: ZoneInfo) -> list[SlotsDay]:
    """The first days of these starts, which are in order."""
    walls = (start.astimezone(zone) for start in starts)
    days = itertools.islice(itertools.groupby(walls, key=datetime.date), DAYS_SHOWN)
    return [_day(day.isoformat(), [f"{wall:%H:%M}" for wall in found]) for day, found in days]


def _day(date: str, times: list[str]) -> SlotsDay:
    return SlotsDay(date, times[:TIMES_SHOWN], max(0, len(times) - TIMES_SHOWN))
