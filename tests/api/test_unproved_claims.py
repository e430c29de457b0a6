"""PRODUCT 6.4: what a stranger says about himself tells him nothing and changes nobody's record, on any path."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from inbox_app.domain.people import Role
from tests.api.booking import book, shared, starts
from tests.api.conftest import Agent, People, Visitor

VERA = {"name": "Vera Lind", "email": "vera@acme.com", "phone": "+47 22 33", "company": "Acme", "job_title": "Buyer"}
CLAIM = {"name": "Eve", "email": " VERA@acme.com ", "phone": "+666", "company": "Evil Inc", "job_title": "Spy"}
SECRETS = ("Vera", "Lind", "+47 22 33", "Acme", "Buyer")


@dataclass
class Scene:
    """Vera is talking with Ana, and a stranger with a browser of his own is about to call."""

    people: People
    ana: Agent
    vera: Visitor
    eve: Visitor
    share_id: str

    async def record(self, visitor: Visitor) -> dict[str, Any]:
        answer = await self.ana.get(f"/visitors/{visitor.visitor_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def everything_about_vera(self) -> list[Any]:
        activities = await self.ana.get(f"/visitors/{self.vera.visitor_id}/activities")
        conversation = await self.ana.get(f"/conversations/{self.vera.chat_id}")
        listed = (await self.ana.get("/conversations")).json()["items"]
        rows = [row for row in listed if row["id"] == self.vera.chat_id]
        return [await self.record(self.vera), activities.json(), conversation.json(), rows]


async def _scene(people: People) -> Scene:
    ana = await people.agent()
    vera = await people.visitor(identity=VERA, page_url="https://acme.com/prices")
    await vera.ask("Hello", **VERA)
    await ana.accept_all()
    eve = await people.visitor(page_url="https://evil.example/")
    await eve.ask("Hi")
    await ana.accept_all()
    return Scene(people, ana, vera, eve, await shared(ana, eve.chat_id))


Path = Callable[[Scene], Awaitable[httpx.Response]]


async def _first_session(scene: Scene) -> httpx.Response:
    fresh = await scene.people.somebody("/api/v1/visitor")
    return await fresh.post("/sessions", identity=CLAIM, page_url="https://evil.example/first")


async def _session(scene: Scene) -> httpx.Response:
    token = scene.eve.http.headers["Authorization"].removeprefix("Bearer ")
    return await scene.eve.post("/sessions", token=token, identity=CLAIM, page_url="https://evil.example/again")


async def _signed_by_nobody(scene: Scene) -> httpx.Response:
    token = scene.eve.http.headers["Authorization"].removeprefix("Bearer ")
    return await scene.eve.post("/sessions", token=token, identity=CLAIM | {"user_id": "vera"})


async def _conversation(scene: Scene) -> httpx.Response:
    return await scene.eve.post("/conversations", client_id=str(uuid.uuid4()), text="Me again", **CLAIM)


async def _booking(scene: Scene) -> httpx.Response:
    start = (await starts(scene.eve, scene.share_id))[0]
    return await book(scene.eve, scene.share_id, start, name=CLAIM["name"], email=CLAIM["email"])


async def _left_message(scene: Scene) -> httpx.Response:
    return await scene.eve.post("/offline-messages", text="Call me", name=CLAIM["name"], email=CLAIM["email"])


async def _page_view(scene: Scene) -> httpx.Response:
    await _session(scene)
    return await scene.eve.post("/page-views", page_url="https://evil.example/elsewhere")


PATHS = [_first_session, _session, _signed_by_nobody, _conversation, _booking, _left_message, _page_view]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
async def test_claiming_an_address_neither_changes_nor_reveals_its_owners_record(people: People, path: Path) -> None:
    """Twice, and then whatever else the browser may call: a claim must not count as proof later on either."""
    scene = await _scene(people)
    before = await scene.everything_about_vera()
    token = scene.eve.http.headers["Authorization"].removeprefix("Bearer ")
    calls = [
        await path(scene),
        await path(scene),
        await scene.eve.post("/sessions", token=token),
        await scene.eve.post("/page-views", page_url="https://evil.example/later"),
        await scene.eve.write("So?"),
        await scene.eve.get(f"/conversations/{scene.eve.chat_id}"),
        await scene.eve.get(f"/calendar-shares/{scene.share_id}"),
        await scene.eve.post("/conversations", client_id=str(uuid.uuid4()), text="New", name="Eve", phone="+999"),
    ]
    assert {call.status_code for call in calls} <= {200, 201, 204, 409}  # 409: a second meeting by this calendar
    told = [call.text for call in calls]
    assert not [secret for secret in (*SECRETS, scene.vera.visitor_id) if secret in str(told)]
    assert await scene.everything_about_vera() == before


async def test_two_people_who_share_an_address_keep_their_own_names_in_their_own_chats(people: People) -> None:
    ana = await people.agent()
    chats = {}
    for name in ("Ann", "Bob"):
        visitor = await people.visitor()
        chats[await visitor.ask(name=name, email="info@acme.com")] = name
    await ana.accept_all()
    rows = (await ana.get("/conversations")).json()["items"]
    assert {row["id"]: row["title"] for row in rows} == chats


async def _asks_again(bob: Visitor) -> None:
    await bob.ask(name="Bob", email="info@acme.com")


async def _says_another_name(bob: Visitor) -> None:
    token = bob.http.headers["Authorization"].removeprefix("Bearer ")
    assert (await bob.post("/sessions", token=token, identity={"name": "Bob"})).status_code == 201


@pytest.mark.parametrize("introduce", [_asks_again, _says_another_name])
async def test_another_name_on_the_same_browser_renames_no_past_chat(
    people: People, introduce: Callable[[Visitor], Awaitable[None]]
) -> None:
    ana, visitor = await people.agent(), await people.visitor()
    root = await people.agent("Root", role=Role.ADMIN, is_present=False)
    past = await visitor.ask(name="Ann", email="info@acme.com")
    await ana.accept_all()
    await visitor.post(f"/conversations/{past}/end")
    before = await _shown(ana, root, past)
    await introduce(visitor)
    assert await _shown(ana, root, past) == before
    assert ("Bob" in str(before), before[0]) == (False, "Ann")
    record = (await ana.get(f"/conversations/{past}")).json()["visitor_id"]
    assert (await ana.patch(f"/visitors/{record}", name="Ann Lee")).status_code in {200, 204}
    assert await _shown(ana, root, past) == before  # it was Bob, or whoever the record is now, who was corrected


async def _shown(ana: Agent, root: Agent, chat_id: str) -> list[Any]:
    """Wherever agents read of a past chat."""
    listed = (await ana.get("/conversations", filter="all")).json()["items"]
    history = (await root.get("/history")).json()["items"]
    shown = [row for rows in (listed, history) for row in rows if row["id"] == chat_id]
    transcript = (await ana.get(f"/conversations/{chat_id}/transcript.txt")).text
    exported = [line for line in (await root.get("/history/export.csv")).text.splitlines() if "Ann" in line]
    thread = (await ana.get(f"/conversations/{chat_id}")).json()
    return [shown[0]["title"], *shown, transcript, exported, thread]
