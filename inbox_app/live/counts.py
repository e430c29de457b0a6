"""Rate limit counts: in this process, or shared by all processes in Redis.

Redis is a convenience here: without it each process counts alone. A request therefore never fails because of Redis,
and waits for it at most once, for `ANSWER_SECONDS`: after that the process counts alone and asks Redis in the
background until it answers.
"""

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from prometheus_client import Counter
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from inbox_app.live.redis_health import RedisHealth
from inbox_app.live.windows import Windows
from inbox_app.settings import get_settings

ANSWER_SECONDS: Final = 0.25
PROBE_SECONDS: Final = 2  # no request waits for it
PROBE: Final = RateLimitItemPerSecond(1)
Result = TypeVar("Result")
Question = Callable[[MovingWindowRateLimiter], Awaitable[Result]]
_fallbacks = Counter(
    "inbox_rate_limit_fallbacks", "Rate limits that this process counted alone because Redis did not answer."
)


class Counts:
    """Moving windows. `url`: the Redis server that shares them between processes, if there is one."""

    def __init__(self, url: str | None) -> None:
        self._own = MovingWindowRateLimiter(Windows())
        # One more try at once: an idle connection may have been closed by the other side.
        self._pool = ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 1)) if url else None
        self._shared = MovingWindowRateLimiter(_storage(self._pool)) if self._pool else None
        self._health = RedisHealth("rate limits", "each process counts alone")
        self._recovery: asyncio.Task[None] | None = None

    async def hit(self, limit: RateLimitItem, *who: str) -> int | None:
        """Count one. Returns None if it fits, otherwise the seconds to wait."""
        if await self._ask(lambda limiter: limiter.hit(limit, *who)):
            return None
        window = await self._ask(lambda limiter: limiter.get_window_stats(limit, *who))
        return max(1, round(window.reset_time - time.time()))

    async def give_back(self, limit: RateLimitItem, *who: str) -> None:
        """Take back the last one that was counted."""
        await self._ask(lambda limiter: _take_back(limiter.storage, limit.key_for(*who)))

    async def clear(self, limit: RateLimitItem, *who: str) -> None:
        """Start counting from zero."""
        await self._ask(lambda limiter: limiter.clear(limit, *who))

    async def probe(self) -> None:
        """Count one in Redis, if it is used. Raises RedisError, OSError or TimeoutError if that fails."""
        if self._shared is not None:
            async with asyncio.timeout(PROBE_SECONDS):
                await self._shared.hit(PROBE, "probe")

    async def close(self) -> None:
        """Let go of the connections."""
        if self._recovery is not None:
            self._recovery.cancel()
            await asyncio.wait([self._recovery])
        if self._pool is not None:
            await self._pool.aclose()

    async def _ask(self, question: Question[Result]) -> Result:
        if self._shared is None:
            return await question(self._own)
        if not self._health.is_away:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    return await question(self._shared)
            except (RedisError, OSError, TimeoutError) as error:
                self._health.lose(error)
        elif self._health.is_retry_due and (self._recovery is None or self._recovery.done()):
            self._recovery = asyncio.create_task(self._recover())
        _fallbacks.inc()
        return await question(self._own)

    async def _recover(self) -> None:
        try:
            await self.probe()
        except (RedisError, OSError, TimeoutError) as error:
            self._health.lose(error)
        else:
            self._health.regain()


def _storage(pool: ConnectionPool) -> RedisStorage:
    """The address is the pool's: `limits` would spell it differently and open it with another client."""
    return RedisStorage("async+redis://", implementation="redispy", connection_pool=pool)  # type: ignore[arg-type]


async def _take_back(storage: object, key: str) -> None:
    """Both storages keep a window as a list, the newest first."""
    if isinstance(storage, RedisStorage):
        bridge: Any = storage.bridge
        await bridge.get_connection().lpop(bridge.prefixed_key(key))
    elif isinstance(storage, MemoryStorage) and storage.events.get(key):
        del storage.events[key][0]


@functools.cache
def counts() -> Counts:
    """The counts of this process, made at first use from the settings."""
    return Counts(get_settings().redis_url)
