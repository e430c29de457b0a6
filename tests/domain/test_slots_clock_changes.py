"""PRODUCT 2.6, 4.3: slots on the days on which a clock jumps."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inbox_app.domain.booking import days_between, slots
from inbox_app.domain.errors import InvalidInput
from tests.domain.test_slots import offered, rules, wall

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # in Paris: 02:00 → 03:00, 03:00 → 02:00
PARIS = "Europe/Paris"
BEFORE = datetime(2026, 3, 1, tzinfo=UTC)
BEFORE_AUTUMN = datetime(2026, 10, 1, tzinfo=UTC)


def instants(hours: str, day: date, zone: str = PARIS, **changes: int) -> list[str]:
    """Starts in UTC, which tells the two of an hour that comes twice apart."""
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=20)
    found = slots(rules(hours, zone, **changes), days_between(day, day, zone), busy=[], booked=[], now=now)
    return [wall(start) for start in found]


@pytest.mark.parametrize(("day", "now"), [(SPRING, BEFORE), (AUTUMN, BEFORE_AUTUMN)])
def test_nine_is_nine_on_the_wall_before_and_after(day: date, now: datetime) -> None:
    office = rules("mon-sun 09:00-11:00", PARIS)

    shown = offered(office, day - timedelta(days=1), zone=PARIS, now=now, days=3)

    assert shown == ["09:00", "10:00"] * 3


def test_an_hour_that_is_skipped_has_no_slots() -> None:
    assert instants("sun 00:00-05:00", SPRING) == ["23:00", "00:00", "01:00", "02:00"]
    assert offered(rules("sun 00:00-05:00", PARIS), SPRING, zone=PARIS, now=BEFORE) == [
        "00:00",
        "01:00",
        "03:00",
        "04:00",
    ]


def test_a_block_in_the_skipped_hour_alone_has_none_and_one_that_reaches_out_has_the_rest() -> None:
    assert instants("sun 02:00-03:00", SPRING) == []
    assert instants("sun 02:30-05:30", SPRING, step_minutes=30) == ["01:00", "01:30", "02:00", "02:30"]
    assert instants("sun 01:00-02:30", SPRING, step_minutes=30) == ["00:00"]


def test_a_meeting_across_the_skipped_hour_lasts_as_long_as_any() -> None:
    """01:30 to 03:30 on the wall is one hour."""
    assert instants("sun 01:30-03:30", SPRING) == ["00:30"]


def test_an_hour_that_comes_twice_has_its_slots_twice() -> None:
    assert instants("sun 01:00-04:00", AUTUMN) == ["23:00", "00:00", "01:00", "02:00"]
    assert instants("sun 02:00-03:00", AUTUMN) == ["00:00", "01:00"]


def test_a_block_that_ends_within_the_repeated_hour_is_open_twice_with_a_pause() -> None:
    """02:15-02:45 on the wall: two half hours, half an hour apart."""
    found = instants("sun 02:15-02:45", AUTUMN, duration_minutes=30, step_minutes=30)

    assert found == ["00:15", "01:15"]
    assert instants("sun 02:15-02:45", AUTUMN, duration_minutes=31) == []


def test_the_visitors_clock_may_jump_instead() -> None:
    """New York left summer time on 1 November, Kolkata never has one: the same agent's 09:00 is an hour later."""
    morning = rules("mon-sun 09:00-10:00", "America/New_York", horizon_days=90)

    seen = offered(morning, date(2026, 10, 31), zone="Asia/Kolkata", now=BEFORE_AUTUMN, days=3)

    assert seen == ["18:30", "19:30", "19:30"]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 7, 1), 24)])
def test_a_day_is_as_long_as_its_wall_says(day: date, hours: int) -> None:
    window = days_between(day, day, PARIS)

    assert window.end - window.start == timedelta(hours=hours)


def test_a_midnight_that_is_skipped_begins_its_day_an_hour_later() -> None:
    """Santiago goes from 24:00 to 01:00."""
    assert (
        wall(days_between(date(2026, 9, 6), date(2026, 9, 6), "America/Santiago").start, "America/Santiago") == "01:00"
    )
    assert instants("sun 00:00-03:00", date(2026, 9, 6), "America/Santiago") == ["04:00", "05:00"]


@pytest.mark.parametrize(
    ("first", "last", "zone", "field"),
    [
        (date(2026, 11, 23), date(2026, 11, 22), "UTC", "to"),
        (date(2026, 11, 23), date(2026, 12, 24), "UTC", "to"),
        (date.max, date.max, "UTC", "to"),
        (date.min, date.min, "Asia/Tokyo", "to"),
        (date(2026, 11, 23), date(2026, 11, 23), "Middle/Earth", "time_zone"),
        (date(2026, 11, 23), date(2026, 11, 23), "", "time_zone"),
    ],
)
def test_days_that_cannot_be_asked_for_are_refused_by_name(first: date, last: date, zone: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        days_between(first, last, zone)

    assert refused.value.field == field


def test_31_days_can_be_asked_for_at_once() -> None:
    assert days_between(date(2026, 11, 1), date(2026, 12, 1), "UTC").end == datetime(2026, 12, 2, tzinfo=UTC)
