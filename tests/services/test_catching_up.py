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
from inbox_app.domain.people import Role
from inbox_app.live import RESYNC, Hub, Subscription
from inbox_app.services import availability, chat_settings, conversations, offers, people, sign_in, visitors
from inbox_app.services.catching_up import CatchingUp
from tests.data.builders import NOW, PASSWORD, a_chat, a_device, a_member, a_post, a_reply, an_activity
from tests.services.builders import a_request, ringing

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


Change = tuple[str, Callable[[], Awaitable[Any]]]


async def _seen() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    await messages.append(a_post(chat))
    return live.topics.conversation(chat.id), lambda: conversations.mark_seen(chat.id, 1, member=ana)


async def _end_of_a_chat() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.conversation(chat.id), lambda: conversations.end(chat.id, member=ana, now=NOW)


async def _end_of_a_chat_in_the_list() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.agent(ana.id), lambda: conversations.end(chat.id, member=ana, now=NOW)


async def _end_of_a_chat_in_the_history() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.past(), lambda: conversations.end(chat.id, member=ana, now=NOW)


async def _draft() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.agent(ana.id), lambda: conversations.save_draft(chat.id, "typed", member=ana, now=NOW)


async def _offer() -> Change:
    ana = await a_member()
    return live.topics.agent(ana.id), a_request


async def _accept() -> Change:
    ana = await a_member()
    _, offer_id = await ringing(await a_request(), ana)
    return live.topics.agent(ana.id), lambda: offers.accept(offer_id, member=ana, now=NOW)


async def _decline() -> Change:
    ana, ben = await a_member(), await a_member("Ben", turn=1)
    asked, offer_id = await ringing(await a_request(), ana, ben)
    return live.topics.agent(asked.id), lambda: offers.decline(offer_id, member=asked, now=NOW)


async def _place_in_the_queue() -> Change:
    ana = await a_member(capacity=1)
    first, second = await a_request(), await a_request()
    _, offer_id = await ringing(first, ana)
    return live.topics.conversation(second), lambda: offers.accept(offer_id, member=ana, now=NOW)


async def _switch() -> Change:
    ana = await a_member()
    return live.topics.agent(ana.id), lambda: availability.set_available(False, member=ana, now=NOW)


async def _activity() -> Change:
    vera = await a_device()
    return live.topics.visitor(vera.visitor_id), lambda: an_activity(vera.visitor_id, NOW)


async def _correction() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.visitor(chat.visitor_id), lambda: visitors.correct(
        chat.visitor_id, field="name", value="Wera", member=ana, now=NOW
    )


async def _setting() -> Change:
    root = await a_member("Root", role=Role.ADMIN)
    return live.topics.everyone(), lambda: chat_settings.change({"capacity": 3}, member=root, now=NOW)


async def _sign_out() -> Change:
    ana = await a_member()
    token = await sign_in.sign_in(ana.email, PASSWORD, now=NOW)
    return live.topics.sign_in(sign_in.id_of(token)), lambda: sign_in.sign_out(token, now=NOW)


async def _preference() -> Change:
    ana = await a_member()
    return live.topics.agent(ana.id), lambda: people.set_preferences(member=ana, language="fr")


CHANGES = [
    _seen, _end_of_a_chat, _end_of_a_chat_in_the_list, _end_of_a_chat_in_the_history, _draft, _offer, _accept,
    _decline, _place_in_the_queue, _switch, _activity, _correction, _setting, _sign_out, _preference,
]  # fmt: skip


@pytest.mark.parametrize("prepare", CHANGES, ids=lambda prepare: prepare.__name__.strip("_"))
async def test_what_changes_elsewhere_is_read_again(prepare: Callable[[], Awaitable[Change]]) -> None:
    topic, change = await prepare()
    other = Other()
    async with other.listening(topic) as listeners:
        assert await other.told(listeners) == [False]
        await change()
        assert await other.told(listeners) == [True]
        assert await other.told(listeners) == [False]


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
