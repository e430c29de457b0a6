"""What one caller may hold open at once: event streams and sockets, over all processes where Redis is configured."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from inbox_app.api import limits
from inbox_app.domain.errors import TooManyRequests
from inbox_app.live.counts import Counts
from inbox_app.live.leases import Lease, leases
from inbox_app.settings import get_settings

RETRY_SECONDS: Final = 5
LEAVING_SECONDS: Final = 15
"""How long a stream goes on once a newer one has taken its place.

Its client, if it's alive, comes back when it ends and takes the place of the next: without this pause, six open tabs
would do that several times a second, and with it four times a minute.
"""


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


class Newest:
    """The newest `limit` for each key: one more lets go of the oldest.

    The oldest may be held by a client that is long gone: a dead network path shows only after minutes.
    """

    def __init__(self, name: str, limit: int) -> None:
        self._name, self._limit = name, limit
        self._open: defaultdict[str, list[_Place]] = defaultdict(list)
        self._few = Counts(None)

    @asynccontextmanager
    async def one(self, key: str, end: Callable[[], None]) -> AsyncIterator[None]:
        """Hold one until the block ends; `end` is called once it has lost its place and had time to leave.

        Raises TooManyRequests if the key opens them in a loop.
        """
        if not get_settings().rate_limits:
            yield
            return
        await self._count(key)
        place = _Place(end)
        self._open[key].append(place)
        try:
            for oldest in self._open[key][: -self._limit]:
                self._lose(key, oldest)
            place.lease = await leases().take(f"{self._name}:{key}", self._limit, lambda: self._lose(key, place))
            if place.leaving is not None:
                place.give_back()
            yield
        finally:
            self._leave(key, place)
            if place.leaving is not None:
                place.leaving.cancel()

    async def _count(self, key: str) -> None:
        """The first few of a minute without asking Redis: after a restart, everybody opens one at the same moment."""
        if await self._few.hit(limits.FEW_STREAMS_PER_VISITOR, key) is not None:
            await limits.hit(limits.STREAMS_PER_VISITOR, "streams", key)

    def _lose(self, key: str, place: "_Place") -> None:
        self._leave(key, place)
        if place.leaving is None:
            place.leaving = asyncio.get_running_loop().call_later(LEAVING_SECONDS, place.end)

    def _leave(self, key: str, place: "_Place") -> None:
        if place in (places := self._open.get(key, [])):
            places.remove(place)
            place.give_back()
        if not places:
            self._open.pop(key, None)


@dataclass(eq=False)
class _Place:
    end: Callable[[], None]
    lease: Lease | None = None
    leaving: asyncio.TimerHandle | None = None

    def give_back(self) -> None:
        if self.lease is not None:
            leases().give_back(self.lease)


streams_per_visitor: Final = Newest("stream", 5)
sockets_per_member: Final = OpenCount("socket", lambda: get_settings().sockets_per_member)
"""For each member at one address, so that no agent of an office behind one address keeps the others out."""
sockets_per_address: Final = OpenCount("address", lambda: get_settings().sockets_per_address)
"""For all of them together: enough for an office of 100 agents with 5 pages each, but not every file of a process."""
