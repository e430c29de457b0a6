"""Leases: what a process holds until an instant and gives up by dying, without a word."""

from datetime import datetime, timedelta
from typing import Final

PROCESS: Final = timedelta(seconds=25)
"""A process that has not renewed for so long no longer holds any connections."""
ERRAND: Final = timedelta(minutes=3)
"""Something to do outside: a mail, an event in a calendar."""
READING: Final = timedelta(seconds=40)
"""A connected calendar that is being read."""
READ_AGAIN: Final = timedelta(seconds=30)
"""Until a calendar that was read is read again."""
RETURN: Final = timedelta(minutes=1)
"""An agent whose connection dropped is expected back for so long (PRODUCT 3.4)."""
SKEW: Final = timedelta(seconds=5)
"""By how much the clocks of two machines may differ."""


def latest_end(now: datetime, length: timedelta) -> datetime:
    """The latest instant until which a lease of this length can have been given out by now."""
    return now + length + SKEW


def holds(until: datetime | None, *, now: datetime, length: timedelta) -> bool:
    """Whether a lease is valid.

    One that ends later than it can have been given out is not: it was given out before the clock was set back, and
    would otherwise outlive its process by as much as the clock moved.
    """
    return until is not None and now < until <= latest_end(now, length)
