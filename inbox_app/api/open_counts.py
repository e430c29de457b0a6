"""What one caller may hold open at once: event streams and sockets, over all processes where Redis is configured."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from inbox_app.domain.errors import TooManyRequests
from inbox_app.live.leases import leases
from inbox_app.settings import get_settings

RETRY_SECONDS: Final = 5


class OpenCount:
    """At most `limit()` at once for each key. What this process holds alone is enough for a refusal."""

    def __init__(self, name: str, limit: Callable[[], int]) -> None:
        self._name, self._limit = name, limit
        self._open: Counter[str] = Counter()

    @asynccontextmanager
    async def one(self, key: str) -> AsyncIterator[None]:
        """Hold one until the block ends. Raises TooManyRequests."""
        if not get_settings().rate_limits:
            yield
            return
        if self._open[key] >= self._limit():
            raise TooManyRequests(RETRY_SECONDS)
        self._open[key] += 1
        try:
            lease = await leases().take(f"{self._name}:{key}", self._limit())
            if lease is None:
                raise TooManyRequests(RETRY_SECONDS)
            try:
                yield
            finally:
                leases().give_back(lease)
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]


streams_per_visitor: Final = OpenCount("stream", lambda: 5)
sockets_per_member: Final = OpenCount("socket", lambda: get_settings().sockets_per_member)
"""For each member at one address, so that no agent of an office behind one address keeps the others out."""
sockets_per_address: Final = OpenCount("address", lambda: get_settings().sockets_per_address)
"""For all of them together: enough for an office of 100 agents with 5 pages each, but not every file of a process."""
