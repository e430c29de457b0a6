"""Who may: every route refuses strangers, agents' routes managers, and what is foreign is as if it were not there."""

from typing import Any

import pytest

from inbox_app.domain.people import Role
from tests.api.conftest import Caller, People
from tests.data.builders import PASSWORD, a_uuid

AGENT_ROUTES = [
    ("GET", "/agent", {}), ("PUT", "/agent/availability", {"available": True}), ("GET", "/agent/events", {}),
    ("GET", "/offers", {}), ("POST", "/offers/x/accept", {}), ("POST", "/offers/x/decline", {}),
    ("GET", "/conversations", {}), ("POST", "/conversations/x/messages", {"client_id": a_uuid(), "text": "a"}),
    ("POST", "/conversations/x/typing", {}), ("POST", "/conversations/x/seen", {"seq": 1}),
    ("PUT", "/conversations/x/draft", {"text": "a"}), ("PUT", "/conversations/x/score", {"score": 1}),
    ("POST", "/conversations/x/end", {}), ("PATCH", "/visitors/x", {"name": "X"}),
    ("POST", "/conversations/x/calendar-shares", {"agent_id": "x"}), ("DELETE", "/calendar-shares/x", {}),
    ("POST", "/meetings/x/cancel", {}), ("GET", "/agent/meeting-settings", {}),
]  # fmt: skip
MEMBER_ROUTES = [
    ("GET", "/agents", {}), ("GET", "/conversations/x", {}), ("GET", "/conversations/x/messages", {}),
    ("GET", "/conversations/x/transcript.txt", {}), ("GET", "/conversations/x/transcript.json", {}),
    ("GET", "/visitors/x", {}), ("GET", "/visitors/x/activities", {}), ("GET", "/history", {}),
    ("GET", "/history/export.csv", {}), ("GET", "/history/export.json", {}),
    ("GET", "/meetings", {}),
]  # fmt: skip
VISITOR_ROUTES = [
    ("POST", "/conversations", {"client_id": a_uuid(), "text": "a"}), ("GET", "/conversations/x", {}),
    ("GET", "/conversations/x/events", {}), ("POST", "/conversations/x/messages", {"client_id": a_uuid(), "text": "a"}),
    ("POST", "/conversations/x/typing", {}), ("POST", "/conversations/x/seen", {"seq": 1}),
    ("POST", "/conversations/x/end", {}), ("POST", "/page-views", {"page_url": "/a"}),
    ("POST", "/offline-messages", {"text": "a"}), ("GET", "/calendar-shares/x", {}),
    ("GET", "/calendar-shares/x/slots", {}),
    ("POST", "/calendar-shares/x/bookings", {"client_id": a_uuid(), "start": "2026-12-01T09:00:00Z"}),
]  # fmt: skip


async def code_of(caller: Caller, method: str, path: str, body: dict[str, Any]) -> tuple[int, str]:
    answer = await caller.http.request(method, caller.prefix + path, json=body or None)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    return answer.status_code, problem["code"]


async def test_nobody_signed_in_is_401_everywhere(people: People) -> None:
    stranger = await people.somebody()
    for route in AGENT_ROUTES + MEMBER_ROUTES:
        assert (route, await code_of(stranger, *route)) == (route, (401, "not_signed_in"))
    stranger = await people.somebody("/api/v1/visitor")
    for route in VISITOR_ROUTES:
        assert (route, await code_of(stranger, *route)) == (route, (401, "not_signed_in"))


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Bearer unknown", "Basic eDp4", "bearer \xff"])
async def test_a_token_that_is_none_is_401(people: People, token: str) -> None:
    stranger = await people.somebody("/api/v1/visitor")
    stranger.http.headers["Authorization"] = token.encode("latin-1").decode("latin-1")
    assert (await code_of(stranger, "GET", "/conversations/x", {}))[0] == 401


async def test_a_manager_is_403_on_every_route_of_agents(people: People) -> None:
    mia = await people.agent("Mia", role=Role.MANAGER)
    for route in AGENT_ROUTES:
        assert (route, await code_of(mia, *route)) == (route, (403, "not_for_managers"))


