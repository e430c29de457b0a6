"""The coming days of a schedule as an agent reads them: what the wall shows, exceptions, clock changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from inbox_app.domain.schedule import Schedule, clock_text

DAYS_SHOWN: Final = 7


@dataclass(frozen=True)
class PreviewBlock:
    """Hours that begin on a day; `is_next_day`: they end on the one after it."""

    start: str
    end: str
    is_next_day: bool


@dataclass(frozen=True)
class PreviewDay:
    """A date (`2026-11-23`) with its blocks; none: closed. `clock_change`: by how many minutes the clock jumps."""

    date: str
    blocks: list[PreviewBlock]
    is_exception: bool
    clock_change: int


def coming_days(schedule: Schedule, *, now: datetime, days: int = DAYS_SHOWN) -> list[PreviewDay]:
    """From today, in the schedule's own zone."""
    today = now.astimezone(schedule.zone).date()
    return [_day(schedule, today + timedelta(days=step)) for step in range(days)]


def _day(schedule: Schedule, day: date) -> PreviewDay:
    blocks = [
        PreviewBlock(clock_text(block.start), clock_text(block.end), block.crosses_midnight)
        for block in schedule.blocks_of(day)
    ]
    return PreviewDay(day.isoformat(), blocks, day in schedule.exceptions, _clock_change(day, schedule.zone))


def _clock_change(day: date, zone: ZoneInfo) -> int:
    """By how many minutes the day is shorter than 24 hours; below 0: longer."""
    start, end = (datetime.combine(day + timedelta(days=step), time(), zone).astimezone(UTC) for step in (0, 1))
    return int((timedelta(days=1) - (end - start)) / timedelta(minutes=1))
