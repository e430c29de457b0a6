"""After a restore a client starts over if it may hold entries that no longer exist."""

import pytest

from inbox_app.domain.replay import must_start_over


@pytest.mark.parametrize(
    ("after", "epoch", "expected"),
    [
        (0, None, False),
        (5, None, False),
        (6, None, True),
        (0, "now", False),
        (5, "now", False),
        (6, "now", True),
        (0, "before", True),  # it holds nothing, but has to learn the epoch
        (5, "before", True),
        (6, "before", True),
        (5, "", True),  # it read a history that was never restored
    ],
)
def test_a_client_starts_over_when_its_entries_may_differ(after: int, epoch: str | None, *, expected: bool) -> None:
    assert must_start_over(after, epoch, last_seq=5, current_epoch="now") is expected


def test_a_database_that_was_never_restored_resumes_a_client_without_an_epoch() -> None:
    assert not must_start_over(5, "", last_seq=5, current_epoch="")
