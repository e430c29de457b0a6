"""PRODUCT 2.1, 2.2, 2.6: weeks on the wall, over midnight, with exceptions, when clocks jump."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox_app.domain.availability import Override, availability_at, is_available_at, toggled
from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.schedule import MINUTES_A_DAY, Schedule, from_json, from_text, to_json
from tests.domain.wall import instants, naive_is_open, schedules


@settings(max_examples=300, deadline=None)
@given(schedules(), instants)
def test_an_instant_is_open_exactly_when_the_wall_says_so(schedule: Schedule, at: datetime) -> None:
    assert schedule.is_open(at) is naive_is_open(schedule, at)


@settings(max_examples=60, deadline=None)
@given(schedules(), instants)
def test_the_next_change_is_the_first_minute_that_differs(schedule: Schedule, at: datetime) -> None:
    horizon = 3 * MINUTES_A_DAY
    naive = next(
        (
            at + timedelta(minutes=step)
            for step in range(1, horizon)
            if naive_is_open(schedule, at + timedelta(minutes=step)) is not naive_is_open(schedule, at)
        ),
        None,
    )

    found = schedule.next_change(at)

    assert found == naive or (naive is None and (found is None or found >= at + timedelta(minutes=horizon)))


@settings(max_examples=60, deadline=None)
@given(schedules(), instants, st.booleans())
def test_an_override_holds_until_its_end_and_then_the_schedule_decides(
    schedule: Schedule, at: datetime, is_available: bool
) -> None:
    override = toggled(schedule, is_available=is_available, time_zone=schedule.time_zone, now=at)

    for hours in range(0, 72, 1):
        later = at + timedelta(hours=hours)
        holds = override is not None and (override.until is None or later < override.until)
        expected = is_available if holds else naive_is_open(schedule, later)
        assert is_available_at(schedule, override, later) is expected


@settings(max_examples=60, deadline=None)
@given(schedules(), instants, st.none() | st.booleans())
def test_until_is_the_first_instant_at_which_the_answer_differs(
    schedule: Schedule, at: datetime, switch: bool | None
) -> None:
    override = None if switch is None else toggled(schedule, is_available=switch, time_zone=schedule.time_zone, now=at)

    state = availability_at(schedule, override, at)

    if state.until is not None:
        assert is_available_at(schedule, override, state.until) is not state.is_available
        before = state.until - timedelta(minutes=1)
        assert before < at or is_available_at(schedule, override, before) is state.is_available


def paris(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour - (1 if month == 11 else 2), minute, tzinfo=UTC)


OFFICE = from_text("mon-fri 09:00-12:00,13:00-17:00", time_zone="Europe/Paris")


def test_off_at_15_and_on_at_15_15_leaves_the_end_of_17_in_force() -> None:
    off = toggled(OFFICE, is_available=False, time_zone="Europe/Paris", now=paris(23, 15))
    assert off == Override(False, paris(24, 9))

    on = toggled(OFFICE, is_available=True, time_zone="Europe/Paris", now=paris(23, 15, 15))

    assert on is None
    assert availability_at(OFFICE, on, paris(23, 15, 15)).until == paris(23, 17)


def test_an_override_to_available_ends_at_midnight_of_the_agents_zone() -> None:
    on = toggled(OFFICE, is_available=True, time_zone="Europe/Paris", now=paris(23, 18))

    assert on == Override(True, datetime(2026, 11, 23, 23, tzinfo=UTC))


def test_an_override_to_unavailable_outlives_midnight_and_ends_with_the_next_block() -> None:
    night = from_text("mon-fri 22:00-06:00", time_zone="Europe/Paris")

    off = toggled(night, is_available=False, time_zone="Europe/Paris", now=paris(23, 23))

    assert off == Override(False, paris(24, 22))


def test_without_a_schedule_only_the_agent_ends_an_override_to_off() -> None:
    off = toggled(None, is_available=False, time_zone="UTC", now=paris(23, 15))

    assert off == Override(False, None)


@pytest.mark.parametrize(
    ("blocks", "field"),
    [
        ([{"day": "mon", "from": "09:00", "to": "09:00"}], "blocks.0.to"),
        ([{"day": "mon", "from": "9", "to": "10:00"}], "blocks.0.from"),
        ([{"day": "xyz", "from": "09:00", "to": "10:00"}], "blocks.0.day"),
        ([{"day": "mon", "from": "09:00", "to": "12:00"}, {"day": "mon", "from": "11:00", "to": "13:00"}], "blocks.1"),
        ([{"day": "mon", "from": "22:00", "to": "06:00"}, {"day": "tue", "from": "05:00", "to": "08:00"}], "blocks.0"),
        ([{"day": "sun", "from": "22:00", "to": "06:00"}, {"day": "mon", "from": "05:00", "to": "08:00"}], "blocks.0"),
        ("often", "blocks"),
    ],
)
def test_blocks_that_cannot_be_are_refused_by_name(blocks: object, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        from_json({"time_zone": "UTC", "blocks": blocks})

    assert refused.value.field == field


def test_an_unknown_zone_and_a_day_in_the_past_are_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="time zone such as"):
        from_json({"time_zone": "Mars/Olympus"})
    with pytest.raises(InvalidInput, match="2026-11-20 is in the past"):
        from_json({"time_zone": "UTC", "exceptions": [{"date": "2026-11-20"}]}, today=date(2026, 11, 22))


def test_a_schedule_comes_back_from_json_as_it_went() -> None:
    schedule = from_text("mon-fri 09:00-12:00,13:00-17:00; sat 22:00-06:00; sun 10:00-24:00", time_zone="Asia/Kolkata")

    assert from_json(to_json(schedule)) == schedule


NO_SCHEDULES = ["", "mon", "mon 9-17", "mon-foo 09:00-17:00", "mon 09:00", "mon 09:00-17:00,16:00-18:00"]


@pytest.mark.parametrize("text", NO_SCHEDULES)
def test_a_line_that_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        from_text(text, time_zone="UTC")
