"""PRODUCT 4.3, case by case: which starts are offered, told as the wall clocks of agent and visitor show them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox_app.domain.booking import Interval, days_between, slots
from inbox_app.domain.meeting_settings import MeetingSettings
from inbox_app.domain.schedule import from_json, from_text

MONDAY = date(2026, 11, 23)
SUNDAY = datetime(2026, 11, 22, 8, tzinfo=UTC)


def rules(
    hours: str = "mon-fri 09:00-12:00", zone: str = "UTC", exceptions: Any = (), **changes: Any
) -> MeetingSettings:
    """An hour each on the hour, without a notice, unless said otherwise."""
    schedule = replace(
        from_text(hours, time_zone=zone), exceptions=from_json({"exceptions": list(exceptions)}).exceptions
    )
    defaults = {"duration_minutes": 60, "step_minutes": 60, "minimum_notice_hours": 0}
    return MeetingSettings(schedule, **defaults | changes)


def wall(instant: datetime, zone: str = "UTC") -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def offered(
    settings: MeetingSettings,
    day: date = MONDAY,
    *,
    zone: str = "UTC",
    now: datetime = SUNDAY,
    days: int = 1,
    **taken: Any,
) -> list[str]:
    """What a visitor of that zone sees on that day; `taken`: busy and booked, as hours of MONDAY in UTC."""
    lists = {name: [between(*pair) for pair in taken.get(name, ())] for name in ("busy", "booked")}
    window = days_between(day, day + timedelta(days=days - 1), zone)
    return [wall(start, zone) for start in slots(settings, window, now=now, **lists)]


def between(start: str, end: str) -> Interval:
    """`between("10:00", "11:00")` on MONDAY."""
    return Interval(*(datetime.fromisoformat(f"{MONDAY}T{clock}Z") for clock in (start, end)))


def at(clock: str, day: date = MONDAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}Z")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "09:00 10:00 11:00"),
        ({"step_minutes": 30}, "09:00 09:30 10:00 10:30 11:00"),
        ({"duration_minutes": 45, "step_minutes": 45}, "09:00 09:45 10:30 11:15"),
        ({"duration_minutes": 180}, "09:00"),
        ({"duration_minutes": 181}, ""),
        ({"hours": "mon 09:10-12:00"}, "09:10 10:10"),
        ({"hours": "mon 09:00-10:00,10:30-11:30"}, "09:00 10:30"),
        ({"hours": "mon 09:00-10:30,10:30-12:00"}, "09:00 10:00 10:30"),
        ({"hours": "mon 00:00-24:00", "duration_minutes": 480, "step_minutes": 480}, "00:00 08:00 16:00"),
        ({"hours": "tue 09:00-12:00"}, ""),
    ],
)
def test_the_grid_begins_with_each_block_and_the_whole_meeting_is_in_the_hours(changes: Any, expected: str) -> None:
    assert offered(rules(**changes)) == expected.split()


def test_a_block_over_midnight_is_one_and_belongs_to_both_days() -> None:
    night = rules("mon 22:00-02:00", duration_minutes=60, step_minutes=45)

    assert offered(night) == ["22:00", "22:45", "23:30"]
    assert offered(night, MONDAY + timedelta(days=1)) == ["00:15", "01:00"]


def test_hours_that_touch_at_midnight_have_no_edge_there() -> None:
    always = rules("mon-sun 00:00-24:00", duration_minutes=90, step_minutes=60)

    assert offered(always)[-2:] == ["22:00", "23:00"]


@pytest.mark.parametrize(
    ("notice", "now", "expected"),
    [
        (0, "09:00", "09:00 10:00 11:00"),
        (0, "09:00:01", "10:00 11:00"),
        (1, "09:00", "10:00 11:00"),
        (1, "09:01", "11:00"),
        (3, "09:00", ""),
    ],
)
def test_a_slot_is_offered_until_its_notice_begins(notice: int, now: str, expected: str) -> None:
    assert offered(rules(minimum_notice_hours=notice), now=at(now)) == expected.split()


@pytest.mark.parametrize(
    ("days", "now", "expected"),
    [(1, "09:59", "09:00"), (1, "10:00", "09:00 10:00"), (2, "10:00", "09:00 10:00 11:00")],
)
def test_the_horizon_is_so_many_days_from_now(days: int, now: str, expected: str) -> None:
    yesterday = at(now, MONDAY - timedelta(days=1))

    assert offered(rules(horizon_days=days), now=yesterday) == expected.split()


@pytest.mark.parametrize(
    ("busy", "changes", "expected"),
    [
        (("10:00", "11:00"), {}, "09:00 11:00"),
        (("10:30", "10:31"), {}, "09:00 11:00"),
        (("10:30", "10:30"), {}, "09:00 10:00 11:00"),
        (("00:00", "23:59"), {}, ""),
        (("11:00", "12:00"), {"buffer_after_minutes": 1}, "09:00"),
        (("09:00", "10:00"), {"buffer_before_minutes": 1}, "11:00"),
        (("11:00", "12:00"), {"buffer_before_minutes": 60}, "09:00 10:00"),
        (("12:00", "13:00"), {"buffer_after_minutes": 30}, "09:00 10:00"),
        (("08:00", "09:00"), {"buffer_before_minutes": 30}, "10:00 11:00"),
    ],
)
def test_what_is_busy_is_kept_free_with_its_buffers(busy: tuple[str, str], changes: Any, expected: str) -> None:
    assert offered(rules(**changes), busy=[busy]) == expected.split()


def test_busy_times_may_overlap_and_come_in_any_order() -> None:
    busy = [("11:30", "12:00"), ("09:00", "09:30"), ("09:10", "09:20"), ("11:45", "12:30")]

    assert offered(rules(), busy=busy) == ["10:00"]


@pytest.mark.parametrize(("before", "after"), [(15, 0), (0, 15), (15, 15), (5, 15)])
def test_a_meeting_keeps_its_own_buffers_too(before: int, after: int) -> None:
    """One of 15 minutes before each meeting leaves 15 minutes between two, whichever of them was booked first."""
    quarter = rules(duration_minutes=30, step_minutes=15, buffer_before_minutes=before, buffer_after_minutes=after)

    assert offered(quarter, booked=[("10:00", "10:30")]) == ["09:00", "09:15", "10:45", "11:00", "11:15", "11:30"]


def test_a_full_day_offers_nothing_more_by_the_agents_calendar() -> None:
    """Monday 14:00 UTC is Monday 23:00 in Tokyo, so Tokyo's Monday is full: until 15:00 UTC."""
    most = rules("mon-sun 00:00-24:00", "Asia/Tokyo", maximum_a_day=1, duration_minutes=60, step_minutes=240)

    found = offered(most, booked=[("14:00", "15:00")], days=2)

    assert found == ["15:00", "19:00", "23:00", "03:00", "07:00", "11:00", "15:00", "19:00", "23:00"]


