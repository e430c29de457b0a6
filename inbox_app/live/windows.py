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


class Shared(Entry):
    """A hit that Redis has counted too."""


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

    def add_shared(self, key: str, limit: int, expiry: int) -> bool:
        """Add a hit that Redis has counted. Returns False if hits that Redis doesn't know leave no room for it.

        A window full of shared hits is no reason to refuse: another process may have cleared it.
        """
        if time.monotonic() >= self._forget_at:
            self._forget()
        entries = self.events.get(key, [])
        is_full = len(entries) >= limit and entries[limit - 1].atime >= time.time() - expiry
        if is_full and not all(isinstance(entry, Shared) for entry in entries):
            return False
        self.events[key] = [Shared(expiry), *entries[: limit - 1]]
        return True

    def fill(self, key: str, limit: int, expiry: int, *, until: float) -> None:
        """Fill up with other processes' hits after Redis has refused one. `until`: when its oldest hit expires."""
        oldest = Shared(expiry)
        oldest.atime, oldest.expiry = until - expiry, until
        entries = [entry for entry in self.events.get(key, []) if entry.atime >= oldest.atime]
        self.events[key] = (entries + [oldest] * limit)[:limit]

    def take_back(self, key: str) -> bool:
        """Remove the newest hit. Returns whether Redis has counted it too."""
        entries = self.events.get(key)
        return isinstance(entries.pop(0), Shared) if entries else False

    def _forget(self) -> None:
        now = time.time()
        self.events = {key: entries for key, entries in self.events.items() if entries and entries[0].expiry > now}
        self._forget_at = time.monotonic() + self._forget_seconds
