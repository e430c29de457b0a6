"""Rate limit counts: in this process, or shared by all processes in Redis.

Redis is a convenience here: without it each process counts alone. A request therefore never fails because of Redis,
and waits for it at most once, for `ANSWER_SECONDS`: after that the process counts alone and asks Redis in the
background until it answers.

Each process keeps what it lets through in its own memory too. When Redis is late, counting continues from there, and
what was counted alone still counts once Redis is back; otherwise a burst that slows Redis down would start from zero.
"""

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar, cast

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
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
        self._windows = Windows()
        self._own = MovingWindowRateLimiter(self._windows)
        # One more try at once: an idle connection may have been closed by the other side.
        self._pool = ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 1)) if url else None
        self._shared = MovingWindowRateLimiter(_storage(self._pool)) if self._pool else None
        self._health = RedisHealth("rate limits", "each process counts alone")
        self._recovery: asyncio.Task[None] | None = None

    async def hit(self, limit: RateLimitItem, *who: str) -> int | None:
        """Count one. Returns None if it fits, otherwise the seconds to wait."""
        fits = await self._ask(lambda limiter: limiter.hit(limit, *who))
        if fits is None:
            fits = await self._own.hit(limit, *who)
        elif fits and not self._windows.add_shared(limit.key_for(*who), limit.amount, limit.get_expiry()):
            await self._ask(lambda _: self._take_back(limit.key_for(*who)))
            fits = False
        elif not fits:
            return _seconds_until(await self._refused(limit, *who))
        return None if fits else _seconds_until((await self._own.get_window_stats(limit, *who)).reset_time)

    async def _refused(self, limit: RateLimitItem, *who: str) -> float:
        """Remember that Redis has refused one, in case it's late for the next. Returns when there is room again."""
        window = await self._ask(lambda limiter: limiter.get_window_stats(limit, *who))
        if window is None:
            window = await self._own.get_window_stats(limit, *who)
        self._windows.fill(limit.key_for(*who), limit.amount, limit.get_expiry(), until=window.reset_time)
        return window.reset_time

    async def give_back(self, limit: RateLimitItem, *who: str) -> None:
        """Take back the last one that was counted, also in Redis if Redis has counted it."""
        if self._windows.take_back(limit.key_for(*who)):
            await self._ask(lambda _: self._take_back(limit.key_for(*who)))

    async def clear(self, limit: RateLimitItem, *who: str) -> None:
        """Start counting from zero."""
        await self._own.clear(limit, *who)
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

    async def _ask(self, question: Question[Result]) -> Result | None:
        """What Redis answers. None without an answer in time."""
        if self._shared is None:
            return None
        if not self._health.is_away:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    return await question(self._shared)
            except (RedisError, OSError, TimeoutError) as error:
                self._health.lose(error)
        elif self._health.is_retry_due and (self._recovery is None or self._recovery.done()):
            self._recovery = asyncio.create_task(self._recover())
        _fallbacks.inc()
        return None

    async def _take_back(self, key: str) -> None:
        """`limits` can't. It keeps a window as a list, the newest first."""
        if self._shared is not None:
            bridge: Any = cast("RedisStorage", self._shared.storage).bridge
            await bridge.get_connection().lpop(bridge.prefixed_key(key))

    async def _recover(self) -> None:
        """Redis counts again once it answers as soon as a request needs it; a slow one would be lost again at once."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.probe()
        except (RedisError, OSError, TimeoutError) as error:
            self._health.lose(error)
        else:
            self._health.regain()


def _storage(pool: ConnectionPool) -> RedisStorage:
    """The address is the pool's: `limits` would spell it differently and open it with another client."""
    return RedisStorage("async+redis://", implementation="redispy", connection_pool=pool)  # type: ignore[arg-type]


def _seconds_until(instant: float) -> int:
    return max(1, round(instant - time.time()))


@functools.cache
def counts() -> Counts:
    """The counts of this process, made at first use from the settings."""
    return Counts(get_settings().redis_url)
