"""While events may be lost: only listeners whose topic has changed in the database are told to read again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import event

from inbox_app import live
from inbox_app.data import messages
from inbox_app.data.engine import database
from inbox_app.live import RESYNC, Hub, Subscription
from inbox_app.live.topics import OF_PROCESSES
from inbox_app.services.catching_up import CatchingUp
from tests.data.builders import a_chat, a_member, a_post, a_reply
from tests.services.told_changes import TOLD, Change

pytestmark = pytest.mark.usefixtures("database")


class Other:
    """Another process: it hears nothing of what this one publishes."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.catching_up = CatchingUp(self.hub)

    @asynccontextmanager
    async def listening(self, *topics: str) -> AsyncIterator[list[Subscription]]:
        """One listener for each topic; all have just read."""
        async with AsyncExitStack() as stack:
            listeners = [await stack.enter_async_context(self.hub.subscribe(topic)) for topic in topics]
            await self.catching_up.look()
            for listener in listeners:
                assert (await listener.next()).kind == RESYNC
            yield listeners

    async def told(self, listeners: list[Subscription]) -> list[bool]:
        """Of each listener whether the next look tells it to read again."""
        await self.catching_up.look()
        return [await _next_is_resync(listener) for listener in listeners]


async def _next_is_resync(listener: Subscription) -> bool:
    try:
        return (await asyncio.wait_for(listener.next(), 0.01)).kind == RESYNC
    except TimeoutError:
        return False


async def test_listeners_of_unchanged_topics_read_nothing() -> None:
    other, ana = Other(), await a_member()
    chats = [await a_chat(agent=ana) for _ in range(3)]
    topics = [live.topics.conversation(chat.id) for chat in chats]
    async with other.listening(*topics, live.topics.agent(ana.id), live.topics.past()) as listeners:
        assert await other.told(listeners) == [False] * 5
        await messages.append(a_post(chats[1]))
        assert await other.told(listeners) == [False, True, False, True, False]
        assert await other.told(listeners) == [False] * 5
        await messages.append(a_reply(chats[1]))
        assert await other.told(listeners) == [False, True, False, True, False]


async def test_a_listener_that_came_since_the_last_look_reads_once_more() -> None:
    other, chat = Other(), await a_chat()
    async with other.listening(live.topics.past()), other.hub.subscribe(live.topics.conversation(chat.id)) as new:
        assert await other.told([new]) == [True]
        assert await other.told([new]) == [False]


CASES = [pytest.param(*told, change, id=change.__name__) for told, changes in TOLD.items() for change in changes]


@pytest.mark.parametrize(("name", "kind", "prepare"), CASES)
async def test_what_changes_elsewhere_is_read_again(
    name: str, kind: str, prepare: Callable[[], Awaitable[Change]]
) -> None:
    topic, change = await prepare()
    assert topic.partition(":")[0] == name
    other = Other()
    async with other.listening(topic) as listeners, live.subscribe(topic) as here:
        assert await other.told(listeners) == [False]
        await change()
        assert kind in await kinds_told(here), "the table names another kind"
        assert await other.told(listeners) == [True]
        assert await other.told(listeners) == [False]


async def kinds_told(here: Subscription) -> set[str]:
    """What a listener of this process has heard."""
    events = here.bursts()
    await anext(events)
    return {event.kind for event in await asyncio.wait_for(anext(events), 1)}


@pytest.mark.parametrize("topic", sorted(OF_PROCESSES))
async def test_what_processes_keep_for_themselves_is_forgotten_at_every_look(topic: str) -> None:
    other = Other()
    async with other.listening(topic) as listeners:
        assert await other.told(listeners) == [True]
        assert await other.told(listeners) == [True]


async def test_a_look_costs_the_same_few_statements_however_many_listen() -> None:
    ana = await a_member()
    chats = [await a_chat(agent=ana) for _ in range(20)]
    assert await statements([live.topics.conversation(chat.id) for chat in chats[:2]]) == 1
    assert await statements([live.topics.conversation(chat.id) for chat in chats] * 50) == 1
    agents = [live.topics.agent(f"agent {number}") for number in range(300)]
    assert await statements(agents) == await statements(agents[:1]) <= 6


async def statements(topics: list[str]) -> int:
    """How many a look at these topics takes."""
    other, engine, found = Other(), database().engine.sync_engine, list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    async with AsyncExitStack() as stack:
        for topic in topics:
            await stack.enter_async_context(other.hub.subscribe(topic))
        event.listen(engine, "before_cursor_execute", note)
        try:
            await other.catching_up.look()
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return len([one for one in found if one.startswith("SELECT")])
