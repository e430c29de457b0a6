"""When a chat in which nobody writes is warned, and when it ends (PRODUCT 3.6)."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox_app.domain.idle import warned_end, warning_time

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEN = timedelta(minutes=10)


@pytest.mark.parametrize(("idle", "warning"), [(10, 60), (2, 60), (1, 30)])
def test_it_is_warned_one_minute_before_or_at_the_half(idle: int, warning: int) -> None:
    assert warning_time(timedelta(minutes=idle)).total_seconds() == warning


def test_it_ends_when_it_was_said_to() -> None:
    assert warned_end(NOON, NOON + timedelta(minutes=9), TEN) == NOON + TEN


def test_a_late_warning_has_its_full_length() -> None:
    late = NOON + timedelta(minutes=25)
    assert warned_end(NOON, late, TEN) == late + timedelta(minutes=1)


def test_whoever_writes_takes_it_back() -> None:
    assert warned_end(NOON, None, TEN) is None
    assert warned_end(NOON + timedelta(seconds=1), NOON, TEN) is None
