"""The scripted visitor against a real server, by the public API alone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from inbox_app.demo.visitor.crowd import OPEN_AT_MOST, Crowd
from inbox_app.demo.visitor.persona import personas
from inbox_app.demo.visitor.script import WORDS
from tests import people
from tests.demo.agents import Agent, until
from tests.servers import InboxServer

LENA = personas()[0]
FAST = 20.0
CALM = 5.0
"""Fast, but slow enough not to ask "Are you still there?" while a server restarts."""


@contextlib.asynccontextmanager
async def visitors(server: InboxServer, directory: Path, speed: float) -> AsyncIterator[Crowd]:
    crowd = Crowd(server.url, directory / "visitors.json", speed=speed)
    task = asyncio.create_task(crowd.run())
    try:
        yield crowd
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def an_agent(server: InboxServer) -> Agent:
    people.add(server, people.ANA)
    return Agent(server.url, people.ANA.email)


async def test_it_asks_answers_and_ends(server: InboxServer, tmp_path: Path) -> None:
    async with an_agent(server).there() as ana, visitors(server, tmp_path, FAST):
        chat = await ana.takes_a_chat()
        visitor = await ana.state_of(chat)
        assert visitor["title"] == LENA.name
        assert await ana.reads(chat) == list(LENA.opening)
        assert LENA.facts["place"] in await ana.is_answered(chat, "Where do you live?")
        for line in LENA.lines:
            assert await ana.is_answered(chat, "Good.") == line
        assert await ana.is_answered(chat, "Yes.") == WORDS["en"]["goodbye"][0]

        async def is_over() -> bool:
            return bool((await ana.state_of(chat))["state"] == "ended")

        await until(is_over, "the end")
        ended = await ana.state_of(chat)
        assert (ended["end_reason"], ended["seen_by_visitor"] > 0) == ("visitor", True)


async def test_it_books_the_calendar_that_is_shared(server: InboxServer, tmp_path: Path) -> None:
    async with an_agent(server).there() as ana, visitors(server, tmp_path, CALM):
        chat = await ana.takes_a_chat()
        await ana.shares_her_calendar(chat)
        (meeting,) = await until(ana.meetings, "a meeting")
        assert (meeting["visitor_name"], meeting["status"]) == (LENA.name, "scheduled")
        await says_so(ana, chat)


async def says_so(ana: Agent, chat: str) -> None:
    """The visitor writes that a time was booked."""

    async def has_said_so() -> bool:
        return WORDS["en"]["booked"][0] in await ana.reads(chat)

    await until(has_said_so, "the visitor's word")


async def test_a_restarted_demo_books_what_was_shared_meanwhile(server: InboxServer, tmp_path: Path) -> None:
    async with an_agent(server).there() as ana:
        async with visitors(server, tmp_path, CALM):
            chat = await ana.takes_a_chat()
        await ana.shares_her_calendar(chat)
        async with visitors(server, tmp_path, CALM):
            await until(ana.meetings, "a meeting")
            await says_so(ana, chat)
            assert await ana.is_answered(chat, "Good.") == LENA.lines[0]
    assert len(await ana_meetings(server)) == 1


async def ana_meetings(server: InboxServer) -> list[object]:
    async with Agent(server.url, people.ANA.email).there() as ana:
        return await ana.meetings()


async def test_nobody_asks_while_no_agent_is_there(server: InboxServer, tmp_path: Path) -> None:
    people.add(server, people.ANA)
    async with visitors(server, tmp_path, 100):
        await asyncio.sleep(1)
        async with httpx.AsyncClient(base_url=server.url) as client:
            assert (await client.get("/api/v1/visitor/availability")).json() == {"available": False}
    async with Agent(server.url, people.ANA.email).there() as ana:
        assert (await ana.client.get("/offers")).json()["items"] == []


async def test_it_never_has_more_than_two_chats_open(server: InboxServer, tmp_path: Path) -> None:
    async with an_agent(server).there() as ana, visitors(server, tmp_path, CALM * 4):
        chats = {await ana.takes_a_chat() for _ in range(OPEN_AT_MOST)}
        await asyncio.sleep(2)  # some further asks would have come
        assert (await ana.client.get("/offers")).json()["items"] == []
        titles = {(await ana.state_of(chat))["visitor_id"] for chat in chats}
        assert len(titles) == OPEN_AT_MOST


async def test_a_restarted_server_finds_it_where_it_was(server: InboxServer, tmp_path: Path) -> None:
    async with an_agent(server).there() as ana, visitors(server, tmp_path, CALM):
        chat = await ana.takes_a_chat()
        assert await ana.is_answered(chat, "Good.") == LENA.lines[0]
        await asyncio.to_thread(server.restart)
        assert await ana.is_answered(chat, "Yes.") == LENA.lines[1]
        assert await ana.reads(chat) == [*LENA.opening, *LENA.lines]


async def test_a_restarted_demo_goes_on_with_the_open_chat(server: InboxServer, tmp_path: Path) -> None:
    async with an_agent(server).there() as ana:
        async with visitors(server, tmp_path, CALM):
            chat = await ana.takes_a_chat()
            assert await ana.is_answered(chat, "Good.") == LENA.lines[0]
        async with visitors(server, tmp_path, CALM):
            assert await ana.is_answered(chat, "Yes.") == LENA.lines[1]
            assert await ana.reads(chat) == [*LENA.opening, *LENA.lines]


async def test_a_memory_of_another_database_is_let_go(server: InboxServer, tmp_path: Path) -> None:
    memory = tmp_path / "visitors.json"
    for text in ('[{"persona": "lena", "token": "gone"}]', "[1]", "{", '[{"persona": "nobody", "token": "x"}]'):
        memory.write_text(text)
        async with visitors(server, tmp_path, FAST):

            async def is_empty() -> bool:
                return memory.read_text() == "[]"

            await until(is_empty, "an empty memory")
