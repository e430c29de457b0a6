"""Rate limits of two processes while Redis hangs, is gone, and after it's back: no process starts from zero."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, suppress

import pytest
from limits import RateLimitItem, parse
from prometheus_client import REGISTRY

from inbox_app.live.counts import Counts
from tests.programs import Redis
from tests.redis_servers import hung, killed, running_redis

TWENTY = parse("20 per 5 minute")
UNRELATED = parse("10000 per minute")
Fault = Callable[[Redis], AbstractContextManager[None]]
either_fault = pytest.mark.parametrize("fault", [killed, hung])
pytestmark = pytest.mark.redis


@pytest.fixture
def redis() -> Iterator[Redis]:
    with running_redis("tcp") as server:
        yield server


@asynccontextmanager
async def processes(redis: Redis) -> AsyncIterator[tuple[Counts, Counts]]:
    """The counts of two processes that share them through Redis."""
    async with AsyncExitStack() as stack:
        both = Counts(redis.url), Counts(redis.url)
        for one in both:
            stack.push_async_callback(one.close)
            await until_redis_counts(one)
        yield both


async def until_redis_counts(*those: Counts) -> None:
    async with asyncio.timeout(20):
        for one in those:
            with suppress(TimeoutError):
                await one.probe()
            while await _is_alone(one):
                pass


async def _is_alone(one: Counts) -> bool:
    before = fallbacks()
    await one.hit(UNRELATED, "anyone")
    await asyncio.sleep(0.01)  # a hit counted alone never lets the loop look at the network
    return fallbacks() > before


def fallbacks() -> float:
    return REGISTRY.get_sample_value("inbox_rate_limit_fallbacks_total") or 0.0


async def let_through(one: Counts, tries: int, limit: RateLimitItem = TWENTY) -> int:
    """How many of so many at once."""
    return (await asyncio.gather(*(one.hit(limit, "vera") for _ in range(tries)))).count(None)


@either_fault
async def test_without_redis_a_process_continues_from_what_it_let_through(redis: Redis, fault: Fault) -> None:
    async with processes(redis) as (one, other):
        assert [await let_through(each, 8) for each in (one, other)] == [8, 8]
        with fault(redis):
            assert [await let_through(each, 30) for each in (one, other)] == [12, 12]
        await until_redis_counts(one, other)
        assert [await let_through(each, 30) for each in (one, other)] == [0, 0]


@either_fault
async def test_what_redis_has_refused_stays_refused_without_it(redis: Redis, fault: Fault) -> None:
    async with processes(redis) as (one, other):
        assert await let_through(other, 20) == 20
        assert await let_through(one, 1) == 0
        with fault(redis):
            assert await let_through(one, 30) == 0
            wait = await one.hit(TWENTY, "vera")
        assert wait is not None
        assert 200 < wait <= 300


async def test_what_was_counted_alone_is_given_back_alone(redis: Redis) -> None:
    async with processes(redis) as (one, other):
        assert await let_through(other, 19) == 19
        with hung(redis):
            assert await one.hit(UNRELATED, "anyone") is None  # finds out: Redis may still count this one
            assert await let_through(one, 1) == 1
        await until_redis_counts(one, other)
        await one.give_back(TWENTY, "vera")
        assert await let_through(other, 5) == 1


async def test_what_is_given_back_or_cleared_makes_room_in_every_process(redis: Redis) -> None:
    async with processes(redis) as (one, other):
        assert await let_through(one, 21) == 20
        await one.give_back(TWENTY, "vera")
        assert await let_through(other, 2) == 1
        await other.clear(TWENTY, "vera")
        assert await let_through(one, 21) == 20
        with hung(redis):
            await one.give_back(TWENTY, "vera")
            assert await let_through(one, 5) == 1
