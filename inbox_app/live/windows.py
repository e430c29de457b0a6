"""Moving windows in the memory of this process.

`limits` looks through all its keys at each hit, in a thread for each key: with 500 visitors who write, that was half of
what a message cost and 82 ms at the 99th percentile (docs/performance.md). A hit here looks at its own key only, and
the keys that have expired are forgotten once in a while.
"""

import time
from typing import Final

from limits.aio.storage import MemoryStorage
from limits.aio.storage.memory import Entry

FORGET_SECONDS: Final = 60.0


class Windows(MemoryStorage):
    """`events`: by key, the newest entry first, never more than the limit."""

    def __init__(self, forget_seconds: float = FORGET_SECONDS) -> None:
        super().__init__()
        self._forget_seconds = forget_seconds
        self._forget_at = time.monotonic() + forget_seconds

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` if no more than `limit` were counted in the last `expiry` seconds. Returns whether it was."""
        if time.monotonic() >= self._forget_at:
            self._forget()
        entries = self.events.get(key, [])
        room = limit - amount
        if room < 0 or (len(entries) > room and entries[room].atime >= time.time() - expiry):
            return False
        self.events[key] = [Entry(expiry)] * amount + entries[:room]
        return True

    def _forget(self) -> None:
        now = time.time()
        self.events = {key: entries for key, entries in self.events.items() if entries and entries[0].expiry > now}
        self._forget_at = time.monotonic() + self._forget_seconds
