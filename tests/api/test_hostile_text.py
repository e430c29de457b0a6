"""Half of a character and NUL are never stored, wherever they come in: refused by field, or left out."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from inbox_app.data.engine import unit_of_work
from inbox_app.domain.people import Role
from tests.api.conftest import AGENT, VISITOR, Agent, People
from tests.architecture.sources import in_layers

HALF, NUL = "\ud83d", "\x00"
SOMEBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
CONDITION = {"attribute": "language", "operator": "is", "values": ["fr"]}
ZOE = {"email": "zoe@example.com", "name": "Zoe", "role": "agent", "password": "0123456789"}
BODIES: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", "/settings", {"greeting": "Hello"}),
    ("POST", "/members", ZOE),
    ("PATCH", "/members/{member}", {"name": "Ana"}),
    ("POST", "/teams", {"name": "Desk", "agents": []}),
    ("PUT", "/teams/{team}", {"name": "Desk", "agents": []}),
    ("POST", "/rules", {"name": "French", "conditions": [CONDITION], "agents": [], "team": ""}),
    ("PUT", "/rules/{rule}", {"name": "French", "conditions": [CONDITION], "agents": [], "team": ""}),
    ("POST", "/routing/simulate", {"language": "fr", "name": "Vera"}),
    ("PUT", "/agent/schedule", {"time_zone": "UTC", "blocks": [{"day": "mon", "from": "09:00", "to": "10:00"}]}),
    ("PUT", "/agent/meeting-settings", {"invitation_text": "See you", "video_link": "https://meet.example.com/a"}),
    ("PATCH", "/visitors/{visitor}", {"name": "Vera", "phone": "1"}),
    ("POST", "/accounts/preview", {"csv": "company,domain,owner\nAcme,,ana@example.com\n"}),
    ("POST", "/agent/calendars/discover", {"url": "https://a.example", "account": "a", "password": "b"}),
]


def spoiled(value: Any, mark: str, field: str = "") -> Iterator[tuple[str, Any]]:
    """(field, value): with the mark in each text, and in a key of each object, one at a time."""
    inside = f"{field}." if field else ""
    if isinstance(value, str):
        yield field, value + mark
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from ((name, [*value[:n], one, *value[n + 1 :]]) for name, one in spoiled(item, mark, f"{inside}{n}"))
    elif isinstance(value, dict):
        yield field or "body", value | {f"more{mark}": "x"}
        for key, item in value.items():
            yield from ((name, value | {key: one}) for name, one in spoiled(item, mark, f"{inside}{key}"))


async def paths(root: Agent, people: People) -> dict[str, str]:
    """Real ids for the placeholders."""
    team = (await root.post("/teams", name="Team", agents=[])).json()["id"]
    rule = (await root.post("/rules", name="Rule", conditions=[CONDITION], team=team)).json()["id"]
    vera = await people.visitor()
    await vera.ask()
    await root.accept_all()
    return {"member": root.member.id, "team": team, "rule": rule, "visitor": vera.visitor_id}


@pytest.fixture
async def root(people: People) -> Agent:
    return await people.agent("Root", role=Role.ADMIN, takes_chats=True)


async def test_half_of_a_character_is_refused_by_field_on_every_route_with_a_body(root: Agent, people: People) -> None:
    ids = await paths(root, people)
    for method, path, good in BODIES:
        for field, body in spoiled(good, HALF):
            answer = await root.http.request(method, AGENT + path.format(**ids), content=json.dumps(body))
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), (method, path, body)


async def test_nothing_ends_in_a_500_with_a_nul_anywhere(root: Agent, people: People) -> None:
    ids = await paths(root, people)
    for method, path, good in BODIES:
        for _, body in spoiled(good, NUL):
            answer = await root.http.request(method, AGENT + path.format(**ids), content=json.dumps(body))
            assert answer.status_code < 500, (method, path, body)
    for path in ("/settings", "/members", "/teams", "/rules", "/agent/schedule", "/agent/meeting-settings"):
        answer = await root.get(path)
        assert (answer.status_code, NUL in answer.text) == (200, False)
    vera = await people.somebody(VISITOR)
    assert (await vera.post("/sessions")).status_code == 201


async def test_what_an_earlier_version_stored_is_read_without_it(root: Agent, people: People) -> None:
    poison = json.dumps({"greeting": f"Hello {HALF}{NUL}", "title": "Chat 🎉"})
    async with unit_of_work() as session:
        await session.execute(text("DELETE FROM setting"))
        await session.execute(text("INSERT INTO setting (key, value) VALUES ('chat', :value)"), {"value": poison})
    for answer in (await root.get("/settings"), await (await people.somebody(VISITOR)).post("/sessions")):
        assert answer.status_code in {200, 201}
        shown = answer.json().get("settings", answer.json())
        assert (shown["greeting"], shown["title"]) == ("Hello ", "Chat 🎉")


@pytest.mark.parametrize("path", ["/conversations/%ED%A0%BD", "/visitors/a%00b", "/conversations/%FF/messages"])
async def test_such_an_id_is_unknown(people: People, path: str) -> None:
    ana = await people.agent()
    assert (await ana.http.get(AGENT + path)).status_code == 404


async def test_a_body_that_is_nested_too_deeply_is_refused(root: Agent) -> None:
    for depth in (70, 900, 5_000):
        answer = await root.http.put(f"{AGENT}/settings", content='{"title": ' + "[" * depth + "]" * depth + "}")
        assert answer.status_code in {400, 422}


def test_every_route_of_the_api_cleans_its_body() -> None:
    """By the class of its router, which only `clean_router` chooses."""
    makers = [source.shown for source in in_layers("api") if "fastapi.APIRouter" in source.imports()]
    assert makers == ["inbox_app/api/incoming.py"]
