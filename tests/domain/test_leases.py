"""A lease ends with its time, and one that can't have been given out yet does not hold."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_app.domain.leases import SKEW, holds
from tests.domain.builders import NOW

LENGTH = timedelta(seconds=25)


@pytest.mark.parametrize(
    ("until", "is_held"),
    [
        (None, False),
        (timedelta(), False),
        (timedelta(microseconds=1), True),
        (LENGTH, True),
        (LENGTH + SKEW, True),
        (LENGTH + SKEW + timedelta(microseconds=1), False),
        (timedelta(hours=1), False),
        (timedelta(hours=-1), False),
    ],
)
def test_a_lease_holds_until_its_end(until: timedelta | None, is_held: bool) -> None:
    assert holds(None if until is None else NOW + until, now=NOW, length=LENGTH) is is_held


seconds = st.integers(-100_000, 100_000).map(lambda number: timedelta(seconds=number))


@given(clock_set_by=seconds, passed=st.integers(0, 200).map(lambda number: timedelta(seconds=number)))
def test_wherever_the_clock_is_set_nothing_dead_counts_for_long(clock_set_by: timedelta, passed: timedelta) -> None:
    taken_at: datetime = NOW
    later = taken_at + passed + clock_set_by
    if holds(taken_at + LENGTH, now=later, length=LENGTH):
        assert -SKEW <= passed + clock_set_by < LENGTH


@given(passed=st.integers(0, 24).map(lambda number: timedelta(seconds=number)), skew=st.integers(-5, 0))
def test_what_was_taken_on_a_machine_whose_clock_is_a_little_ahead_holds(passed: timedelta, skew: int) -> None:
    assert holds(NOW + LENGTH, now=NOW + passed + timedelta(seconds=skew), length=LENGTH)
