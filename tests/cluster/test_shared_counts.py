"""A visitor's newest streams are served, whichever worker holds the oldest; dead paths and workers keep none away."""

import asyncio
import functools
import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress

import httpx
import pytest

from inbox_app.api.open_counts import LEAVING_SECONDS
from inbox_app.live.leases import LEASE_SECONDS, RENEW_SECONDS
from tests.cluster.conftest import Stream, two_workers
from tests.cluster.floor import Agent, Floor, Visitor
from tests.databases import PostgresTemplate
from tests.dead_paths import proxy_to
from tests.programs import Redis, wait_until
from tests.servers import InboxServer

LIMIT = 5
MANY = 12
"""So many that all but surely both workers get some of them."""
LET_GO_SECONDS = RENEW_SECONDS + LEAVING_SECONDS
"""So late a worker ends what has lost its place to a stream of the other one."""
MARGIN_SECONDS = 8
"""For a busy machine; a passing test never waits for it."""
SILENCE_SECONDS = 12
"""After which the widget connects again."""
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
    with two_workers(server):
        yield server
    assert server.trouble() == []


class Streams:
    """Event streams of one visitor, each on a connection of its own; `open`: by number, those that haven't ended."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.open: dict[int, asyncio.Task[None]] = {}
        self._number = 0

    async def take(self, count: int) -> None:
        """Open so many, one after the other. Each is served."""
        for _ in range(count):
            answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            task, self._number = asyncio.create_task(self._read(answered)), self._number + 1
            self.open[self._number] = task
            task.add_done_callback(functools.partial(self._ended, self._number))
            assert await answered == httpx.codes.OK

    def _ended(self, number: int, _task: asyncio.Task[None]) -> None:
        del self.open[number]

    async def _read(self, answered: asyncio.Future[int]) -> None:
        path, timeout = f"/conversations/{self.visitor.conversation_id}/events", httpx.Timeout(10, read=None)
        while not answered.done():  # a worker that was just killed resets what it had not answered: browsers try again
            with suppress(httpx.TransportError):
                async with self.visitor.client.stream("GET", path, timeout=timeout) as answer:
                    answered.set_result(answer.status_code)
                    async for _ in answer.aiter_bytes():
                        pass

    async def until_left(self, count: int, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while len(self.open) > count:
                await asyncio.wait(self.open.values(), return_when=asyncio.FIRST_COMPLETED)

    async def close(self) -> None:
        tasks = list(self.open.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def a_talk(floor: Floor) -> tuple[Agent, Visitor]:
    """In a chat that goes on: the streams of one that is over end."""
    agent, visitor = await floor.agent(), await floor.silent_visitor()
    await agent.accept()
    return agent, visitor


def counted_alone(server: InboxServer) -> set[str]:
    """What the workers say how often each counted alone, since Redis was late on a busy machine."""
    told = (httpx.get(f"{server.url}/metrics").text for _ in range(MANY))
    return {line for text in told for line in text.splitlines() if line.startswith("inbox_lease_fallbacks_total")}


async def left_of_many(streams: Streams) -> list[int]:
    """The numbers of those that are still open once the oldest were let go, and later than any lease runs out."""
    await streams.take(MANY)
    await streams.until_left(LIMIT, LET_GO_SECONDS + MARGIN_SECONDS)
    await asyncio.wait(streams.open.values(), timeout=LEASE_SECONDS + 1)
    return list(streams.open)


@pytest.mark.timeout(300)  # it waits for 40 s, again if Redis was late, and the two workers start meanwhile
async def test_the_newest_five_are_served_over_both_workers_and_a_killed_one_keeps_none_away(
    limited: InboxServer,
) -> None:
    async with AsyncExitStack() as stack:
        before = await asyncio.to_thread(counted_alone, limited)
        while True:
            streams = Streams((await a_talk(Floor(limited, stack)))[1])
            stack.push_async_callback(streams.close)
            left = await left_of_many(streams)
            now = await asyncio.to_thread(counted_alone, limited)
            if now == before:
                break
            before = now
        assert left == list(range(MANY - LIMIT + 1, MANY + 1))
        victim = limited.workers()[0]
        os.kill(victim, signal.SIGKILL)
        await asyncio.to_thread(wait_until, lambda: victim not in limited.workers(), "it is gone")
        await streams.take(LIMIT)


async def test_five_streams_on_a_dead_path_keep_no_message_from_the_sixth(limited: InboxServer) -> None:
    async with AsyncExitStack() as stack:
        agent, visitor = await a_talk(Floor(limited, stack))
        proxy = stack.enter_context(proxy_to(limited.port))
        train = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"{proxy.url}/api/v1/visitor", headers=visitor.client.headers)
        )
        path = f"/conversations/{visitor.conversation_id}/events"
        for _ in range(LIMIT):
            silent = follow(stack, train, path)
            await silent.until(lambda heard=silent: heard.texts == ["Hello"])
            assert await asyncio.to_thread(proxy.lose, "/events")
        newest = follow(stack, train, path)
        await newest.until(lambda: newest.texts == ["Hello"])
        body = {"client_id": str(uuid.uuid4()), "text": "Still there?"}
        (await agent.post(f"/conversations/{visitor.conversation_id}/messages", **body)).raise_for_status()
        await newest.until(lambda: newest.texts == ["Hello", "Still there?"])


def follow(stack: AsyncExitStack, client: httpx.AsyncClient, path: str) -> Stream:
    stream = Stream(client, path, SILENCE_SECONDS)
    stack.callback(asyncio.create_task(stream.run()).cancel)
    return stream


async def test_six_open_tabs_take_turns_slowly(limited: InboxServer) -> None:
    async with AsyncExitStack() as stack:
        _, visitor = await a_talk(Floor(limited, stack))
        path = f"/conversations/{visitor.conversation_id}/events"
        tabs = [follow(stack, visitor.client, path) for _ in range(LIMIT)]
        for tab in tabs:
            await tab.until_connected(1)
        began = time.monotonic()  # before the sixth: the server counts from its arrival, which we hear of later
        tabs.append(follow(stack, visitor.client, path))
        await tabs[-1].until_connected(1)
        again = [asyncio.create_task(tab.until_connected(2, 2 * LET_GO_SECONDS)) for tab in tabs]
        for turn, done in enumerate(asyncio.as_completed(again), start=1):
            await done
            if turn == 2:
                break
        assert time.monotonic() - began >= 2 * LEAVING_SECONDS
        assert sum(tab.connected for tab in tabs) == LIMIT + 1 + 2
        for task in again:
            task.cancel()
