"""Where a client's replay resumes after a database was restored to an earlier point.

A `seq` is given out only once, even if a restore loses the entry that had it: what follows a restore is numbered above
everything that may have been given out before. So a client's last number tells whether it holds what is stored, and
no client takes a new entry for one that it knows.
"""

from datetime import UTC, datetime
from typing import Final

ORIGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
LATEST: Final = 2**30
"""Whatever the clock says, half of the numbers that a 32-bit column holds remain. Reached in the year 2060."""


def must_start_over(epoch: str | None, *, is_stored: bool, current_epoch: str) -> bool:
    """Whether a client may hold entries that are not stored.

    `epoch`: of the history that it read them from; None when the client doesn't say. `is_stored`: it has read nothing
    yet, or the last entry that it has read is there.
    """
    return not is_stored or (epoch is not None and epoch != current_epoch)


def seq_floor(highest: int, now: datetime) -> int:
    """The number above which entries are numbered after a restore.

    `highest`: the highest number in what is restored and in what it replaces. That alone isn't enough where the
    replaced database is on another machine, or damaged. The seconds since `ORIGIN` are above what that one gave out,
    unless a single conversation had more than an entry a second since the restore before.
    """
    return max(highest, min(int((now - ORIGIN).total_seconds()), LATEST))
