"""After a restore a client starts over if it holds entries that no longer exist, and only then."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_app.domain.replay import LATEST, ORIGIN, must_start_over, seq_floor

INT32 = 2**31 - 1
NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SECONDS = int((NOW - ORIGIN).total_seconds())


@pytest.mark.parametrize(
    ("is_stored", "epoch", "expected"),
    [
        (True, None, False),
        (False, None, True),
        (True, "now", False),
        (False, "now", True),
        (True, "before", True),  # it may hold nothing, but has to learn the epoch
        (False, "before", True),
        (True, "", True),  # it read a history that was never restored
    ],
)
def test_a_client_starts_over_when_its_entries_may_differ(
    epoch: str | None, *, is_stored: bool, expected: bool
) -> None:
    assert must_start_over(epoch, is_stored=is_stored, current_epoch="now") is expected


def test_a_database_that_was_never_restored_resumes_a_client_without_an_epoch() -> None:
    assert not must_start_over("", is_stored=True, current_epoch="")


@pytest.mark.parametrize(
    ("highest", "now", "expected"),
    [
        (0, NOW, SECONDS),
        (10, NOW, SECONDS),
        (SECONDS, NOW, SECONDS),
        (SECONDS + 6, NOW, SECONDS + 6),  # restored twice within seconds
        (SECONDS + 6, NOW - timedelta(days=30), SECONDS + 6),  # the clock was set back
        (10, datetime(1970, 1, 1, tzinfo=UTC), 10),
        (10, datetime(2200, 1, 1, tzinfo=UTC), LATEST),
        (LATEST + 6, datetime(2200, 1, 1, tzinfo=UTC), LATEST + 6),
    ],
)
def test_numbers_continue_above_all_that_may_have_been_given_out(highest: int, now: datetime, expected: int) -> None:
    assert seq_floor(highest, now) == expected


@given(highest=st.integers(0, LATEST), now=st.datetimes(timezones=st.just(UTC)))
def test_half_of_a_32_bit_column_remains_whatever_the_clock_says(highest: int, now: datetime) -> None:
    assert highest <= seq_floor(highest, now) <= INT32 // 2 + 1


@dataclass(frozen=True)
class History:
    """A conversation in a database: its entries by seq, and the number above which the next one is."""

    entries: dict[int, str] = field(default_factory=dict)
    floor: int = 0

    @property
    def highest(self) -> int:
        return max(self.floor, *self.entries, 0)


@dataclass(frozen=True)
class Round:
    """What happens up to a restore. `clock_moves_by`: seconds, on the same machine; None: it's on another one.

    There the clock is right, and the replaced database isn't there.
    """

    entries: int
    is_backed_up: bool
    backup: int
    clock_moves_by: int | None


ROUNDS = st.lists(
    st.builds(Round, st.integers(0, 4), st.booleans(), st.integers(0, 3), st.none() | st.integers(-3, 3)), max_size=6
)


def histories(rounds: Sequence[Round], last_entries: int) -> list[History]:
    """Every state of the database, in order; an entry takes a second."""
    history, now, backups = History(), NOW, [History()]
    found = [history]

    def write(count: int) -> None:
        nonlocal history, now
        for _ in range(count):
            text = f"entry {len(found)}"
            history, now = replace(history, entries=history.entries | {history.highest + 1: text}), now + SECOND
            found.append(history)

    for one in rounds:
        write(one.entries)
        if one.is_backed_up:
            backups.append(history)
        restored = backups[one.backup % len(backups)]
        clock = now + SECOND * (one.clock_moves_by or 0)
        replaced = 0 if one.clock_moves_by is None else history.highest
        history, now = replace(restored, floor=seq_floor(max(restored.highest, replaced), clock)), max(now, clock)
        found.append(history)
    write(last_entries)
    return found


@given(ROUNDS, st.integers(0, 4))
def test_after_a_replay_a_client_has_exactly_what_is_stored_and_starts_over_only_for_what_was_lost(
    rounds: list[Round], last_entries: int
) -> None:
    """Whenever a client without an epoch was cut off."""
    *former, current = histories(rounds, last_entries)
    for known in (history.entries for history in former):
        after = max(known, default=0)
        is_stored = after == 0 or after in current.entries
        is_reset = must_start_over(None, is_stored=is_stored, current_epoch="any")
        replayed = {seq: text for seq, text in current.entries.items() if is_reset or seq > after}
        assert (replayed if is_reset else known | replayed) == current.entries
        assert is_reset == (not known.items() <= current.entries.items())
