"""When something that did not work outside is tried again."""

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=10)
LONGEST: Final = timedelta(hours=1)
TRIES: Final = 32
"""After so many it has failed: with these pauses that is about a day."""


def pause(tries: int, *, chance: float) -> timedelta:
    """How long to wait after that many tries (from 1): doubled each time, at most an hour.

    `chance` (0 to 1) moves it by up to a quarter either way, so that what broke together does not come back together.
    """
    doubled: timedelta = FIRST * 2 ** min(tries - 1, 16)
    return min(doubled, LONGEST) * (0.75 + chance / 2)