def test_below_the_maximum_the_day_stays_open() -> None:
    assert offered(rules(maximum_a_day=2), booked=[("09:00", "10:00")]) == ["10:00", "11:00"]
    assert offered(rules(maximum_a_day=2), booked=[("09:00", "10:00"), ("16:00", "17:00")]) == []


def test_an_exception_closes_its_day_or_gives_it_hours_of_its_own() -> None:
    closed = rules(exceptions=[{"date": "2026-11-23", "blocks": []}])
    own = rules(exceptions=[{"date": "2026-11-23", "blocks": [{"from": "20:00", "to": "22:00"}]}])

    assert (offered(closed), offered(own)) == ([], ["20:00", "21:00"])
    assert offered(closed, MONDAY + timedelta(days=1)) == ["09:00", "10:00", "11:00"]


def test_the_night_before_a_closed_day_goes_on_to_its_end() -> None:
    night = rules("mon-sun 22:00-02:00", exceptions=[{"date": "2026-11-23", "blocks": []}])

    assert offered(night) == ["00:00", "01:00"]


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Paris", MONDAY, "15:00 16:00 17:00"),
        ("Asia/Kolkata", MONDAY, "19:30 20:30 21:30"),
        ("Pacific/Auckland", MONDAY, ""),
        ("Pacific/Auckland", MONDAY + timedelta(days=1), "03:00 04:00 05:00"),
        ("Pacific/Kiritimati", MONDAY + timedelta(days=1), "04:00 05:00 06:00"),
    ],
)
def test_days_are_those_of_the_visitors_wall(zone: str, day: date, expected: str) -> None:
    new_york = rules("mon 09:00-12:00", "America/New_York")

    assert offered(new_york, day, zone=zone) == expected.split()
