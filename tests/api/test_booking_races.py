"""Twenty visitors over the network on one slot: one gets it (issue 4), with one process and with two."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from inbox_app.data.engine import use_database
from tests.conftest import StartServer
from tests.data.builders import PASSWORD, a_member
from tests.programs import Redis, run_apart
from tests.servers import InboxServer

RIVALS = 20


@dataclass(frozen=True)
class Rival:
    """A browser with a chat in which the same agent's calendar is shared."""

    http: httpx.AsyncClient
    share_id: str

    async def slots(self) -> list[str]:
        answer = await self.http.get(f"/api/v1/visitor/calendar-shares/{self.share_id}/slots")
        assert answer.status_code == httpx.codes.OK, answer.text
        return list(answer.json()["slots"])

    async def book(self, start: str, client_id: str = "") -> httpx.Response:
        wish = {"client_id": client_id or str(uuid.uuid4()), "start": start, "email": f"{uuid.uuid4().hex}@example.com"}
        return await self.http.post(f"/api/v1/visitor/calendar-shares/{self.share_id}/bookings", json=wish)


async def an_agent(url: str) -> str:
    """Straight into the database. Returns the email."""
    await use_database(url)
    email = (await a_member(capacity=RIVALS, is_present=False)).email
    await use_database(None)
    return email


@asynccontextmanager
async def rivals(server: InboxServer, email: str) -> AsyncIterator[list[Rival]]:
    """Each has asked for a chat, was accepted, and was shown the calendar."""
    async with AsyncExitStack() as stack:

        async def client() -> httpx.AsyncClient:
            return await stack.enter_async_context(httpx.AsyncClient(base_url=server.url, timeout=30))

        agent = await client()
        await agent.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        page = await stack.enter_async_context(agent.stream("GET", "/api/v1/agent/events"))
        lines = page.aiter_lines()  # the agent is there as long as this is read, however slowly the server began
        assert await anext(lines) == "event: ready"
        found = []
        for _ in range(RIVALS):
            visitor = await client()
            session = (await visitor.post("/api/v1/visitor/sessions", json={})).json()
            visitor.headers["Authorization"] = f"Bearer {session['token']}"
            body = {"client_id": str(uuid.uuid4()), "text": "Hello"}
            chat_id = (await visitor.post("/api/v1/visitor/conversations", json=body)).json()["id"]
            (offer,) = (await agent.get("/api/v1/offers")).json()["items"]
            await agent.post(f"/api/v1/offers/{offer['id']}/accept")
            me = (await agent.get("/api/v1/agent")).json()["id"]
            shared = await agent.post(f"/api/v1/conversations/{chat_id}/calendar-shares", json={"agent_id": me})
            assert shared.status_code == httpx.codes.CREATED, shared.text
            found.append(Rival(visitor, shared.json()["id"]))
        yield found


async def race(server: InboxServer, email: str) -> None:
    async with rivals(server, email) as all_of_them:
        start, other = (await all_of_them[0].slots())[:2]
        answers = await asyncio.gather(*(rival.book(start) for rival in all_of_them))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * (RIVALS - 1)
        for answer in answers:
            if answer.status_code == httpx.codes.CONFLICT:
                assert answer.json()["code"] == "slot_taken"
                assert start not in answer.json()["slots"]
                assert other in answer.json()["slots"]
        (loser, *_) = [one for one, answer in zip(all_of_them, answers, strict=True) if answer.status_code == 409]
        client_id = str(uuid.uuid4())
        again = await asyncio.gather(*(loser.book(other, client_id) for _ in range(5)))
        assert sorted(answer.status_code for answer in again) == [200] * 4 + [201]
        assert len({answer.json()["id"] for answer in again}) == 1


def test_one_of_twenty_gets_the_slot(start_server: StartServer, sqlite_url: str) -> None:
    email = run_apart(an_agent(sqlite_url))
    run_apart(race(start_server(sqlite_url), email))


@pytest.mark.postgres
@pytest.mark.redis
def test_one_of_twenty_gets_the_slot_whichever_worker_serves(
    start_server: StartServer, postgres_url: str, redis_server: Redis
) -> None:
    email = run_apart(an_agent(postgres_url))
    run_apart(race(start_server(postgres_url, workers=2, redis_url=redis_server.url), email))
