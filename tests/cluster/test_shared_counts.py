"""What one visitor may hold open is counted over both workers, and what a killed worker held is free again."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress

import httpx
import pytest

from inbox_app.live.leases import LEASE_SECONDS
from tests.cluster.floor import Floor, Visitor
from tests.databases import PostgresTemplate
from tests.programs import Redis, wait_until
from tests.servers import InboxServer

LIMIT = 5
TRIES = 12
"""So many that all but surely both workers get some of them."""
MARGIN_SECONDS = 8
"""For a busy machine; a passing test never waits for it."""
FREE_SECONDS = 5
"""Less than a lease: what a worker lets go of is given back."""
TOLD = ("Unexpected exit from worker",)
"""What Granian logs as an error when a test kills a worker."""
pytestmark = [pytest.mark.cluster, pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture(scope="module")
def limited(
    tmp_path_factory: pytest.TempPathFactory, postgres_template: PostgresTemplate, redis_server: Redis
) -> Iterator[InboxServer]:
    """Two workers with their limits on."""
    server = InboxServer(
        tmp_path_factory.mktemp("limited"), postgres_template.copy(), workers=2, redis_url=redis_server.url,
        rate_limits="on", allowed_errors=TOLD,
    )  # fmt: skip
    try:
        server.start()
        wait_until(lambda: len(server.workers()) == 2, "two workers run")
        yield server
    finally:
        server.stop()
    assert server.trouble() == []


class Streams:
    """Event streams of one visitor, each on a connection of its own."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.open: set[asyncio.Task[None]] = set()

    async def takes(self) -> bool:
        """Ask for one more; it's held if it's taken."""
        answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._read(answered))
        await asyncio.wait([task, answered], return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            return False  # its worker was just killed
        assert answered.result() in {httpx.codes.OK, httpx.codes.TOO_MANY_REQUESTS}
        if answered.result() == httpx.codes.OK:
            self.open.add(task)
            task.add_done_callback(self.open.discard)
        return answered.result() == httpx.codes.OK

    async def _read(self, answered: asyncio.Future[int]) -> None:
        path, timeout = f"/conversations/{self.visitor.conversation_id}/events", httpx.Timeout(10, read=None)
        with suppress(httpx.TransportError):
            async with self.visitor.client.stream("GET", path, timeout=timeout) as answer:
                answered.set_result(answer.status_code)
                async for _ in answer.aiter_bytes():
                    pass

    async def fill(self, seconds: float) -> None:
        """Hold as many as are allowed."""
        async with asyncio.timeout(seconds):
            while len(self.open) < LIMIT:
                await self.takes()

    async def is_full(self) -> bool:
        """Whether each worker refuses another one."""
        return not any([await self.takes() for _ in range(TRIES)])

    async def close(self) -> None:
        for task in list(self.open):
            task.cancel()
        await asyncio.gather(*self.open, return_exceptions=True)


async def a_visitor(floor: Floor) -> Visitor:
    """In a chat that goes on: the streams of one that is over end."""
    agent, visitor = await floor.agent(), await floor.silent_visitor()
    await agent.accept()
    return visitor


def counted_alone(server: InboxServer) -> set[str]:
    """What the workers say how often each counted alone, since Redis was late on a busy machine."""
    told = (httpx.get(f"{server.url}/metrics").text for _ in range(TRIES))
    return {line for text in told for line in text.splitlines() if line.startswith("inbox_lease_fallbacks_total")}


async def stays_full(streams: Streams) -> bool:
    """For longer than a lease that nobody renews."""
    if not all([await streams.takes() for _ in range(LIMIT)]):
        return False
    end = time.monotonic() + LEASE_SECONDS + 1
    while time.monotonic() < end:
        if not await streams.is_full():
            return False
    return True


async def test_the_sixth_stream_is_refused_by_either_worker_and_a_killed_one_holds_none(limited: InboxServer) -> None:
    async with AsyncExitStack() as stack:
        streams = Streams(await a_visitor(Floor(limited, stack)))
        stack.push_async_callback(streams.close)
        before = await asyncio.to_thread(counted_alone, limited)
        while not await stays_full(streams):
            now = await asyncio.to_thread(counted_alone, limited)
            assert now != before, "a worker took one too many"
            before = now
            await streams.close()
            await asyncio.sleep(LEASE_SECONDS)
        victim = limited.workers()[0]
        os.kill(victim, signal.SIGKILL)
        await asyncio.to_thread(wait_until, lambda: victim not in limited.workers(), "it is gone")
        await streams.fill(LEASE_SECONDS + MARGIN_SECONDS)


async def test_a_closed_stream_makes_room_at_once(limited: InboxServer) -> None:
    async with AsyncExitStack() as stack:
        streams = Streams(await a_visitor(Floor(limited, stack)))
        stack.push_async_callback(streams.close)
        await streams.fill(FREE_SECONDS)
        await streams.close()
        await streams.fill(FREE_SECONDS)
