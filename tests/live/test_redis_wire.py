"""Several processes share what they publish over a real Redis; after a cut everyone is told to read again."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager

import pytest

from inbox_app.live import RESYNC, Event, Hub, Subscription
from inbox_app.live.hub import BACKLOG
from inbox_app.live.redis_wire import RedisWire
from tests.programs import Redis

pytestmark = pytest.mark.redis
Fault = Callable[[Redis], AbstractContextManager[None]]


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


def wire_of(hub: Hub) -> RedisWire:
    assert isinstance(hub.wire, RedisWire)
    return hub.wire


def is_down(hub: Hub) -> bool:
    return wire_of(hub).is_down


async def heard_until(changes: Subscription, kind: str) -> list[Event]:
    """Everything up to the first event of this kind."""
    heard = []
    async with asyncio.timeout(10):
        while not heard or heard[-1].kind != kind:
            heard.append(await changes.next())
    return heard


def last_resync(events: Sequence[Event]) -> int:
    return max(index for index, event in enumerate(events) if event.kind == RESYNC)


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
    async with a_process(redis_server) as one, one.subscribe("a") as own, a_process(redis_server) as two:
        await until(own, RESYNC)  # of the process that has just started
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


FAULTS = pytest.mark.parametrize("fault", [Redis.away, Redis.hung], ids=["killed", "hung"])


@FAULTS
async def test_publishing_never_waits_for_redis(redis_server: Redis, fault: Fault) -> None:
    async with a_process(redis_server) as one, one.subscribe("a") as changes:
        with fault(redis_server):
            started = time.monotonic()
            for number in range(BACKLOG):
                await one.publish(["a"], "changed", {"number": number})
            assert time.monotonic() - started < 0.5
            assert (await until(changes, "changed")).data == {"number": 0}


@FAULTS
async def test_each_process_notices_within_three_seconds_and_tells_its_listeners(
    redis_server: Redis, fault: Fault
) -> None:
    async with (
        a_process(redis_server) as one,
        one.subscribe("a") as told_one,
        a_process(redis_server) as two,
        two.subscribe("a") as told_two,
    ):
        await until(told_one, RESYNC)  # the second process has started
        with fault(redis_server):
            await asyncio.gather(until(told_one, RESYNC, 3), until(told_two, RESYNC, 3))
            assert (is_down(one), is_down(two)) == (True, True)
        await asyncio.gather(until(told_one, RESYNC), until(told_two, RESYNC))
        assert (is_down(one), is_down(two)) == (False, False)


@FAULTS
async def test_after_a_gap_events_come_in_order_and_after_the_news_that_some_are_missing(
    redis_server: Redis, fault: Fault
) -> None:
    async with a_process(redis_server) as one, a_process(redis_server) as two, two.subscribe("a") as changes:
        await one.publish(["a"], "changed", {"number": 0})
        await until(changes, "changed")
        number = 0
        with fault(redis_server):
            while not (is_down(one) and is_down(two)):
                number += 1
                await one.publish(["a"], "changed", {"number": number})
                await asyncio.sleep(0.01)
        events = asyncio.create_task(heard_until(changes, "last"))
        while not events.done():
            number += 1
            await one.publish(["a"], "changed", {"number": number})
            await one.publish(["a"], "last" if not is_down(one) and not is_down(two) else "early", {})
            await asyncio.sleep(0.01)
    heard = await events
    assert RESYNC in [event.kind for event in heard]
    numbers = [event.data["number"] for event in heard if event.kind == "changed"]
    assert numbers == sorted(set(numbers))
    after = [event.data["number"] for event in heard[last_resync(heard) :] if event.kind == "changed"]
    assert after == list(range(after[0], after[0] + len(after)))


async def test_a_process_that_dies_before_it_has_published_makes_the_others_read_again_when_it_is_replaced(
    redis_server: Redis,
) -> None:
    async with a_process(redis_server) as one, one.subscribe("a") as changes, a_process(redis_server):
        await until(changes, RESYNC)


async def test_what_was_queued_goes_out_before_an_orderly_end(redis_server: Redis) -> None:
    async with a_process(redis_server) as one, a_process(redis_server) as two, two.subscribe("a") as changes:
        for number in range(500):
            await one.publish(["a"], "changed", {"number": number})
        await wire_of(one).flush()
        assert [(await until(changes, "changed")).data["number"] for _ in range(500)] == list(range(500))


async def test_what_others_write_on_the_channel_harms_nobody(redis_server: Redis) -> None:
    import redis.asyncio as redis

    from inbox_app.live.redis_wire import CHANNEL

    async with a_process(redis_server) as one, a_process(redis_server) as two, two.subscribe("a") as changes:
        async with redis.from_url(redis_server.url) as stranger:
            for garbage in ("", "no json", "[]", '{"a": 1}', "[1, 2, 3, 4]"):
                await stranger.publish(CHANNEL, garbage)
        await one.publish(["a"], "changed", {})
        await until(changes, "changed")
