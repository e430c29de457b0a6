"""What is held open, counted over all processes: leases in Redis that run out unless their process renews them.

Without Redis each process counts alone, and so it does while Redis is away: taking a lease waits for Redis at most
once, for `ANSWER_SECONDS`. Leases that were taken meanwhile are written when Redis is back. A killed process renews
nothing, so what it held is free after `LEASE_SECONDS`.
"""

import asyncio
import functools
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import Counter
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from inbox_app.live.lease_script import TAKE
from inbox_app.live.redis_health import RETRY_SECONDS, RedisHealth
from inbox_app.settings import get_settings

LEASE_SECONDS: Final = 12
RENEW_SECONDS: Final = 4
ANSWER_SECONDS: Final = 0.25
PROBE_SECONDS: Final = 2  # no request waits for it
PREFIX: Final = "inbox:open:"
UNLIMITED: Final = 0
log = logging.getLogger(__name__)
_fallbacks = Counter("inbox_lease_fallbacks", "Streams and sockets that this process counted alone, without Redis.")


@dataclass(eq=False)
class Lease:
    """One of at most `limit` for its key.

    `let_go`: called once newer ones have taken its place. None: it keeps its place, and newer ones are refused.
    `since`: when Redis wrote it, in milliseconds; 0 if it hasn't.
    """

    key: str
    limit: int
    let_go: Callable[[], None] | None = None
    since: int = 0
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    answer: asyncio.Future[bool] | None = None

    @property
    def member(self) -> str:
        """What Redis calls it."""
        return f"{self.since:015d}:{self.id}"

    def arguments(self, *, is_held: bool) -> tuple[str | int, ...]:
        """For `TAKE`. What keeps its place is renewed in any case: Redis may have been empty meanwhile."""
        limit = UNLIMITED if is_held and self.let_go is None else self.limit
        return self.id, self.since, limit, LEASE_SECONDS * 1000, int(self.let_go is not None)


class Leases:
    """The leases of this process. Those that are asked for together travel together."""

    def __init__(self, url: str | None) -> None:
        self._redis = Redis.from_url(url, retry=Retry(NoBackoff(), 1)) if url else None
        self._held: set[Lease] = set()
        self._asked: list[Lease] = []
        self._released: list[Lease] = []
        self._asking: asyncio.Task[None] | None = None
        self._is_renewal_due = False
        self._health = RedisHealth("leases", "each process counts alone")

    async def take(self, key: str, limit: int, let_go: Callable[[], None] | None = None) -> Lease | None:
        """A lease, to be given back; None when all are taken, and with `let_go` never: the oldest is let go of."""
        lease = Lease(key, limit, let_go)
        if self._redis is not None:
            if self._health.is_away:
                _fallbacks.inc()
            elif not await self._ask(lease):
                return None
        self._held.add(lease)
        return lease

    def give_back(self, lease: Lease) -> None:
        """Without waiting: a lease that Redis never hears of runs out."""
        self._held.discard(lease)
        if self._redis is not None and not self._health.is_away:
            self._released.append(lease)
            self._begin()

    async def probe(self) -> None:
        """Take one of no use, if Redis is used, and give it back. Raises RedisError, OSError or TimeoutError."""
        if self._redis is not None:
            lease = Lease("probe", UNLIMITED, since=1)
            async with asyncio.timeout(PROBE_SECONDS), self._redis.pipeline(transaction=False) as pipeline:
                pipeline.eval(TAKE, 1, PREFIX + lease.key, *lease.arguments(is_held=False))
                pipeline.zrem(PREFIX + lease.key, lease.member)
                await pipeline.execute()

    async def run_forever(self) -> None:
        """Renew what is held, and notice that Redis is back. Until cancelled."""
        while self._redis is not None:
            await asyncio.sleep(RETRY_SECONDS if self._health.is_away else RENEW_SECONDS)
            self._is_renewal_due = True
            self._begin()

    async def close(self) -> None:
        """Forget all leases, in Redis too."""
        if self._redis is None:
            return
        if self._asking is not None:
            await asyncio.wait([self._asking])
        if not self._health.is_away:
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
            try:
                await self._ask_round(asked)
            except asyncio.CancelledError:
                for answer in _pending(asked + self._asked):
                    answer.cancel()
                raise
            except Exception as error:
                log.exception("leases: a round failed")  # one of renewals alone has nobody to tell
                for answer in _pending(asked):
                    answer.set_exception(error)

    async def _ask_round(self, asked: list[Lease]) -> None:
        released, self._released = self._released, []
        renewed = list(self._held) if self._is_renewal_due else []
        answers: list[int] | None = None
        if self._is_renewal_due or not self._health.is_away:
            self._is_renewal_due = False
            answers = await self._send(asked + renewed, released)
        for lease, since in zip(asked + renewed, answers or [], strict=False):
            self._learn(lease, since)
        for lease in asked:
            if lease.answer is not None and not lease.answer.done():
                lease.answer.set_result(answers is None or lease.since > 0)

    def _learn(self, lease: Lease, since: int) -> None:
        if since:
            lease.since = since
        elif lease in self._held:
            self._held.discard(lease)
            if lease.let_go is not None:
                lease.let_go()

    async def _send(self, asked: list[Lease], released: list[Lease]) -> list[int] | None:
        """Since when each is taken, 0 if it isn't. None without an answer of Redis: all are."""
        if self._redis is None:
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._redis.pipeline(transaction=False) as pipeline:
                for lease in released:
                    pipeline.zrem(PREFIX + lease.key, lease.member)
                for lease in asked:
                    pipeline.eval(TAKE, 1, PREFIX + lease.key, *lease.arguments(is_held=lease in self._held))
                pipeline.ping()
                answers = await pipeline.execute()
        except (RedisError, OSError, TimeoutError) as error:
            self._health.lose(error)
            _fallbacks.inc(len(asked))
            return None
        self._health.regain()
        return answers[len(released) : -1]


def _pending(leases: list[Lease]) -> list[asyncio.Future[bool]]:
    return [lease.answer for lease in leases if lease.answer is not None and not lease.answer.done()]


@functools.cache
def leases() -> Leases:
    """The leases of this process, made at first use from the settings."""
    return Leases(get_settings().redis_url)
