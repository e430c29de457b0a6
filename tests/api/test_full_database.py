"""PostgreSQL runs out of disk or memory: whoever writes gets a 503 and may try again, on every path."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import httpx
import pytest

from inbox_app.api.application import build_api
from inbox_app.data.engine import use_database
from tests.api.conftest import People

SQLSTATES = {"disk full": "53100", "out of memory": "53200", "too many connections": "53300"}


@asynccontextmanager
async def refusing_entries(url: str, sqlstate: str) -> AsyncIterator[None]:
    """PostgreSQL refuses new entries as it does when it has no room for them."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"""
            CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '{sqlstate}'; END $$;
            CREATE TRIGGER no_room BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION no_room();
        """)
        try:
            yield
        finally:
            await connection.execute("DROP TRIGGER no_room ON entry; DROP FUNCTION no_room();")
    finally:
        await connection.close()


@pytest.mark.postgres
@pytest.mark.parametrize("sqlstate", SQLSTATES.values(), ids=SQLSTATES)
async def test_writers_are_asked_to_retry(postgres_url: str, sqlstate: str) -> None:
    await use_database(postgres_url)
    async with AsyncExitStack() as stack:
        people = People(build_api(), stack)
        vera, ana, chat_id = await people.chat()
        async with refusing_entries(postgres_url, sqlstate):
            answers = [
                await vera.write("Hello"),
                await ana.write(chat_id),
                await ana.post(f"/conversations/{chat_id}/end"),
            ]
        assert [answer.status_code for answer in answers] == [httpx.codes.SERVICE_UNAVAILABLE] * 3
        assert {answer.json()["code"] for answer in answers} == {"database_unavailable"}
        assert (await vera.write("Hello again")).status_code == httpx.codes.CREATED
    await use_database(None)
