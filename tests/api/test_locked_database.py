"""SQLite is locked by another process: whoever writes gets a 503 with Retry-After in time, and all works later."""

import asyncio
import sqlite3
import time
from contextlib import closing

import httpx
import pytest

from tests.api.conftest import People

LATEST_SECONDS = 3.5


@pytest.fixture
def file(sqlite_url: str) -> str:
    return sqlite_url.removeprefix("sqlite:///")


async def test_writers_are_asked_to_retry(sqlite_people: People, file: str) -> None:
    vera, ana, chat_id = await sqlite_people.chat()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        answers = await asyncio.gather(
            *(vera.write() for _ in range(5)),
            *(ana.write(chat_id) for _ in range(5)),
            vera.post("/sessions"),
            vera.post("/page-views", page_url="https://example.com/prices"),
            vera.post(f"/conversations/{chat_id}/seen", seq=1),
            ana.post(f"/conversations/{chat_id}/end"),
            ana.put("/agent/availability", available=False),
            ana.get("/agent/events"),
            vera.get(f"/conversations/{chat_id}/events"),
        )
        assert time.monotonic() - started < LATEST_SECONDS
        assert (await vera.get(f"/conversations/{chat_id}")).status_code == httpx.codes.OK, "reading goes on"
        ready = await (await sqlite_people.operator()).get("/readyz")
        assert (ready.status_code, ready.headers["retry-after"]) == (httpx.codes.SERVICE_UNAVAILABLE, "2")
    for answer in answers:
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.request.url
        assert answer.headers["retry-after"] == "2"
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.json()["code"], answer.json()["detail"]) == (
            "database_unavailable",
            "The database does not answer. Try again in a moment.",
        )
    assert (await vera.write("afterwards")).status_code == httpx.codes.CREATED
