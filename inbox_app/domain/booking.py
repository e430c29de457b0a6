"""Which times of an agent can be booked (PRODUCT 4.3): meeting hours - busy - booked - buffers - notice.

All instants are aware; an interval is half-open. A slot is the start of a meeting.
"""

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.meeting_settings import MeetingSettings
from inbox_app.domain.schedule import Schedule, clean_time_zone, jump_on, on_the_wall

DAYS_AT_MOST: Final = 31  # CONTRACT: of one question for slots


class MeetingStatus(StrEnum):
    """PRODUCT 4.5. That it has passed is a matter of the clock and is not stored."""

    SCHEDULED = "scheduled"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, order=True)
class Interval:
    """`start` inclusive, `end` exclusive."""

    start: datetime
    end: datetime

    def padded(self, before: timedelta, after: timedelta) -> "Interval":
        """Longer by so much at either end."""
        return Interval(self.start - before, self.end + after)


class Times:
    """A set of instants, made of intervals that may overlap and touch; for many questions."""

    def __init__(self, intervals: Iterable[Interval]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for interval in sorted(intervals):
            if interval.end <= interval.start:
                continue
            if self._ends and interval.start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], interval.end)
            else:
                self._starts.append(interval.start)
                self._ends.append(interval.end)

    def overlap(self, start: datetime, end: datetime) -> bool:
        """Whether any instant between these two is one of them."""
        return bisect_left(self._starts, end) > bisect_right(self._ends, start)

    def cover(self, start: datetime, end: datetime) -> bool:
        """Whether every instant between these two is one of them."""
        index = bisect_right(self._starts, start) - 1
        return index >= 0 and end <= self._ends[index]


def days_between(first: date, last: date, zone: str) -> Interval:
    """These days, both inclusive, as they are on the wall of a zone. Raises InvalidInput("to" or "time_zone")."""
    clean_time_zone(zone)
    if last < first:
        raise InvalidInput("to", "The last day is before the first one.")
    if (last - first).days >= DAYS_AT_MOST:
        raise InvalidInput("to", "Ask for at most {limit} days at once.", limit=DAYS_AT_MOST)
    try:
        midnights = [datetime.combine(day, time(), ZoneInfo(zone)) for day in (first, last + timedelta(days=1))]
        return Interval(*(midnight.astimezone(UTC) for midnight in midnights))
    except OverflowError:  # a day at one of the ends of the calendar
        raise InvalidInput("to", "Enter a date such as 2026-12-24.") from None


def slots(
    settings: MeetingSettings, window: Interval, *, busy: Iterable[Interval], booked: Sequence[Interval], now: datetime
) -> list[datetime]:
    """The starts inside `window` at which a meeting can be booked now, in order (UTC).

    `busy`: events of the agent's calendars, kept off by the buffers. `booked`: the agent's other meetings, which keep
    their own buffers too and count for the maximum a day.
    """
    before, after = _minutes(settings.buffer_before_minutes), _minutes(settings.buffer_after_minutes)
    duration, gap = _minutes(settings.duration_minutes), max(before, after)
    busy_times = Times(busy)
    meetings = Times(meeting.padded(gap, gap) for meeting in booked)
    full = _full_days(settings, booked)
    return [
        start
        for start in _grid(settings, *_bookable(settings, window, now))
        if not meetings.overlap(start, start + duration)
        and not busy_times.overlap(start - before, start + duration + after)
        and (not full or start.astimezone(settings.schedule.zone).date() not in full)
    ]


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def _bookable(settings: MeetingSettings, window: Interval, now: datetime) -> tuple[datetime, datetime]:
    """The window less what is inside the notice or beyond the horizon; its end is exclusive."""
    notice = now + timedelta(hours=settings.minimum_notice_hours)
    horizon = now + timedelta(days=settings.horizon_days)
    return max(window.start, notice), min(window.end, horizon + timedelta(microseconds=1))


def _full_days(settings: MeetingSettings, booked: Sequence[Interval]) -> set[date]:
    if settings.maximum_a_day is None:
        return set()
    counted = Counter(meeting.start.astimezone(settings.schedule.zone).date() for meeting in booked)
    return {day for day, count in counted.items() if count >= settings.maximum_a_day}


def _grid(settings: MeetingSettings, first: datetime, last: datetime) -> list[datetime]:
    """Starts on the grid of the meeting hours whose whole meeting is inside them, from `first` until before `last`."""
    if first >= last:
        return []
    duration, step = _minutes(settings.duration_minutes), settings.step_minutes
    pieces = list(_pieces(settings.schedule, first, last + duration))
    hours = Times(piece.interval for piece in pieces)
    starts = {start for piece in pieces for start in piece.starts(step)}
    return sorted(start for start in starts if first <= start < last and hours.cover(start, start + duration))


@dataclass(frozen=True)
class _Piece:
    """A part of a block in which the clock does not jump; it begins so many minutes after the block by the wall."""

    interval: Interval
    minutes: int

    def starts(self, step: int) -> Iterator[datetime]:
        """Each `step` from the start of the block, as the wall shows it."""
        start = self.interval.start + timedelta(minutes=-self.minutes % step)
        while start < self.interval.end:
            yield start
            start += timedelta(minutes=step)


def _pieces(schedule: Schedule, first: datetime, last: datetime) -> Iterator[_Piece]:
    """All blocks that may have a part between two instants, cut where the clock jumps.

    An hour that comes twice is there twice, one that is skipped is not there.
    """
    day, end = (instant.astimezone(schedule.zone).date() for instant in (first, last))
    day -= timedelta(days=1)  # a block of yesterday may run over midnight
    while day <= end:
        nearby = (jump_on(day + timedelta(days=step), schedule.zone) for step in range(2))
        jumps = {jump for jump in nearby if jump is not None}
        for block in schedule.blocks_of(day):
            edges = {
                at for minute in (block.start, block.last_minute) for at in on_the_wall(day, minute, schedule.zone)
            }
            for start, stop in itertools.pairwise(sorted(edges | jumps)):
                minute = _wall_minute(start, day, schedule.zone)
                if block.start <= minute < block.last_minute:
                    yield _Piece(Interval(start, stop), minute - block.start)
        day += timedelta(days=1)


def _wall_minute(instant: datetime, day: date, zone: ZoneInfo) -> int:
    """What the wall shows then, counted from the midnight of a day."""
    wall = instant.astimezone(zone).replace(tzinfo=None)
    return int((wall - datetime.combine(day, time())) / timedelta(minutes=1))
