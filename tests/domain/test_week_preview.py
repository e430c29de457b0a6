"""The coming days of a schedule, as an agent reads them before saving."""

from datetime import UTC, datetime
from typing import Any

from inbox_app.domain.schedule import from_json
from inbox_app.domain.week_preview import PreviewBlock, PreviewDay, coming_days

SATURDAY = datetime(2026, 3, 28, 12, tzinfo=UTC)


def days(now: datetime = SATURDAY, **schedule: Any) -> list[PreviewDay]:
    given = {"time_zone": "Europe/Paris", "blocks": [], "exceptions": []} | schedule
    return coming_days(from_json(given), now=now)


def test_seven_days_begin_today_in_the_schedules_own_zone() -> None:
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)

    assert [day.date for day in days(late)][:2] == ["2026-03-29", "2026-03-30"]
    assert len(days(late)) == 7


def test_a_block_over_midnight_ends_on_the_next_day() -> None:
    monday = days(blocks=[{"day": "mon", "from": "22:00", "to": "06:00"}])[2]

    assert monday == PreviewDay("2026-03-30", [PreviewBlock("22:00", "06:00", True)], False, 0)


def test_an_exception_is_marked_whether_closed_or_with_own_hours() -> None:
    closed, own = days(
        blocks=[{"day": "mon", "from": "09:00", "to": "17:00"}],
        exceptions=[
            {"date": "2026-03-30", "blocks": []},
            {"date": "2026-03-31", "blocks": [{"from": "10:00", "to": "12:00"}]},
        ],
    )[2:4]

    assert (closed.is_exception, closed.blocks) == (True, [])
    assert (own.is_exception, own.blocks) == (True, [PreviewBlock("10:00", "12:00", False)])


def test_the_day_on_which_the_clock_jumps_tells_by_how_much() -> None:
    assert [day.clock_change for day in days()][:3] == [0, 60, 0]
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert [day.clock_change for day in days(autumn)][:3] == [0, -60, 0]
    assert [day.clock_change for day in days(autumn, time_zone="Australia/Lord_Howe")][:3] == [0] * 3
    spring_there = datetime(2026, 10, 3, 3, tzinfo=UTC)
    assert 30 in [day.clock_change for day in days(spring_there, time_zone="Australia/Lord_Howe")]
