"""Bad input (issue 2) has a status, a stable code and a sentence, and names the field; nothing of it ends in a 500."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from inbox_app.domain.people import Role
from tests.api.conftest import AGENT, VISITOR, Caller, People, Visitor
from tests.data.builders import a_uuid


async def posted(caller: Caller, path: str, content: Any, kind: str = "application/json") -> httpx.Response:
    return await caller.http.post(caller.prefix + path, content=content, headers={"Content-Type": kind})


@pytest.mark.parametrize(
    "body", [b"{", b"", b"not json", b"{'text': 1}", b"\xff\xfe\x00", b'{"text": "\xff"}', b"\x00" * 9]
)
async def test_broken_json_is_400(people: People, body: bytes) -> None:
    vera = await people.visitor()
    answer = await posted(vera, "/conversations", body)
    expected = {b"": 422}.get(body, 400)
    assert (answer.status_code, answer.headers["content-type"]) == (expected, "application/problem+json")
    assert answer.json()["code"] == ("broken_json" if expected == 400 else "invalid_input")


@pytest.mark.parametrize("body", [b"[]", b"5", b'"text"', b"null", b"[[1]]"])
async def test_json_that_is_no_object_is_422(people: People, body: bytes) -> None:
    answer = await posted(await people.visitor(), "/conversations", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


WRONG = [
    ("/conversations", {"client_id": a_uuid()}, "text"),
    ("/conversations", {"text": "a"}, "client_id"),
    ("/conversations", {"client_id": 1, "text": "a"}, "client_id"),
    ("/conversations", {"client_id": a_uuid(), "text": 5}, "text"),
    ("/conversations", {"client_id": a_uuid(), "text": ["a"]}, "text"),
    ("/conversations", {"client_id": a_uuid(), "text": None}, "text"),
    ("/conversations", {"client_id": a_uuid(), "text": ""}, "text"),
    ("/conversations", {"client_id": a_uuid(), "text": " \n"}, "text"),
    ("/conversations", {"client_id": a_uuid(), "text": "x" * 4_001}, "text"),
    ("/conversations", {"client_id": "", "text": "a"}, "client_id"),
    ("/conversations", {"client_id": "x" * 65, "text": "a"}, "client_id"),
    ("/conversations", {"client_id": "1", "text": "a"}, "client_id"),
    ("/conversations", {"client_id": f"{a_uuid()}\n", "text": "a"}, "client_id"),
    ("/conversations", {"client_id": "{" + a_uuid() + "}", "text": "a"}, "client_id"),
    ("/conversations", {"client_id": a_uuid().replace("-", ""), "text": "a"}, "client_id"),
    ("/conversations", {"client_id": "٧" + a_uuid()[1:], "text": "a"}, "client_id"),
    ("/conversations/x/messages", {"client_id": "1", "text": "a"}, "client_id"),
    ("/calendar-shares/x/bookings", {"client_id": "1", "start": "2126-12-01T09:00:00Z"}, "client_id"),
    ("/conversations", {"client_id": a_uuid(), "text": "a", "email": "vera"}, "email"),
    ("/conversations", {"client_id": a_uuid(), "text": "a", "email": 5}, "email"),
    ("/conversations", {"client_id": a_uuid(), "text": "a", "email": "a" * 250 + "@example.com"}, "email"),
    ("/conversations", {"client_id": a_uuid(), "text": "a", "name": "x" * 121}, "name"),
    ("/conversations", {"client_id": a_uuid(), "text": "a", "phone": {}}, "phone"),
    ("/sessions", {"token": 5}, "token"),
    ("/sessions", {"identity": "vera"}, "identity"),
    ("/sessions", {"page_url": 7}, "page_url"),
    ("/sessions", {"identity": {"email": "vera"}}, "email"),
    ("/sessions", {"identity": {"name": 5}}, "identity.name"),
    ("/page-views", {}, "page_url"),
    ("/page-views", {"page_url": 5}, "page_url"),
    ("/offline-messages", {"text": ""}, "text"),
]


@pytest.mark.parametrize(("path", "body", "field"), WRONG)
async def test_a_wrong_value_of_a_visitor_is_422_and_named(
    sqlite_people: People, path: str, body: dict[str, Any], field: str
) -> None:
    answer = await (await sqlite_people.visitor()).post(path, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "raw",
    [
        rb'{"client_id": "7b1c9e0a-4a53-4f0e-9a43-0c1d2e3f4a5b", "text": "half \ud83d"}',
        rb'{"client_id": "\ud83d", "text": "a"}',
        rb'{"client_id": "7b1c9e0a-4a53-4f0e-9a43-0c1d2e3f4a5b", "text": "a", "name": "\ud83d"}',
        rb'{"client_id": "7b1c9e0a-4a53-4f0e-9a43-0c1d2e3f4a5b", "text": "a", "email": "\ud83d@example.com"}',
    ],
)
async def test_half_a_character_is_422(people: People, raw: bytes) -> None:
    assert (await posted(await people.visitor(), "/conversations", raw)).status_code == 422


@pytest.mark.parametrize(
    "raw", [rb'{"identity": {"name": "\ud83d"}}', rb'{"page_url": "\ud83d"}', rb'{"locale": "\ud83d"}']
)
async def test_half_a_character_in_a_session_is_422(people: People, raw: bytes) -> None:
    assert (await posted(await people.visitor(), "/sessions", raw)).status_code == 422


async def test_a_nul_in_any_text_is_left_out(people: People) -> None:
    vera = await people.visitor(page_url="/a\x00b", locale="en\x00", identity={"name": "Ve\x00ra"})
    chat_id = await vera.ask("nul\x00l", phone="1\x002")
    assert (await vera.get(f"/conversations/{chat_id}")).json()["messages"][0]["text"] == "null"


async def test_html_stays_text(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    html = "<img src=x onerror=alert(1)><script>alert(1)</script> &amp; \"'"
    await vera.write(html)
    (message,) = (await ana.get(f"/conversations/{chat_id}/messages", after=2)).json()["items"]
    assert message["text"] == html


async def test_a_body_of_1_mb_is_413(people: People) -> None:
    vera = await people.visitor()
    answer = await vera.post("/conversations", client_id=a_uuid(), text="x" * 1_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_body_of_1_mb_in_pieces_without_a_length_is_413(people: People) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"client_id": "7b1c9e0a-4a53-4f0e-9a43-0c1d2e3f4a5b", "text": "'
        for _ in range(1_000):
            yield b"x" * 1_000
        yield b'"}'

    answer = await posted(await people.visitor(), "/conversations", pieces())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_32_kib_fit_and_one_byte_more_does_not(people: People) -> None:
    vera = await people.visitor()
    for size, status in ((32 * 1024, 422), (32 * 1024 + 1, 413)):
        body = b'{"client_id": "7b1c9e0a-4a53-4f0e-9a43-0c1d2e3f4a5b", "text": "' + b"x" * (size - 65) + b'"}'
        assert (len(body), (await posted(vera, "/conversations", body)).status_code) == (size, status)


@pytest.mark.parametrize("length", ["-1", "x", "²", "1e9", "99999999999"])
async def test_a_length_that_is_none_is_413(people: People, length: str) -> None:
    vera = await people.visitor()
    headers = {"Content-Length": length.encode("latin-1"), "Content-Type": b"application/json"}
    answer = await vera.http.post(vera.prefix + "/conversations", content=b"{}", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 413


BAD_QUERIES = [
    ("/conversations", "q=a%00b", "q"),
    ("/conversations", "filter=mine", "filter"),
    ("/conversations", "filter=", "filter"),
    ("/conversations", "before=garbage", "before"),
    ("/conversations", "before=%00", "before"),
    ("/conversations", "limit=0", "limit"),
    ("/conversations", "limit=51", "limit"),
    ("/conversations", "limit=x", "limit"),
    ("/conversations/{id}/messages", "after=-1", "after"),
    ("/conversations/{id}/messages", "after=x", "after"),
    ("/conversations/{id}/messages", "before=99999999999999999999", "before"),
    ("/conversations/{id}/messages", "after=2147483648", "after"),
    ("/conversations/{id}/messages", "limit=501", "limit"),
]


@pytest.mark.parametrize(("path", "query", "field"), BAD_QUERIES)
async def test_a_wrong_query_is_422_and_named(sqlite_people: People, path: str, query: str, field: str) -> None:
    _, ana, chat_id = await sqlite_people.chat()
    answer = await ana.http.get(f"{AGENT}{path.format(id=chat_id)}?{query}")
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("to=2026-13-01", "to"),
        ("from=0001-01-01", "from"),
        ("to=9999-12-31", "to"),
        ("before=x", "before"),
        ("agent=%00", "agent"),
        ("outcome=%00", "outcome"),
    ],
)
async def test_a_wrong_day_is_422_and_named(people: People, query: str, field: str) -> None:
    mia = await people.agent("Mia", role=Role.MANAGER, time_zone="Europe/Paris")
    answer = await mia.http.get(f"{AGENT}/history?{query}")
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


@pytest.mark.parametrize("query", ["q=%25_%5C", "q='%3B--", "q=%ED%A0%80", "q=%FF", "q=%F0%9F%A6%84"])
async def test_a_strange_search_finds_nothing(people: People, query: str) -> None:
    _, ana, _ = await people.chat()
    mia = await people.agent("Mia", role=Role.MANAGER)
    for caller, path in ((ana, "/conversations"), (mia, "/history")):
        answer = await caller.http.get(f"{AGENT}{path}?{query}")
        assert (answer.status_code, answer.json()["items"]) == (200, [])


@pytest.mark.parametrize("unknown", ["%00", "x%00y", "%FF", "%ED%A0%80", "..%2F..", "x" * 3_000, "'%3B--", "%20"])
async def test_a_strange_id_is_404(people: People, unknown: str) -> None:
    vera, ana, _ = await people.chat()
    for caller, path in (
        (ana, "/conversations/{}"),
        (ana, "/visitors/{}"),
        (vera, "/conversations/{}"),
        (ana, "/conversations/{}/messages"),
    ):
        answer = await caller.http.get(caller.prefix + path.format(unknown))
        assert (path, answer.status_code) == (path, 404)
    for caller, path in (
        (ana, "/offers/{}/accept"),
        (ana, "/conversations/{}/end"),
        (vera, "/conversations/{}/typing"),
    ):
        answer = await caller.http.post(caller.prefix + path.format(unknown))
        assert answer.status_code in {404, 409}


async def test_a_huge_seen_counts_as_all(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    for caller in (vera, ana):
        assert (await caller.post(f"/conversations/{chat_id}/seen", seq=10**30)).status_code == 204


async def test_a_message_left_about_an_unknown_conversation_is_404(people: People) -> None:
    vera = await people.visitor()
    for chat_id in ("unknown", "un\x00known"):
        assert (await vera.post("/offline-messages", text="a", conversation_id=chat_id)).status_code == 404


async def test_an_unknown_route_and_method_are_problems_too(people: People) -> None:
    stranger = await people.somebody("")
    for method, path, status in (("GET", "/api/v1/nothing", 404), ("DELETE", f"{VISITOR}/sessions", 405)):
        answer = await stranger.http.request(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_a_form_of_another_site_cannot_act_with_the_cookie(people: People) -> None:
    _, ana, chat_id = await people.chat()
    for origin in ("https://evil.example", "null", "http://test.evil.example", "http://test:81"):
        answer = await ana.http.post(f"{AGENT}/conversations/{chat_id}/end", headers={"Origin": origin})
        assert (origin, answer.status_code) == (origin, 403)
    own = await ana.http.post(f"{AGENT}/conversations/{chat_id}/end", headers={"Origin": "http://test"})
    assert own.status_code == 204


async def test_reading_goes_on_after_any_of_this(people: People) -> None:
    vera: Visitor = await people.visitor()
    await posted(vera, "/conversations", b"{")
    assert (await vera.ask()) != ""


@pytest.mark.parametrize(
    ("reads", "sentence"),
    [
        ("fr-CA,fr;q=0.9", "Écrivez d’abord un message."),
        ("de, en", "Write a message first."),
        ("*", "Write a message first."),
    ],
)
async def test_a_refusal_is_told_in_the_language_of_the_browser(people: People, reads: str, sentence: str) -> None:
    vera, _, _ = await people.chat()
    vera.http.headers["Accept-Language"] = reads
    problem = (await vera.write("  ")).json()
    assert (problem["detail"], problem["errors"][0]["message"], problem["code"]) == (
        sentence,
        sentence,
        "invalid_input",
    )
