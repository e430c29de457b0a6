"""Another process holds SQLite's write lock: whoever writes is answered within seconds, and all goes on afterwards."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from inbox_app.data import messages
from inbox_app.data.engine import reading, unit_of_work, use_database
from inbox_app.data.ids import new_id
from inbox_app.data.messages import Post
from inbox_app.data.sqlite_lock import BUSY_SECONDS
from inbox_app.data.tables import SettingRow
from inbox_app.domain.conversation import Sender
from inbox_app.domain.errors import DatabaseUnavailable
from tests.data.builders import NOW, a_chat, a_member, rows_of

AT_ONCE = 12
MARGIN_SECONDS = 1.5


@pytest.fixture
async def file(sqlite_url: str):  # type: ignore[no-untyped-def]
    await use_database(sqlite_url)
    yield sqlite_url.removeprefix("sqlite:///")
    await use_database(None)


@contextmanager
def locked(file: str) -> Iterator[None]:
    """Somebody else writes, for as long as the block lasts."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def set_something(key: str) -> None:
    async with unit_of_work() as session:
        session.add(SettingRow(key=key, value=1))


async def test_every_writer_is_answered_within_seconds_however_many_there_are(file: str) -> None:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    with locked(file):
        started = time.monotonic()
        writers = [set_something(f"key {number}") for number in range(AT_ONCE)]
        writers += [
            messages.append(Post(chat.id, Sender.AGENT, ana.id, "Ana", new_id(), "text", NOW)) for _ in range(AT_ONCE)
        ]
        answers = await asyncio.gather(*writers, return_exceptions=True)
        took = time.monotonic() - started
        assert [type(answer) for answer in answers] == [DatabaseUnavailable] * (2 * AT_ONCE)
        assert BUSY_SECONDS * 0.9 <= took <= BUSY_SECONDS + MARGIN_SECONDS
        async with reading() as connection:
            assert await connection.exec_driver_sql("SELECT 1"), "reading goes on"
    await set_something("afterwards")
    assert [row.key for row in await rows_of(SettingRow)] == ["afterwards"]
    assert await messages.append(Post(chat.id, Sender.AGENT, ana.id, "Ana", new_id(), "text", NOW))


async def test_a_lock_that_is_let_go_in_time_costs_nothing_but_the_wait(file: str) -> None:
    with locked(file):
        writing = asyncio.create_task(set_something("key"))
        _, waiting = await asyncio.wait({writing}, timeout=0.2)
        assert waiting
    await writing
    assert [row.key for row in await rows_of(SettingRow)] == ["key"]
