"""A message on PostgreSQL is one round trip, over connections that are never reset because they hold nothing."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest

from inbox_app.data import messages
from inbox_app.data.engine import use_database
from inbox_app.domain.conversation import Sender
from tests.data.builders import Chat, a_chat, a_member, a_post, a_reply

pytestmark = pytest.mark.postgres
ONE_STATEMENT = re.compile(rb"\s*(WITH|SELECT|UPDATE)\b[^;]*\s*", re.IGNORECASE)
LEAVES_SOMETHING = re.compile(rb"set_config|advisory|nextval|FOR UPDATE|INTO TEMP", re.IGNORECASE)


class Wiretap:
    """Sits between this process and PostgreSQL, counts round trips and keeps what was prepared."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self.round_trips = 0
        self.prepared: list[bytes] = []
        self.simple_queries: list[bytes] = []
        self._copying: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """The database's address through this tap."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            yield self._target._replace(netloc=f"{self._target.username}@127.0.0.1:{port}").geturl()
        finally:
            server.close()
            for task in self._copying:
                task.cancel()
            await asyncio.gather(*self._copying, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(self._target.hostname, self._target.port)
        is_clients_turn = True

        async def ask() -> None:
            nonlocal is_clients_turn
            while data := await reader.read(65_536):
                self.round_trips += is_clients_turn
                is_clients_turn = False
                self._note(data)
                to_server.write(data)
            to_server.close()

        async def answer() -> None:
            nonlocal is_clients_turn
            while data := await from_server.read(65_536):
                is_clients_turn = True
                writer.write(data)
            writer.close()

        self._copying += [asyncio.create_task(ask()), asyncio.create_task(answer())]

    def _note(self, data: bytes) -> None:
        """asyncpg writes whole messages: a letter, four bytes of length, the content."""
        while len(data) > 5 and data[:1].isalpha():
            end = 1 + int.from_bytes(data[1:5], "big")
            content, kind = data[5:end], data[:1]
            if kind == b"P":
                self.prepared.append(content.split(b"\0")[1])
            elif kind == b"Q":
                self.simple_queries.append(content)
            data = data[end:]

    @contextmanager
    def counts(self, expected: int) -> Iterator[None]:
        """The block costs so many round trips."""
        before = self.round_trips
        yield
        assert self.round_trips - before == expected


@asynccontextmanager
async def tapped(url: str) -> AsyncIterator[tuple[Wiretap, Chat]]:
    """A chat in a database behind a tap; every statement of the message path was used."""
    tap = Wiretap(url)
    async with tap.listening() as address:
        await use_database(address)
        try:
            chat = await a_chat(agent=await a_member(), texts=())
            tap.prepared.clear()
            tap.simple_queries.clear()
            await use_all(chat)
            yield tap, chat
        finally:
            await use_database(None)


async def use_all(chat: Chat) -> None:
    store, post, reply = messages.store(), a_post(chat), a_reply(chat)
    for message in (post, reply, post, reply):
        await messages.append(message)
    for sender, author_id in ((Sender.VISITOR, chat.device.id), (Sender.AGENT, reply.author_id)):
        await store.mark_seen(chat.id, sender=sender, author_id=author_id, seq=1)
        await store.standing(chat.id, sender=sender, author_id=author_id)


async def test_each_act_of_the_message_path_is_one_round_trip(postgres_url: str) -> None:
    async with tapped(postgres_url) as (tap, chat):
        with tap.counts(10):
            for number in range(10):
                await messages.append(a_post(chat, f"message {number}"))
        with tap.counts(1):
            await messages.append(a_reply(chat))
        with tap.counts(1):
            await messages.store().mark_seen(chat.id, sender=Sender.VISITOR, author_id=chat.device.id, seq=5)
        with tap.counts(1):
            await messages.store().standing(chat.id, sender=Sender.VISITOR, author_id=chat.device.id)


async def test_no_statement_of_the_message_path_leaves_anything_in_its_session(postgres_url: str) -> None:
    async with tapped(postgres_url) as (tap, _):
        assert len(tap.prepared) >= 8
        for statement in tap.prepared:
            assert ONE_STATEMENT.fullmatch(statement), statement
            assert not LEAVES_SOMETHING.search(statement), statement
        assert tap.simple_queries == []


async def test_no_session_keeps_a_transaction_or_a_lock_after_refusals_races_and_cancelled_callers(
    postgres_url: str,
) -> None:
    async with tapped(postgres_url) as (_, chat):
        same = a_post(chat, client_id="once")
        unknown = a_post(chat, conversation_id="unknown")
        callers = [asyncio.create_task(messages.append(same)) for _ in range(20)]
        callers += [asyncio.create_task(messages.append(unknown))]
        leaving = [asyncio.create_task(messages.append(a_post(chat))) for _ in range(20)]
        await asyncio.sleep(0)
        for task in leaving[::2]:
            task.cancel()
        await asyncio.gather(*callers, *leaving, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0):
                await messages.append(a_post(chat))
        assert await left_behind(postgres_url) == []
        await messages.append(a_post(chat))


async def left_behind(url: str) -> list[asyncpg.Record]:
    """Sessions of this database, other than the one that asks, that are in a transaction or hold a lock."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(
            "SELECT a.pid, a.state, l.locktype FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid "
            "WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend' "
            "AND (a.state <> 'idle' OR l.locktype IS NOT NULL)"
        )
    finally:
        await connection.close()
