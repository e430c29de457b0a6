"""The hub of one process: everyone who listens hears everything once, in order, or is told to read again."""

import asyncio

from inbox_app.live import RESYNC, Event, Hub, Subscription
from inbox_app.live.hub import BACKLOG


async def heard(changes: Subscription, number: int) -> list[int]:
    return [(await asyncio.wait_for(changes.next(), 5)).data["number"] for _ in range(number)]


async def test_a_listener_hears_its_topics_in_order_and_nothing_else() -> None:
    hub = Hub()
    async with hub.subscribe("a", "b") as changes:
        for number, topic in enumerate(["a", "c", "b", "a"]):
            await hub.publish([topic], "changed", {"number": number})
        assert await heard(changes, 3) == [0, 2, 3]


async def test_an_event_for_two_topics_of_one_listener_is_told_for_each() -> None:
    hub = Hub()
    async with hub.subscribe("a", "b") as changes:
        await hub.publish(["a", "b"], "changed", {})
        assert [(await changes.next()).topic for _ in range(2)] == ["a", "b"]


async def test_what_is_published_before_the_first_look_is_not_lost() -> None:
    hub = Hub()
    async with hub.subscribe("a") as changes:
        await hub.publish(["a"], "changed", {"number": 1})
        bursts = changes.bursts()
        assert await anext(bursts) == []
        assert [event.data["number"] for event in await anext(bursts)] == [1]


async def test_what_gathers_comes_as_one_burst() -> None:
    hub = Hub()
    async with hub.subscribe("a") as changes:
        bursts = changes.bursts()
        await anext(bursts)
        for number in range(5):
            await hub.publish(["a"], "changed", {"number": number})
        assert [event.data["number"] for event in await anext(bursts)] == [0, 1, 2, 3, 4]


async def test_a_burst_waits_until_something_happens() -> None:
    hub = Hub()
    async with hub.subscribe("a") as changes:
        bursts = changes.bursts()
        await anext(bursts)
        waiting = asyncio.create_task(anext(bursts))
        await hub.publish(["b"], "changed", {})
        assert not waiting.done()
        await hub.publish(["a"], "changed", {"number": 7})
        assert [event.data["number"] for event in await waiting] == [7]


async def test_who_is_too_slow_is_told_to_read_again_and_grows_no_further() -> None:
    hub = Hub()
    async with hub.subscribe("a") as slow, hub.subscribe("a") as quick:
        for number in range(BACKLOG + 1):
            await hub.publish(["a"], "changed", {"number": number})
            await quick.next()
        assert (await slow.next()).kind == RESYNC
        await hub.publish(["a"], "changed", {"number": 1})
        assert await heard(slow, 1) == [1]


async def test_a_resync_replaces_what_was_not_read() -> None:
    hub = Hub()
    async with hub.subscribe("a") as changes:
        await hub.publish(["a"], "changed", {})
        hub.resync()
        hub.resync()
        assert await changes.next() == Event(RESYNC)


async def test_listeners_are_counted_and_gone_when_their_block_ends() -> None:
    hub = Hub()
    async with hub.subscribe("a", "b"):
        async with hub.subscribe("a"):
            assert hub.listeners == 2
        assert hub.listeners == 1
    assert hub.listeners == 0
    assert not hub._subscriptions


async def test_a_listener_that_is_cancelled_is_gone() -> None:
    hub = Hub()

    async def listen() -> None:
        async with hub.subscribe("a") as changes:
            await changes.next()

    tasks = [asyncio.create_task(listen()) for _ in range(50)]
    await asyncio.sleep(0)
    assert hub.listeners == 50
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert hub.listeners == 0


async def test_nobody_listening_costs_nothing() -> None:
    hub = Hub()
    await hub.publish(["a"], "changed", {})
    assert not hub._subscriptions
