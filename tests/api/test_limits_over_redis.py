"""Rate limits in Redis, in production mode: shared by processes, and no request suffers when Redis does."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, suppress

import httpx
import pytest
from prometheus_client import REGISTRY

from inbox_app.api.application import build_api
from inbox_app.live.counts import ANSWER_SECONDS, Counts, counts
from inbox_app.live.leases import leases
from inbox_app.live.redis_health import RETRY_SECONDS
from inbox_app.settings import Settings
from tests.api.conftest import AGENT, VISITOR, Caller, People
from tests.data.builders import PASSWORD, a_member
from tests.programs import Redis
from tests.redis_servers import KINDS, hung, killed, running_redis

pytestmark = [
    pytest.mark.redis,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
SettingsWith = Callable[..., Settings]
Fault = Callable[[Redis], AbstractContextManager[None]]


@pytest.fixture(scope="module", params=KINDS)
def redis(request: pytest.FixtureRequest) -> Iterator[Redis]:
    with running_redis(request.param) as server:
        yield server


@asynccontextmanager
async def a_process() -> AsyncIterator[People]:
    """The API with counts that it shares only through Redis."""
    counts.cache_clear()
    leases.cache_clear()
    own = counts()
    await connected(own)
    async with AsyncExitStack() as stack:
        yield People(build_api(), stack)
    await own.close()
    counts.cache_clear()
    leases.cache_clear()


async def connected(own: Counts) -> None:
    """Redis answers within the short time that a request waits: the first connection of a busy machine may not."""
    async with asyncio.timeout(20):
        while True:
            with suppress(TimeoutError):
                return await own.probe()


@pytest.fixture
async def process(redis: Redis, database: str, settings_with: SettingsWith) -> AsyncIterator[People]:
    settings_with(env="production", redis_url=redis.url)
    async with a_process() as people:
        yield people


async def sessions(caller: Caller, number: int) -> list[int]:
    return [(await caller.post("/sessions")).status_code for _ in range(number)]


async def test_sign_in_and_chat_work(process: People) -> None:
    ana = await process.somebody(AGENT)
    member = await a_member()
    assert (await ana.post("/auth/login", email=member.email, password=PASSWORD)).status_code == httpx.codes.NO_CONTENT
    vera = await process.visitor()
    await vera.ask()
    assert (await vera.write()).status_code == httpx.codes.CREATED


async def test_two_processes_count_together(process: People) -> None:
    async with a_process() as another:
        for _ in range(5):  # on a busy machine Redis may be late, and a process then counts alone for a second
            before, address = fallbacks(), f"198.51.100.{time.time_ns()}"
            first = await sessions(await process.somebody(VISITOR, address), 40)
            caller = await another.somebody(VISITOR, address)
            second = await sessions(caller, 21)
            answer = await caller.post("/sessions")
            if fallbacks() == before:
                break
            await asyncio.sleep(RETRY_SECONDS)
    assert (first, second) == ([201] * 40, [201] * 20 + [429])
    assert 1 < int(answer.headers["retry-after"]) <= 60


@pytest.mark.parametrize("fault", [killed, hung])
async def test_without_redis_each_process_counts_and_nobody_waits(process: People, redis: Redis, fault: Fault) -> None:
    caller = await process.somebody(VISITOR, f"198.51.100.{time.time_ns()}")
    assert await sessions(caller, 1) == [201]
    with fault(redis):
        assert await sessions(caller, 1) == [201]  # finds out
        started = time.monotonic()
        assert (await sessions(caller, 62)).count(201) == 58
        assert time.monotonic() - started < 62 * ANSWER_SECONDS, "each waited for Redis"


@pytest.mark.parametrize("redis", ["tcp"], indirect=True)
@pytest.mark.parametrize("fault", [killed, hung])
async def test_it_warns_once_counts_and_returns_to_redis(
    process: People, redis: Redis, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caller = await process.somebody(VISITOR, f"198.51.100.{time.time_ns()}")
    before = fallbacks()
    with fault(redis), caplog.at_level(logging.WARNING, "inbox_app.live.counts"):
        assert await sessions(caller, 5) == [201] * 5
        assert fallbacks() == before + 5
        end = time.monotonic() + 2.5  # two more tries to reach Redis
        while time.monotonic() < end:
            await was_counted_alone(caller)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    end = time.monotonic() + 10
    while await was_counted_alone(caller):
        assert time.monotonic() < end, "it never returned to Redis"


async def was_counted_alone(caller: Caller) -> bool:
    before = fallbacks()
    await caller.post("/sessions")
    await asyncio.sleep(0.01)  # a refusal alone never lets the loop look at the network
    return fallbacks() > before


def fallbacks() -> float:
    return REGISTRY.get_sample_value("inbox_rate_limit_fallbacks_total") or 0.0
