"""Rate limits of two processes while Redis hangs, is gone, and after it's back: no process starts from zero."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, suppress

import pytest
from limits import RateLimitItem, parse
from prometheus_client import REGISTRY

from inbox_app.live.counts import ANSWER_SECONDS, Counts
from inbox_app.live.redis_health import RETRY_SECONDS
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


@asynccontextmanager
async def slow(redis: Redis) -> AsyncIterator[Counts]:
    """The counts of a process whose Redis answers, but a little too late for any request."""

    ends: list[asyncio.Event] = []

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends.append(end := asyncio.Event())
        answers, questions = await asyncio.open_connection("127.0.0.1", redis.port)
        await asyncio.gather(carry(reader, questions, 0), carry(answers, writer, 1.4 * ANSWER_SECONDS))
        end.set()

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, seconds: float) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65_536):
                await asyncio.sleep(seconds)
                target.write(data)
        target.close()
        with suppress(ConnectionError):
            await target.wait_closed()

    async with await asyncio.start_server(connect, "127.0.0.1", 0) as server:
        counts = Counts(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")
        yield counts
        await counts.close()
        for end in ends:
            await end.wait()


async def test_a_slow_redis_is_left_alone_and_logged_once(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    waited = []
    async with slow(redis) as one, asyncio.timeout(20):
        end = time.monotonic() + 5 * RETRY_SECONDS
        while (began := time.monotonic()) < end:
            await one.hit(UNRELATED, "anyone")
            waited.append(time.monotonic() - began)
            await asyncio.sleep(0.01)
    assert len(waited) > 20
    assert sorted(waited)[len(waited) // 2] < ANSWER_SECONDS / 2
    assert [record.message.partition(",")[0] for record in caplog.records] == ["rate limits: Redis doesn't answer"]


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
