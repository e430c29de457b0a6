"""A visitor's token writes, types and listens as much as a person does, and no more."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from inbox_app import live
from inbox_app.api.application import build_api
from tests.api.conftest import VISITOR, People
from tests.api.limited import limited
from tests.data.builders import a_uuid

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
async def test_five_streams_are_a_visitors(limited: People) -> None:
    vera, _, chat_id = await limited.chat()
    other, path = await limited.visitor(), f"/conversations/{chat_id}/events"
    await other.ask()
    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(vera.listen(path)) for _ in range(5)]
        for stream in streams:
            await stream.next("message")
        refused = await vera.get(path)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
        async with other.listen(f"/conversations/{other.chat_id}/events") as stream:
            await stream.next("message")
    async with vera.listen(path) as again:
        await again.next("message")
