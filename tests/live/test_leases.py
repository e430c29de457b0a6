"""Leases of two processes over a real Redis, also one that dies, hangs, or forgets everything."""

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager

import pytest
from redis.asyncio import Redis as Client

from inbox_app.live.leases import ANSWER_SECONDS, LEASE_SECONDS, PREFIX, RENEW_SECONDS, Lease, Leases
from tests.programs import Redis
from tests.redis_servers import hung, killed, running_redis

LIMIT = 3
pytestmark = pytest.mark.redis
Fault = Callable[[Redis], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    with running_redis("tcp") as server:
        yield server


@asynccontextmanager
async def a_process(redis: Redis) -> AsyncIterator[Leases]:
    leases = Leases(redis.url)
    renewing = asyncio.create_task(leases.run_forever())
    try:
        yield leases
    finally:
        renewing.cancel()
        await leases.close()


async def take_all(leases: Leases, key: str) -> list[Lease]:
    """One after the other until it's refused, and at most one more than are allowed."""
    taken = [await leases.take(key, LIMIT) for _ in range(LIMIT + 1)]
    return [lease for lease in taken if lease is not None]


async def test_processes_share_a_limit_and_one_key_does_not_count_for_another(redis: Redis) -> None:
    async with a_process(redis) as one, a_process(redis) as other:
        first, second = await one.take("vera", LIMIT), await other.take("vera", LIMIT)
        assert first
        assert second
        assert len(await take_all(one, "vera")) == LIMIT - 2
        assert await other.take("vera", LIMIT) is None
        assert await other.take("omar", LIMIT)
        one.give_back(first)
        async with asyncio.timeout(LEASE_SECONDS / 2):  # given back, not run out
            while not await other.take("vera", LIMIT):
                pass


async def test_those_asked_for_at_once_are_no_more_than_allowed(redis: Redis) -> None:
    async with a_process(redis) as one, a_process(redis) as other:
        taken = await asyncio.gather(*(who.take("crowd", LIMIT) for who in (one, other) * 20))
        assert len([lease for lease in taken if lease]) == LIMIT


async def test_what_is_held_longer_than_a_lease_stays_and_what_a_dead_process_held_is_free(redis: Redis) -> None:
    async with a_process(redis) as alive, a_process(redis) as other:
        assert await alive.take("long", LIMIT)
        dead = Leases(redis.url)  # nobody renews
        for _ in range(LIMIT - 1):
            assert await dead.take("long", LIMIT)
        assert await other.take("long", LIMIT) is None
        async with asyncio.timeout(LEASE_SECONDS + RENEW_SECONDS):
            while len(await held(redis, "long")) > 1:
                await other.take("long", 1)  # refused; takes what has run out away
                await asyncio.sleep(0.1)
        assert len(await take_all(other, "long")) == LIMIT - 1
        await dead.close()


async def test_the_newest_win_and_the_oldest_of_whichever_process_is_let_go_once(redis: Redis) -> None:
    async with a_process(redis) as one, a_process(redis) as other:
        gone: list[int] = []
        for number, who in enumerate((one, other, one, other, other)):
            assert await who.take("tabs", LIMIT, functools.partial(gone.append, number))
            await asyncio.sleep(0.002)  # Redis tells their ages apart by the millisecond
        await asyncio.wait_for(until(lambda: len(gone) == 2), 2 * RENEW_SECONDS)
        await asyncio.sleep(2 * RENEW_SECONDS)  # those that are left are renewed, and take nobody's place
        assert sorted(gone) == [0, 1]
        assert len(await held(redis, "tabs")) == LIMIT


@pytest.mark.parametrize("fault", [killed, hung])
async def test_after_an_outage_of_redis_no_more_than_the_limit_stay(redis: Redis, fault: Fault) -> None:
    async with a_process(redis) as one, a_process(redis) as other:
        key, gone = f"tabs {fault.__name__}", []
        for who in (one, other):
            await who.take(key, LIMIT, lambda: gone.append(1))
        with fault(redis):
            for who in (one, other) * 3:
                assert await who.take(key, LIMIT, lambda: gone.append(1))
            assert not gone  # nobody is let go because Redis is away
        await asyncio.wait_for(until(lambda: len(gone) == 8 - LIMIT), 6 * RENEW_SECONDS)
        assert len(await held(redis, key)) == LIMIT


async def until(is_so: Callable[[], bool]) -> None:
    """Asks until it is: nothing else tells when a renewal was answered."""
    while not is_so():  # noqa: ASYNC110
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("fault", [killed, hung])
async def test_while_redis_is_away_each_process_counts_alone_and_nobody_waits(redis: Redis, fault: Fault) -> None:
    async with a_process(redis) as one:
        key = fault.__name__
        assert await one.take(key, LIMIT)
        with fault(redis):
            started = time.monotonic()
            assert all([await one.take(key, LIMIT) for _ in range(10)])
            assert time.monotonic() - started < 2 * ANSWER_SECONDS
        async with asyncio.timeout(4 * RENEW_SECONDS):  # all that is held is written once it's back
            while len(await held(redis, key)) < 11:
                pass
            while one_more := await one.take(key, LIMIT):  # Redis has them before this process reads its answers
                one.give_back(one_more)
                await asyncio.sleep(0.01)


async def test_an_error_that_is_not_of_redis_reaches_everyone_in_its_round_and_nobody_after(redis: Redis) -> None:
    async with a_process(redis) as one, asyncio.timeout(RENEW_SECONDS / 2):
        asked = await asyncio.gather(
            *(one.take(key, LIMIT) for key in ("well", "\ud800", "well too")), return_exceptions=True
        )
        assert [type(error) for error in asked] == [UnicodeEncodeError] * 3  # half a character can't be sent
        assert await one.take("after", LIMIT)


async def test_a_renewal_that_fails_is_logged_and_the_next_one_renews(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OverflowError("of whoever was let go")

    async with a_process(redis) as one, a_process(redis) as other:
        assert await one.take("fails", 1, fail)
        assert await other.take("fails", 1, lambda: None)
        await asyncio.wait_for(until(lambda: "of whoever was let go" in caplog.text), 2 * RENEW_SECONDS)
        assert await asyncio.wait_for(one.take("works", LIMIT), RENEW_SECONDS / 2)


async def held(redis: Redis, key: str) -> list[bytes]:
    """The ids of the leases that Redis holds."""
    client = Client.from_url(redis.url)
    try:
        return list(await client.zrange(PREFIX + key, 0, -1))
    finally:
        await client.aclose()
