"""The short way of a message: it costs few calls; whatever isn't well formed is answered as on other routes."""

import json
import sys
import uuid
from types import FrameType
from typing import Any

import pytest
from starlette.types import Message

from tests.api.conftest import Agent, People, Visitor

MAX_CALLS = 260
"""Python functions called for one message on SQLite, streams not included; through FastAPI alone they are 683."""
ID = "7a1f4cde-7d35-4d9c-9b6e-0d4b3f6f9a10"
GOOD = {"client_id": ID, "text": "Hello"}


@pytest.fixture(params=["visitor", "agent"])
async def writer(request: pytest.FixtureRequest, sqlite_people: People) -> Visitor | Agent:
    vera, ana, _ = await sqlite_people.chat()
    ana.chat_id = vera.chat_id  # type: ignore[attr-defined]
    return vera if request.param == "visitor" else ana


async def written(writer: Any, content: str | bytes, content_type: str | None = "application/json") -> tuple[int, Any]:
    headers = {"content-type": content_type} if content_type else {}
    path = f"{writer.prefix}/conversations/{writer.chat_id}/messages"
    answer = await writer.http.post(path, content=content, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/x+json", None]
)
async def test_a_message_is_written_once_whatever_kind_of_json_it_is(writer: Any, content_type: str | None) -> None:
    first = await written(writer, json.dumps(GOOD), content_type)
    again = await written(writer, json.dumps(GOOD | {"text": "other"}), content_type)
    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert first[1].keys() == {"seq", "client_id", "sender", "sender_name", "text", "sent_at"}
    assert first[1]["text"] == "Hello"


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code", "field"),
    [
        ("", "application/json", 422, "invalid_input", "body"),
        ("{", "application/json", 400, "broken_json", None),
        ("[]", "application/json", 422, "invalid_input", "body"),
        ("null", "application/json", 422, "invalid_input", "body"),
        (json.dumps({"text": "Hello"}), "application/json", 422, "invalid_input", "client_id"),
        (json.dumps({"client_id": ID}), "application/json", 422, "invalid_input", "text"),
        (json.dumps(GOOD | {"text": 7}), "application/json", 422, "invalid_input", "text"),
        (json.dumps(GOOD | {"text": "  "}), "application/json", 422, "invalid_input", "text"),
        (json.dumps(GOOD | {"client_id": "x"}), "application/json", 422, "invalid_input", "client_id"),
        (json.dumps(GOOD | {"text": "\ud800"}), "application/json", 422, "invalid_input", "text"),
        (b'{"client_id": "\xff"}', "application/json", 400, "broken_json", None),
        ("[" * 5_000 + "]" * 5_000, "application/json", 400, "broken_json", None),
        (json.dumps(GOOD), "text/plain", 422, "invalid_input", "body"),
        (json.dumps(GOOD), "application/jsonp", 422, "invalid_input", "body"),
    ],
)  # fmt: skip
async def test_a_body_that_is_no_message_is_refused_as_everywhere(
    writer: Any, content: str | bytes, content_type: str, status: int, code: str, field: str | None
) -> None:
    found, problem = await written(writer, content, content_type)
    assert (found, problem["code"]) == (status, code)
    assert [error["field"] for error in problem.get("errors", [])] == ([field] if field else [])


async def test_strangers_are_refused_before_anything_is_written(people: People) -> None:
    vera, _, chat_id = await people.chat()
    other, ben = await people.visitor(), await people.agent("Ben")
    nobody = await people.somebody()
    path = f"/conversations/{chat_id}/messages"
    assert (await nobody.http.post("/api/v1/visitor" + path, json=GOOD)).status_code == 401
    assert (await nobody.http.post("/api/v1" + path, json=GOOD)).status_code == 401
    assert (await other.post(path, **GOOD)).status_code == 404
    assert (await ben.post(path, **GOOD)).status_code == 404
    answer = await ben.http.post("/api/v1" + path, json=GOOD, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert (await vera.get(f"/conversations/{chat_id}")).json()["last_seq"] == 2


async def test_a_message_costs_few_calls(sqlite_people: People) -> None:
    vera, _, chat_id = await sqlite_people.chat()
    await calls_of_a_message(vera, chat_id)  # what is made at first use
    assert await calls_of_a_message(vera, chat_id) <= MAX_CALLS


async def calls_of_a_message(vera: Visitor, chat_id: str) -> int:
    """How many Python functions the application calls for one message; of this thread, not of the database's."""
    body = json.dumps({"client_id": str(uuid.uuid4()), "text": "Hello"}).encode()
    headers = {
        "host": "test",
        "content-type": "application/json",
        **dict(vera.http.headers),
        "content-length": str(len(body)),
    }
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "root_path": "",
        "path": f"{vera.prefix}/conversations/{chat_id}/messages", "raw_path": b"", "query_string": b"",
        "server": ("test", 80), "client": ("203.0.113.7", 5000), "asgi": {"version": "3.0"},
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    sent: list[Message] = []
    calls = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    def count(_frame: FrameType, kind: str, _argument: object) -> None:
        nonlocal calls
        calls += kind == "call"

    sys.setprofile(count)
    try:
        await vera.app(scope, receive, send)
    finally:
        sys.setprofile(None)
    assert sent[0]["status"] == 201
    return calls
