"""Several processes share what they publish over a real Redis; after a cut everyone is told to read again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from inbox_app.live import RESYNC, Event, Hub, Subscription
from inbox_app.live.redis_wire import RedisWire
from tests.programs import Redis

pytestmark = pytest.mark.redis


@asynccontextmanager
async def a_process(server: Redis, *, idle_seconds: float = 5) -> AsyncIterator[Hub]:
    """A hub with its wire, listening; what a worker process has."""
    hub = Hub()
    hub.wire = wire = RedisWire(server.url, hub, idle_seconds=idle_seconds)
    async with hub.subscribe("ready") as ready:
        task = asyncio.create_task(wire.run())
        assert (await until(ready, RESYNC)).kind == RESYNC
    try:
        yield hub
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await wire.close()


async def until(changes: Subscription, kind: str, seconds: float = 5) -> Event:
    """The next event of this kind, passing over others."""
    async with asyncio.timeout(seconds):
        while (event := await changes.next()).kind != kind:
            pass
    return event


async def test_what_one_process_publishes_the_others_hear_once_and_in_order(redis_server: Redis) -> None:
    async with AsyncExitStack() as stack:
        one, two = [await stack.enter_async_context(a_process(redis_server)) for _ in range(2)]
        async with two.subscribe("a") as changes:
            for number in range(100):
                await one.publish(["a"], "changed", {"number": number})
            events = [await until(changes, "changed") for _ in range(100)]
    assert [event.data["number"] for event in events] == list(range(100))
    assert {event.topic for event in events} == {"a"}


async def test_the_publisher_hears_itself_once(redis_server: Redis) -> None:
    async with a_process(redis_server) as one, a_process(redis_server) as two, one.subscribe("a") as own:
        await one.publish(["a"], "first", {})
        await two.publish(["a"], "last", {})
        assert [(await own.next()).kind for _ in range(2)] == ["first", "last"]


async def test_texts_of_any_language_cross_the_wire(redis_server: Redis) -> None:
    data = {"text": "héé 👩‍👩‍👧 \n\t\"'\\ مرحبا", "active": True, "position": None}
    async with a_process(redis_server) as one, a_process(redis_server) as two, two.subscribe("a") as changes:
        await one.publish(["a"], "message", data)
        assert (await until(changes, "message")).data == data


async def test_the_wire_still_works_after_a_long_silence(redis_server: Redis) -> None:
    one, two = a_process(redis_server), a_process(redis_server, idle_seconds=0.05)
    async with one as speaker, two as hearer, hearer.subscribe("a") as changes:
        with pytest.raises(TimeoutError):
            await until(changes, "a word", seconds=0.5)
        await speaker.publish(["a"], "changed", {})
        await until(changes, "changed")


async def test_after_a_restart_of_redis_everyone_is_told_to_read_again(redis_server: Redis) -> None:
    async with a_process(redis_server) as one, a_process(redis_server) as two, two.subscribe("a") as changes:
        redis_server.stop()
        await asyncio.to_thread(redis_server.start)
        await until(changes, RESYNC)
        await arrives(one, changes)


async def arrives(publisher: Hub, changes: Subscription) -> None:
    """Publishes until it arrives: the publisher's own connection may still be coming back."""
    async with asyncio.timeout(5):
        while True:
            await publisher.publish(["a"], "again", {})
            with contextlib.suppress(TimeoutError):
                await until(changes, "again", seconds=0.2)
                return


async def test_while_redis_is_away_nobody_waits_for_it(redis_server: Redis) -> None:
    async with a_process(redis_server) as one, one.subscribe("a") as changes:
        redis_server.stop()
        try:
            async with asyncio.timeout(2):
                for _ in range(50):
                    await one.publish(["a"], "changed", {})
            await until(changes, "changed")
        finally:
            await asyncio.to_thread(redis_server.start)


async def test_what_others_write_on_the_channel_harms_nobody(redis_server: Redis) -> None:
    import redis.asyncio as redis

    from inbox_app.live.redis_wire import CHANNEL

    async with a_process(redis_server) as one, a_process(redis_server) as two, two.subscribe("a") as changes:
        async with redis.from_url(redis_server.url) as stranger:
            for garbage in ("", "no json", "[]", '{"a": 1}', "[1, 2, 3, 4]"):
                await stranger.publish(CHANNEL, garbage)
        await one.publish(["a"], "changed", {})
        await until(changes, "changed")
