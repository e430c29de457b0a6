"""A visitor's token writes, types and listens as much as a person does, and no more."""

import asyncio
import time
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest

from inbox_app import live
from inbox_app.api.application import build_api
from inbox_app.api.open_counts import LEAVING_SECONDS
from inbox_app.data.tables import ActivityRow
from inbox_app.domain.activity import ActivityType
from tests.api.conftest import VISITOR, People
from tests.api.limited import limited, new_address
from tests.api.streaming import Stream
from tests.data.builders import a_uuid, rows_of

__all__ = ["limited"]
ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a refusal reaches no database

CHAT = "/conversations/{conversation_id}"
FLOODS: dict[str, tuple[dict[str, Any], int]] = {
    "/sessions": ({}, 60),
    "/conversations": ({"client_id": "…", "text": "Hello"}, 6),
    f"{CHAT}/messages": ({"client_id": "…", "text": "Hello"}, 10),
    f"{CHAT}/typing": ({}, 2),
    f"{CHAT}/seen": ({"seq": 1}, 20),
    f"{CHAT}/end": ({}, 30),
    "/page-views": ({"page_url": "https://shop.example/"}, 30),
    "/offline-messages": ({"text": "Hello"}, 6),
    "/address-proofs": ({"token": "x"}, 6),
    "/address-proofs/question": ({"token": "x"}, 30),
    "/address-proofs/answer": ({"token": "x", "answer": "yes"}, 30),
    "/calendar-shares/{share_id}/bookings": ({"client_id": "…", "start": "2026-11-28T10:00:00Z"}, 10),
}
BY_LINK = {"/meetings/{token}/reschedule", "/meetings/{token}/cancel"}
"""These need the link of a mail and no token; their limit is the meeting's."""


def writing_routes() -> set[str]:
    paths = build_api().openapi()["paths"]
    return {
        path.removeprefix(VISITOR)
        for path, methods in paths.items()
        if path.startswith(f"{VISITOR}/") and methods.keys() - {"get"}
    }


def test_every_route_that_writes_has_a_limit() -> None:
    assert writing_routes() == {*FLOODS, *BY_LINK}


@ONE_KIND
@pytest.mark.parametrize("path", [path for path in FLOODS if not path.endswith("/typing")])
async def test_a_flood_is_refused(limited: People, path: str) -> None:
    body, allowed = FLOODS[path]
    vera = await limited.visitor()
    address = path.format(conversation_id="01ARZ3NDEKTSV4RRFFQ69G5FAV", share_id="01ARZ3NDEKTSV4RRFFQ69G5FAV")
    bodies = [body | ({"client_id": a_uuid()} if "client_id" in body else {}) for _ in range(2 * allowed)]
    answers = await asyncio.gather(*[vera.post(address, **body) for body in bodies])
    refused = [answer for answer in answers if answer.status_code == 429]
    assert (
        allowed - 1 <= len(refused) <= allowed + 1
    )  # a session of this visitor counts too; a slow machine lets one in
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)


@ONE_KIND
async def test_a_browser_that_begins_again_adds_no_more_page_views_than_one_that_reports_them(limited: People) -> None:
    vera = await limited.visitor()
    token = vera.http.headers["Authorization"].removeprefix("Bearer ")
    for number in range(20):
        await vera.post("/page-views", page_url=f"https://shop.example/{number}")
    for number in range(20, 50):
        elsewhere = await limited.somebody(VISITOR, new_address())
        answer = await elsewhere.post("/sessions", token=token, page_url=f"https://shop.example/{number}")
        assert (answer.status_code, answer.json()["token"]) == (201, token)
    viewed = [row for row in await rows_of(ActivityRow) if row.type == ActivityType.VISITED_PAGE]
    assert 30 <= len(viewed) <= 31  # a slow machine lets one in
    assert (await vera.post("/sessions", token="unknown", page_url="https://shop.example/")).status_code == 201


@ONE_KIND
async def test_typing_is_passed_on_twice_a_second_and_never_refused(limited: People) -> None:
    vera, _, chat_id = await limited.chat()
    async with live.subscribe(live.topics.conversation(chat_id)) as changes:
        answers = await asyncio.gather(*[vera.post(f"/conversations/{chat_id}/typing") for _ in range(20)])
        await vera.write()
        told = []
        while (event := await changes.next()).kind != "message":
            told.append(event.kind)
    assert {answer.status_code for answer in answers} == {204}
    assert 2 <= told.count("typing") <= 6


@ONE_KIND
async def test_a_sixth_stream_is_served_and_the_oldest_ends_after_a_while(limited: People) -> None:
    """Clients of a dead path close nothing: five of them must not keep the sixth away."""
    vera, ana, chat_id = await limited.chat()
    path = f"/conversations/{chat_id}/events"
    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(vera.listen(path)) for _ in range(5)]
        for stream in streams:
            await stream.next("message")
        began = time.monotonic()
        sixth = await stack.enter_async_context(vera.listen(path))
        await sixth.next("message")
        await ana.post(f"/conversations/{chat_id}/messages", client_id=a_uuid(), text="Are you there?")
        for stream in (*streams, sixth):  # the oldest one too: an open tab misses nothing while it leaves
            while (await stream.next("message")).data["text"] != "Are you there?":
                pass
        await over(streams[0])
        assert time.monotonic() - began >= LEAVING_SECONDS
        await vera.write("I'm here")
        for stream in (*streams[1:], sixth):
            while (await stream.next("message")).data["text"] != "I'm here":
                pass


async def over(stream: Stream) -> None:
    """The end of a stream that says nothing for longer than the next event may take."""
    async with asyncio.timeout(2 * LEAVING_SECONDS):
        while True:
            with suppress(TimeoutError):
                await stream.rest()
                return


@ONE_KIND
async def test_streams_in_a_loop_are_refused_and_only_their_visitors(limited: People) -> None:
    vera, _, chat_id = await limited.chat()
    other = await limited.visitor()
    await other.ask()
    path = f"/conversations/{chat_id}/events"
    for _ in range(30):
        async with vera.listen(path) as stream:
            await stream.next("message")
    refused = await vera.get(path)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    async with other.listen(f"/conversations/{other.chat_id}/events") as stream:
        await stream.next("message")
