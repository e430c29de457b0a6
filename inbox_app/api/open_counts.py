"""What one caller may hold open at once, counted in this process: event streams and sockets.

With several workers a caller may hold as many in each: a shared count would need a lease for every connection.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from inbox_app.domain.errors import TooManyRequests
from inbox_app.settings import get_settings

RETRY_SECONDS: Final = 5


class OpenCount:
    """At most `limit` at once for each key."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: Counter[str] = Counter()

    def is_full(self, key: str) -> bool:
        """Whether no more may be held for this key."""
        return get_settings().rate_limits and self._open[key] >= self._limit

    @contextmanager
    def one(self, key: str) -> Iterator[None]:
        """Hold one until the block ends. Raises TooManyRequests."""
        if self.is_full(key):
            raise TooManyRequests(RETRY_SECONDS)
        self._open[key] += 1
        try:
            yield
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]


streams_per_visitor: Final = OpenCount(5)
sockets_per_caller: Final = OpenCount(50)
"""For each member at one address, so that no agent of an office behind one address keeps the others out."""
sockets_per_address: Final = OpenCount(500)
"""For all of them together: enough for an office of 100 agents with 5 pages each, but not every file of a process."""
