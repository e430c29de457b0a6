"""Everyone reconnects at one moment: a few statements serve all of them, and nobody misses or repeats an entry."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import event

from inbox_app.data.engine import database as current_database
from inbox_app.live import hub
from inbox_app.services import chat as chat_service
from inbox_app.services import devices
from tests.api.conftest import People, Visitor
from tests.api.streaming import Stream
from tests.data.builders import NOW, Chat, a_chat, a_member

MANY = 60
TEXTS = ("one", "two", "three")


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the block asks the database through SQLAlchemy."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    engine = current_database().engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@dataclass
class Chatting:
    """A visitor in a chat."""

    visitor: Visitor
    chat: Chat

    def path(self) -> str:
        return f"/conversations/{self.chat.id}/events"

    async def write(self, text: str) -> None:
        await chat_service.send(self.chat.id, client_id=str(uuid4()), text=text, device=self.chat.device, now=NOW)


async def chatting(people: People, **changes: Any) -> Chatting:
    visitor = await people.visitor()
    device = await devices.device(visitor.http.headers["Authorization"].removeprefix("Bearer "))
    return Chatting(visitor, await a_chat(**{"device": device, "texts": TEXTS} | changes))


@asynccontextmanager
async def all_open(everyone: list[Chatting], after: int) -> AsyncIterator[list[Stream]]:
    """The streams of all, opened before any of them is served."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(one.visitor.listen(one.path(), f"after={after}")) for one in everyone]


async def test_a_stream_reads_its_chat_once(people: People) -> None:
    vera = await chatting(people, agent=await a_member())
    with statements() as asked:
        async with vera.visitor.listen(vera.path(), "after=2") as stream:
            assert (await stream.next("message")).id == 3
    assert len([statement for statement in asked if "FROM conversation" in statement and "seen_seq" in statement]) == 1
    assert len([statement for statement in asked if "FROM entry" in statement]) == 1


async def test_a_storm_of_streams_costs_less_than_one_statement_each(people: People) -> None:
    ana = await a_member()
    everyone = [await chatting(people, agent=ana) for _ in range(MANY)]
    with statements() as asked:
        async with all_open(everyone, after=2) as streams:
            missed = await asyncio.gather(*(stream.next("message") for stream in streams))
    assert [(message.id, message.data["text"]) for message in missed] == [(3, "three")] * MANY
    assert len(asked) < MANY


async def test_nothing_is_missed_or_doubled_by_a_storm_into_which_everyone_writes(people: People) -> None:
    ana = await a_member()
    everyone = [await chatting(people, agent=ana) for _ in range(20)]
    async with all_open(everyone, after=1) as streams:
        await asyncio.gather(*(_write_all(one) for one in everyone))
        for stream in streams:
            assert [(await stream.next("message")).id for _ in range(8)] == list(range(2, 10))
        for one in everyone:
            await one.write("last")
        for stream in streams:
            assert (await stream.next("message")).id == 10


async def _write_all(one: Chatting) -> None:
    for number in range(6):
        await one.write(f"message {number}")


async def test_everyone_in_a_storm_is_answered_for_the_own_chat(people: People) -> None:
    ana = await a_member()
    active = await chatting(people, agent=ana, agent_seen_seq=2)
    first, second = [await chatting(people, state="waiting", requested_at=NOW, id=f"C{n}") for n in (1, 2)]
    ended = await chatting(people, agent=ana, state="ended")
    stranger = await people.visitor()
    async with AsyncExitStack() as stack:

        async def listen(visitor: Visitor, one: Chatting, after: int) -> Stream:
            return await stack.enter_async_context(visitor.listen(one.path(), f"after={after}"))

        whole, rest = await listen(active.visitor, active, 0), await listen(active.visitor, active, 2)
        queued = [await listen(one.visitor, one, 3) for one in (first, second)]
        over, finished = await listen(ended.visitor, ended, 1), await listen(ended.visitor, ended, 3)
        foreign = await listen(stranger, active, 0)
        assert [(await whole.next("message")).id for _ in range(3)] == [1, 2, 3]
        assert (await rest.next("message")).id == 3
        assert (await rest.next("seen")).data == {"by": "agent", "seq": 2}
        assert [(await stream.next("queue")).data["position"] for stream in queued] == [1, 2]
        assert [one.id for one in await over.rest()] == [2, 3]
        assert await finished.any() is None
        assert await foreign.any() is None
        assert (over.status, finished.status, foreign.status) == (200, 204, 404)


async def test_a_storm_that_is_refused_or_leaves_at_once_leaves_no_listener(people: People) -> None:
    vera = await chatting(people, agent=await a_member())
    stranger = await people.visitor()
    before = hub.listeners
    async with AsyncExitStack() as stack:
        for visitor in [vera.visitor, stranger] * 10:
            await stack.enter_async_context(visitor.listen(vera.path(), "after=3"))
    assert hub.listeners == before