async def test_what_is_foreign_and_what_is_unknown_are_the_same_404(people: People) -> None:
    vera, _, foreign = await people.chat()
    ben, mia = await people.agent("Ben"), await people.agent("Mia", role=Role.MANAGER)
    reads = [("GET", path, {}) for path in ("", "/messages", "/transcript.txt", "/transcript.json")]
    writes = [
        ("POST", "/messages", {"client_id": a_uuid(), "text": "a"}), ("POST", "/typing", {}),
        ("POST", "/seen", {"seq": 1}), ("POST", "/end", {}), ("PUT", "/draft", {"text": "a"}),
        ("PUT", "/score", {"score": 1}),
    ]  # fmt: skip
    for caller, routes in ((ben, reads + writes), (mia, reads)):
        for method, path, body in routes:
            answers = [
                (await caller.http.request(method, f"/api/v1/conversations/{one}{path}", json=body or None)).content
                for one in (foreign, "unknown")
            ]
            assert b'"not_found"' in answers[0], (path, answers)
            assert answers[0] == answers[1]
        for path in ("", "/activities"):
            assert await code_of(caller, "GET", f"/visitors/{vera.visitor_id}{path}", {}) == (404, "not_found")


async def test_a_visitor_has_no_way_into_another_ones_chat(people: People) -> None:
    _, _, foreign = await people.chat()
    stranger = await people.visitor()
    for method, path, body in VISITOR_ROUTES[1:7]:
        for chat_id in (foreign, "unknown"):
            route = (method, path.replace("/x", f"/{chat_id}"), body)
            assert (route, await code_of(stranger, *route)) == (route, (404, "not_found"))


async def test_signing_in_sets_a_cookie_that_scripts_cannot_read(people: People) -> None:
    ana = await people.agent()
    answer = await ana.post("/auth/login", email=ana.member.email, password=PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("inbox_session=", "HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in cookie


async def test_wrong_pairs_are_one_401(people: People) -> None:
    ana = await people.agent()
    stranger = await people.somebody()
    answers = [
        (await stranger.post("/auth/login", email=email, password=password))
        for email, password in ((ana.member.email, "wrong"), ("nobody@example.com", PASSWORD), ("", ""), ("a\x00", "b"))
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}
    assert answers[0].json()["code"] == "sign_in_failed"


async def test_signing_out_ends_the_session_and_takes_the_cookie(people: People) -> None:
    ana = await people.agent()
    answer = await ana.post("/auth/logout")
    assert (answer.status_code, "Max-Age=0" in answer.headers["set-cookie"]) == (204, True)
    assert (await ana.get("/agent")).status_code == 401


OPEN = {
    ("post", "/api/v1/auth/login"), ("post", "/api/v1/auth/logout"), ("post", "/api/v1/visitor/sessions"),
    ("get", "/api/v1/visitor/availability"), ("post", "/api/v1/auth/reset"), ("post", "/api/v1/auth/reset/person"),
    ("post", "/api/v1/auth/reset/password"), ("post", "/api/v1/auth/invitation"),
    ("post", "/api/v1/auth/invitation/person"), ("post", "/api/v1/visitor/address-proofs/question"),
    ("post", "/api/v1/visitor/address-proofs/answer"),
}  # fmt: skip
"""What strangers call; the links of mails (/visitor/meetings/…, …/address-proofs/…) are a right of their own."""


async def test_every_route_of_the_description_refuses_a_stranger(people: People) -> None:
    stranger = await people.somebody("")
    paths = (await stranger.get("/api/openapi.json")).json()["paths"]
    routes = [(method, path) for path, methods in paths.items() for method in methods if path.startswith("/api/v1/")]
    asked = [route for route in routes if route not in OPEN and "/visitor/meetings/" not in route[1]]
    assert len(asked) > len(AGENT_ROUTES + MEMBER_ROUTES + VISITOR_ROUTES)
    for method, path in asked:
        answer = await stranger.http.request(method, path.replace("{", "").replace("}", ""))
        assert (method, path, answer.status_code) == (method, path, 401)
