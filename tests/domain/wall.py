"""Weeks on the wall for properties: schedules in zones whose clocks jump, and the model that looks at every minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from inbox_app.domain.schedule import MINUTES_A_DAY, Block, Schedule

ZONES = (
    "UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago",
    "America/Havana", "Pacific/Chatham",
)  # fmt: skip
# Weeks in which clocks jump in these zones, and one in which none does.
BEGINNINGS = (
    datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC),
    datetime(2026, 10, 30, tzinfo=UTC), datetime(2026, 4, 3, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC),
    datetime(2026, 9, 4, tzinfo=UTC), datetime(2026, 9, 25, tzinfo=UTC),
)  # fmt: skip
MINUTE = timedelta(minutes=1)

zones = st.sampled_from(ZONES)
beginnings = st.sampled_from(BEGINNINGS)
instants = st.builds(lambda begin, minutes: begin + minutes * MINUTE, beginnings, st.integers(0, 5 * MINUTES_A_DAY))


@st.composite
def days(draw: st.DrawFn) -> tuple[Block, ...]:
    """Blocks of one day that do not overlap; the last may run over midnight."""
    edges = sorted(draw(st.sets(st.integers(0, 95), max_size=4)))
    blocks = [Block(first * 15, last * 15) for first, last in zip(edges[::2], edges[1::2], strict=False)]
    if len(edges) % 2 and draw(st.booleans()):
        blocks.append(Block(edges[-1] * 15, draw(st.integers(0, edges[-1])) * 15))
    return tuple(blocks)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """A week with exceptions on days on which clocks jump."""
    week = tuple(draw(days()) for _ in range(7))
    dates = st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 2)])
    exceptions = draw(st.dictionaries(dates, days()))
    return Schedule(draw(zones), week, exceptions)


def minutes_into_blocks(schedule: Schedule, at: datetime) -> Iterator[int]:
    """How far the wall is inside each block that holds this instant; the model: all blocks of today and yesterday."""
    local = at.astimezone(schedule.zone).replace(tzinfo=None)
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        for block in schedule.exceptions.get(day, schedule.week[day.weekday()]):
            start = datetime.combine(day, time()) + block.start * MINUTE
            length = block.end - block.start if block.end > block.start else block.end - block.start + MINUTES_A_DAY
            if start <= local < start + length * MINUTE:
                yield int((local - start) / MINUTE)


def naive_is_open(schedule: Schedule, at: datetime) -> bool:
    """What the wall shows."""
    return any(True for _ in minutes_into_blocks(schedule, at))
