"""What is held open, counted over all processes: leases in Redis that run out unless their process renews them.

Without Redis each process counts alone, and so it does while Redis is away: taking a lease waits for Redis at most
once, for `ANSWER_SECONDS`. Leases that were taken meanwhile are written when Redis is back. A killed process renews
nothing, so what it held is free after `LEASE_SECONDS`.
"""

import asyncio
import functools
import logging
import time
import uuid
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import Counter
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from inbox_app.settings import get_settings

LEASE_SECONDS: Final = 12
RENEW_SECONDS: Final = 4
ANSWER_SECONDS: Final = 0.25
WARNING_SECONDS: Final = 60.0
PREFIX: Final = "inbox:open:"
UNLIMITED: Final = 0
# By Redis's own clock, so that the clocks of several machines don't matter.
TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local limit = tonumber(ARGV[2])
if limit > 0 and redis.call('ZCARD', KEYS[1]) >= limit then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""
log = logging.getLogger(__name__)
_fallbacks = Counter("inbox_lease_fallbacks", "Streams and sockets that this process counted alone, without Redis.")


@dataclass(eq=False)
class Lease:
    """One of at most `limit` for its key. `limit` 0: written in any case."""

    key: str
    limit: int
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    answer: asyncio.Future[bool] | None = None


class Leases:
    """The leases of this process. Those that are asked for together travel together."""

    def __init__(self, url: str | None) -> None:
        self._redis = Redis.from_url(url, retry=Retry(NoBackoff(), 1)) if url else None
        self._held: set[Lease] = set()
        self._asked: list[Lease] = []
        self._released: list[Lease] = []
        self._asking: asyncio.Task[None] | None = None
        self._is_away = self._is_renewal_due = False
        self._warned_at = -WARNING_SECONDS

    async def take(self, key: str, limit: int) -> Lease | None:
        """A lease, to be given back; None when all are taken."""
        lease = Lease(key, limit)
        if self._redis is not None:
            if self._is_away:
                _fallbacks.inc()
            elif not await self._ask(lease):
                return None
        self._held.add(lease)
        return lease

    def give_back(self, lease: Lease) -> None:
        """Without waiting: a lease that Redis never hears of runs out."""
        self._held.discard(lease)
        if self._redis is not None and not self._is_away:
            self._released.append(lease)
            self._begin()

    async def run_forever(self) -> None:
        """Renew what is held, and notice that Redis is back. Until cancelled."""
        while self._redis is not None:
            await asyncio.sleep(RENEW_SECONDS)
            self._is_renewal_due = True
            self._begin()

    async def close(self) -> None:
        """Forget all leases, in Redis too."""
        if self._redis is None:
            return
        if self._asking is not None:
            await asyncio.wait([self._asking])
        if not self._is_away:
            await self._send([], list(self._held))
        self._held.clear()
        redis, self._redis = self._redis, None  # a stream that ends later opens no connection
        await redis.aclose()

    async def _ask(self, lease: Lease) -> bool:
        lease.answer = asyncio.get_running_loop().create_future()
        self._asked.append(lease)
        self._begin()
        return await lease.answer

    def _begin(self) -> None:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_all())

    async def _ask_all(self) -> None:
        while self._asked or self._released or self._is_renewal_due:
            asked, self._asked = self._asked, []
            released, self._released = self._released, []
            renewed = [Lease(one.key, UNLIMITED, one.id) for one in self._held] if self._is_renewal_due else []
            if self._is_renewal_due or not self._is_away:
                self._is_renewal_due = False
                answers = await self._send(asked + renewed, released)
            else:
                answers = [True] * len(asked)
            for lease, is_taken in zip(asked, answers, strict=False):
                if lease.answer is not None and not lease.answer.done():
                    lease.answer.set_result(is_taken)

    async def _send(self, asked: list[Lease], released: list[Lease]) -> list[bool]:
        """Whether each is taken; without an answer of Redis all are."""
        if self._redis is None:
            return [True] * len(asked)
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._redis.pipeline(transaction=False) as pipeline:
                for lease in released:
                    pipeline.zrem(PREFIX + lease.key, lease.id)
                for lease in asked:
                    pipeline.eval(TAKE, 1, PREFIX + lease.key, lease.id, lease.limit, LEASE_SECONDS * 1000)
                pipeline.ping()
                answers = await pipeline.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._lose(error)
            _fallbacks.inc(len(asked))
            return [True] * len(asked)
        if self._is_away:
            self._is_away = False
            log.info("leases: Redis answers again")
        return [answer == 1 for answer in answers[len(released) : -1]]

    def _lose(self, error: Exception) -> None:
        self._is_away = True
        if (now := time.monotonic()) - self._warned_at >= WARNING_SECONDS:
            self._warned_at = now
            log.warning("leases: each process counts alone, Redis does not answer: %r", error)


@functools.cache
def leases() -> Leases:
    """The leases of this process, made at first use from the settings."""
    return Leases(get_settings().redis_url)
