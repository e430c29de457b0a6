"""Answers that are needed on every call, as who is asking: read once, and kept for seconds."""

import random
import time
from typing import Any, Final

from cachetools import TLRUCache

LONGEST_SECONDS: Final = 5.0
"""What another process has changed is known after so long at the latest."""


def kept_briefly(size: int) -> TLRUCache[str, Any]:
    """At most so many answers by key, each for 2.5 to 5 s; the least used go first.

    Not all for the same time: visitors who came at one moment, as after a restart, would be read again at one moment
    every 5 s, and messages would wait for that (measured on 2026-11-27: 500 chats, 17 to 28 ms instead of 5).
    """
    return TLRUCache(maxsize=size, ttu=_until, timer=time.monotonic)


def _until(_key: str, _answer: object, now: float) -> float:
    return now + LONGEST_SECONDS * random.uniform(0.5, 1)  # noqa: S311  (nothing secret)
