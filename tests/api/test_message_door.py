"""The door for messages answers exactly as FastAPI's own route: status, headers and body."""

import json

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from inbox_app.api.message_door import Api
from tests.api.conftest import Caller, People
from tests.api.limited import SITE, limited
from tests.data.builders import a_uuid

__all__ = ["limited"]
JSON = {"content-type": "application/json"}
VARYING = {"seq", "client_id", "sent_at"}
"""What differs from one message to the next."""


def ordinary(app: ASGIApp) -> ASGIApp:
    """The same API without the door."""
    assert isinstance(app, Api)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await FastAPI.__call__(app, scope, receive, send)

    return serve


async def both(caller: Caller, path: str, contents: tuple[str | bytes, str | bytes], **headers: str) -> list[object]:
    """What this caller hears by the door and by the ordinary way."""
    answers: list[object] = []
    own = {**dict(caller.http.headers), **JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    for app, content in zip((caller.app, ordinary(caller.app)), contents, strict=True):
        transport = httpx.ASGITransport(app, client=("203.0.113.7", 5000), raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://test", cookies=dict(caller.http.cookies)
        ) as http:
            answer = await http.post(caller.prefix + path, content=content, headers=own)
            shown = {name: value for name, value in answer.json().items() if name not in VARYING}
            answers.append((answer.status_code, sorted(answer.headers.multi_items()), shown))
    return answers


def a_message(text: str = "Hello") -> str:
    return json.dumps({"client_id": a_uuid(), "text": text})


ORIGINS = pytest.mark.parametrize("origin", [None, SITE, "https://evil.example", "http://test", "null"])
LANGUAGES = {"Accept-Language": "fr"}


@ORIGINS
@pytest.mark.parametrize("who", ["visitor", "agent"])
async def test_what_is_said_does_not_depend_on_the_way(limited: People, who: str, origin: str | None) -> None:
    vera, ana, chat_id = await limited.chat()
    writer: Caller = vera if who == "visitor" else ana
    headers = {"Origin": origin} if origin else {}
    path, elsewhere = f"/conversations/{chat_id}/messages", "/conversations/unknown/messages"
    same = a_message("once")
    await writer.http.post(writer.prefix + path, content=same, headers=JSON)
    nobody = await limited.somebody(writer.prefix)
    cases = {
        "new": (writer, path, (a_message(), a_message()), headers),
        "again": (writer, path, (same, same), headers),
        "another's": (writer, elsewhere, (same, same), headers),
        "in French": (writer, elsewhere, (same, same), headers | LANGUAGES),
        "nobody's": (nobody, path, (same, same), headers),
        "no JSON": (writer, path, ("{", "{"), headers),
        "no message": (writer, path, ("{}", "{}"), headers),
        "half a character": (writer, path, (rb'{"text": "\ud800"}',) * 2, headers),
        "too large": (writer, path, ("x" * 40_000,) * 2, headers),
        "with a query": (writer, path + "?a=%00", (same, same), headers),
    }
    wrong = {}
    for name, (caller, where, contents, sent) in cases.items():
        door, way = await both(caller, where, contents, **sent)
        if door != way:
            wrong[name] = (door, way)
    assert wrong == {}


async def test_the_door_refuses_too_many_in_the_same_words(limited: People) -> None:
    vera, _, chat_id = await limited.chat()
    path = f"/conversations/{chat_id}/messages"
    for _ in range(11):
        await vera.write()
    door, way = await both(vera, path, (a_message(), a_message()), Origin=SITE)
    assert door[0] == 429  # type: ignore[index]
    assert door == way


async def test_an_error_that_nobody_foresaw_is_the_same_500(
    limited: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from inbox_app.services import chat

    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    vera, _, chat_id = await limited.chat()
    monkeypatch.setattr(chat, "send", broken)
    door, way = await both(vera, f"/conversations/{chat_id}/messages", (a_message(), a_message()), Origin=SITE)
    assert (door[0], door[2]["code"]) == (500, "internal_error")  # type: ignore[index]
    assert door[2] == way[2]  # type: ignore[index]
    assert [record.message for record in caplog.records].count(
        f"POST /api/v1/visitor/conversations/{chat_id}/messages failed"
    ) == 2
