"""A week on the wall (PRODUCT 2.1, 2.6): blocks of hours with a time zone, and dated exceptions.

What counts is what the clock on the wall shows: an instant is inside a block when its local time is. So on the day a
clock jumps, 09:00-17:00 is still 09:00-17:00, an hour that is skipped is simply not there, and one that comes twice
counts twice.
"""

import itertools
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inbox_app.domain.errors import InvalidInput

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY: Final = 24 * 60
LOOKS_AHEAD: Final = timedelta(days=15)  # a weekly pattern with exceptions shows itself within two weeks
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


@dataclass(frozen=True, order=True)
class Block:
    """Minutes of the day, `start` inclusive, `end` exclusive; `end` ≤ `start` means that it ends on the next day."""

    start: int
    end: int

    @property
    def crosses_midnight(self) -> bool:
        return self.end <= self.start

    @property
    def last_minute(self) -> int:
        """Its end counted from the midnight of the day on which it starts."""
        return self.end + MINUTES_A_DAY if self.crosses_midnight else self.end


_Named = tuple[Block, str]
"""A block with the field that it came from."""


@dataclass(frozen=True)
class Schedule:
    """`week[0]` is Monday. An exception replaces the blocks that start on its date; none: closed that day."""

    time_zone: str
    week: tuple[tuple[Block, ...], ...]
    exceptions: Mapping[date, tuple[Block, ...]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def blocks_of(self, day: date) -> tuple[Block, ...]:
        """The blocks that start on this date."""
        return self.exceptions.get(day, self.week[day.weekday()])

    def active_block(self, at: datetime) -> tuple[date, Block] | None:
        """The block that holds this instant, with the date on which it starts."""
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        for day, passed in ((local.date(), minute), (local.date() - timedelta(days=1), minute + MINUTES_A_DAY)):
            for block in self.blocks_of(day):
                if block.start <= passed < block.last_minute:
                    return day, block
        return None

    def is_open(self, at: datetime) -> bool:
        """Whether the schedule makes its agent available at this instant."""
        return self.active_block(at) is not None

    def next_change(self, after: datetime) -> datetime | None:
        """The first instant later than `after` at which `is_open` changes.

        None within LOOKS_AHEAD: it stays as it is.
        """
        now_open = self.is_open(after)
        return next((edge for edge in self._edges(after) if self.is_open(edge) is not now_open), None)

    def next_start(self, after: datetime) -> datetime | None:
        """The first instant later than `after` at which another block begins (PRODUCT 2.2); None if none does."""
        running = self.active_block(after)
        for edge in self._edges(after):
            block = self.active_block(edge)
            if block is not None and block != running:
                return edge
            running = block
        return None

    def _edges(self, after: datetime) -> Iterator[datetime]:
        """Every instant after this one at which something may change, in order.

        Ends of blocks and jumps of the clock.
        """
        day = after.astimezone(self.zone).date() - timedelta(days=2)
        last = (after + LOOKS_AHEAD).astimezone(self.zone).date()
        found: set[datetime] = set()
        while day <= last:
            for block in self.blocks_of(day):
                for minute in (block.start, block.last_minute):
                    found.update(on_the_wall(day, minute, self.zone))
            jump = jump_on(day, self.zone)
            if jump is not None:
                found.add(jump)
            day += timedelta(days=1)
        yield from sorted(edge for edge in found if edge > after)


def on_the_wall(day: date, minute: int, zone: ZoneInfo) -> Iterable[datetime]:
    """The instants at which this wall clock shows this minute of the day: one, or two where an hour comes twice."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}


def jump_on(day: date, zone: ZoneInfo) -> datetime | None:
    """The instant at which the clock jumps on this date, or None. To the minute."""
    low = datetime.combine(day, time(), UTC) - timedelta(hours=14)
    high = low + timedelta(hours=52)
    before = low.astimezone(zone).utcoffset()
    if high.astimezone(zone).utcoffset() == before:
        return None
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def local_midnight_after(at: datetime, time_zone: str) -> datetime:
    """The first instant of the next day on the wall of this zone."""
    zone = ZoneInfo(time_zone)
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)


def from_json(value: Mapping[str, Any], *, today: date | None = None, kept: Container[str] = ()) -> Schedule:
    """CONTRACT `{time_zone, blocks: [{day, from, to}], exceptions: [{date, blocks: [{from, to}]}]}`.

    Raises InvalidInput naming the field: unknown zone, day or time, empty or overlapping blocks, a date in the past
    (only checked with `today`, and not for the dates `kept` from before).

    """
    time_zone = clean_time_zone(value.get("time_zone", "UTC"))
    week: list[list[_Named]] = [[] for _ in DAYS]
    for index, item in enumerate(_list(value.get("blocks"), "blocks")):
        name = f"blocks.{index}"
        day = _mapping(item, name).get("day")
        if day not in DAYS:
            raise InvalidInput(f"{name}.day", "The day is one of {days}.", days=", ".join(DAYS))
        week[DAYS.index(day)].append((_block(item, name), name))
    exceptions: dict[date, tuple[Block, ...]] = {}
    for index, item in enumerate(_list(value.get("exceptions"), "exceptions")):
        name = f"exceptions.{index}"
        given = _mapping(item, name).get("date")
        day = _date(given, f"{name}.date", None if isinstance(given, str) and given in kept else today)
        if day in exceptions:
            raise InvalidInput(f"{name}.date", "There are two exceptions for {day}.", day=day.isoformat())
        blocks = _list(item.get("blocks"), f"{name}.blocks")
        names = [f"{name}.blocks.{n}" for n in range(len(blocks))]
        exceptions[day] = _day_blocks([(_block(block, own), own) for block, own in zip(blocks, names, strict=True)])
    schedule = Schedule(time_zone, tuple(_day_blocks(blocks) for blocks in week), exceptions)
    _check_over_midnight(week)
    return schedule


def to_json(schedule: Schedule) -> dict[str, Any]:
    """The reverse of `from_json`."""
    blocks = [{"day": DAYS[index], **_block_json(block)} for index, day in enumerate(schedule.week) for block in day]
    exceptions = [
        {"date": day.isoformat(), "blocks": [_block_json(block) for block in found]}
        for day, found in sorted(schedule.exceptions.items())
    ]
    return {"time_zone": schedule.time_zone, "blocks": blocks, "exceptions": exceptions}


def from_text(text: str, *, time_zone: str) -> Schedule:
    """`mon-fri 09:00-12:00,13:00-17:00; sat 10:00-14:00` (CONTRACT, command line). Raises InvalidInput("schedule")."""
    blocks: list[dict[str, str]] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        days, _, hours = part.partition(" ")
        if not hours.strip():
            raise InvalidInput("schedule", 'Write days and hours, such as "mon-fri 09:00-17:00".')
        for span in hours.split(","):
            start, _, end = span.strip().partition("-")
            blocks += [{"day": day, "from": start.strip(), "to": end.strip()} for day in _days(days.lower())]
    if not blocks:
        raise InvalidInput("schedule", 'Write days and hours, such as "mon-fri 09:00-17:00", or none.')
    try:
        return from_json({"time_zone": time_zone, "blocks": blocks})
    except InvalidInput as error:
        raise InvalidInput("schedule", error.sentence, **error.gaps) from None


def _days(text: str) -> list[str]:
    first, _, last = text.partition("-")
    if first not in DAYS or (last and last not in DAYS):
        raise InvalidInput("schedule", "The day is one of {days}.", days=", ".join(DAYS))
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return [DAYS[(begin + step) % 7] for step in range((end - begin) % 7 + 1)]


def clean_time_zone(time_zone: object) -> str:
    """An IANA name. Raises InvalidInput for another."""
    try:
        return ZoneInfo(time_zone).key if isinstance(time_zone, str) else _no_zone()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _no_zone()


def _no_zone() -> NoReturn:
    raise InvalidInput("time_zone", "Enter a time zone such as Europe/Paris.")


def _block(item: Any, name: str) -> Block:
    found = _mapping(item, name)
    block = Block(_minute(found.get("from"), f"{name}.from"), _minute(found.get("to"), f"{name}.to"))
    if block.start == block.end or block.start == MINUTES_A_DAY:
        raise InvalidInput(f"{name}.to", "A block needs some time between its start and its end.")
    return Block(block.start, 0) if block.end == MINUTES_A_DAY and block.start else block


def _minute(value: Any, name: str) -> int:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise InvalidInput(name, "A time is hours and minutes, such as 09:00.")
    hours, minutes = value.split(":")
    return int(hours) * 60 + int(minutes)


def _day_blocks(blocks: list[_Named]) -> tuple[Block, ...]:
    """In order. The later of two that overlap is named, for that is the one that does not fit."""
    ordered = sorted(blocks, key=lambda named: named[0])
    for (earlier, _), (later, name) in itertools.pairwise(ordered):
        if later.start < earlier.last_minute:
            raise InvalidInput(name, "Two blocks of one day overlap: {first} and {second}.",
                               first=_span(earlier), second=_span(later))  # fmt: skip
    return tuple(block for block, _ in ordered)


def _check_over_midnight(week: list[list[_Named]]) -> None:
    for index, blocks in enumerate(week):
        following = week[(index + 1) % 7]
        if not blocks or not following:
            continue
        (last, name), (first, _) = max(blocks), min(following)
        if last.last_minute - MINUTES_A_DAY > first.start:
            raise InvalidInput(name, "{first} runs over midnight into {second} of the next day.",
                               first=_span(last), second=_span(first))  # fmt: skip


def _span(block: Block) -> str:
    return f"{clock_text(block.start)}-{clock_text(block.end)}"


def clock_text(minute: int) -> str:
    """`09:00` of 540."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _block_json(block: Block) -> dict[str, str]:
    return {"from": clock_text(block.start), "to": clock_text(block.end)}


def _date(value: Any, name: str, today: date | None) -> date:
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidInput(name, "Enter a date such as 2026-12-24.") from None
    if today is not None and found < today:
        raise InvalidInput(name, "{day} is in the past.", day=found.isoformat())
    return found


def _list(value: Any, name: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidInput(name, "This must be a list.")
    return value


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(name, "This must be an object.")
    return value
