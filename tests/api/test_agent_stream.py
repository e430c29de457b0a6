"""An agent's stream tells each message once and in order, whatever happens to events on their way."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from sse_starlette.event import ServerSentEvent

from inbox_app import live
from inbox_app.api.agent_stream import AgentStream
from inbox_app.data import messages
from inbox_app.data.ids import new_id
from inbox_app.data.messages import Appended, Post
from inbox_app.domain.conversation import Sender
from inbox_app.live import hub
from inbox_app.services.use_case import entry_data
from tests.api.conftest import Agent, People
from tests.api.streaming import Stream
from tests.data.builders import NOW

EVENTS = "/agent/events"


async def unheard(ana: Agent, chat_id: str, text: str) -> Appended:
    """A message whose event got lost."""
    return await messages.append(Post(chat_id, Sender.AGENT, ana.member.id, "Ana", new_id(), text, NOW))


async def heard(ana: Agent, chat_id: str, appended: Appended) -> None:
    """The event of a message arrives."""
    topics = [live.topics.agent(ana.member.id)]
    await live.publish(topics, "message", entry_data(chat_id, appended.message))


async def texts(stream: Stream, count: int) -> list[str]:
    return [(await stream.next("message")).data["text"] for _ in range(count)]


async def test_late_and_repeated_events_are_sent_once_and_in_order(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    async with ana.listen(EVENTS) as stream:
        await stream.next("ready")
        one, two, three = [await unheard(ana, chat_id, text) for text in ("one", "two", "three")]
        for appended in (two, one, one, three, two):
            await heard(ana, chat_id, appended)
        await vera.write("four")
        assert await texts(stream, 4) == ["one", "two", "three", "four"]


async def test_after_a_gap_it_tells_what_was_missed(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    async with ana.listen(EVENTS) as stream:
        await stream.next("ready")
        await unheard(ana, chat_id, "missed")
        hub.resync()
        assert await texts(stream, 1) == ["missed"]
        await vera.write("heard")
        assert await texts(stream, 1) == ["heard"]


async def test_after_a_gap_the_stream_reports_a_chat_that_was_accepted(people: People) -> None:
    ana, vera = await people.agent("Ana"), await people.visitor()
    await vera.ask("Hello")
    async with reading(ana, "ready", "offer") as events:
        (chat_id,) = await ana.accept_all()
        await vera.write("Are you there?")
        hub.resync()  # in place of all that was told
        assert [await kind_and_text(events) for _ in range(2)] == [("conversation", ""), ("message", "Are you there?")]
    assert chat_id == vera.chat_id


async def test_after_a_gap_it_tells_of_an_offer(people: People) -> None:
    ana, vera = await people.agent("Ana"), await people.visitor()
    async with reading(ana, "ready") as events:
        await vera.ask("Hello")
        hub.resync()
        assert await kind_and_text(events) == ("offer", "Hello")


async def test_after_a_gap_the_stream_reports_a_chat_that_ended(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    async with reading(ana, "ready") as events:
        await vera.post(f"/conversations/{chat_id}/end")
        hub.resync()
        told = json.loads(str((await asyncio.wait_for(anext(events), 5)).data))
    assert (told["id"], told["state"]) == (chat_id, "ended")


@asynccontextmanager
async def reading(ana: Agent, *first: str) -> AsyncIterator[AsyncGenerator[ServerSentEvent, None]]:
    """A stream whose client reads only when it is asked for the next event."""
    async with AgentStream(ana.member, "none").opened() as opened, aclosing(opened) as events:
        assert [(await anext(events)).event for _ in first] == list(first)
        yield events


async def kind_and_text(events: AsyncGenerator[ServerSentEvent, None]) -> tuple[str | None, str]:
    event = await asyncio.wait_for(anext(events), 5)
    return event.event, json.loads(str(event.data)).get("text", "")
