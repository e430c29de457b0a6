"""Agents and visitors at a server that is killed: their streams connect again by themselves, as pages do."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from inbox_app.data.engine import use_database
from inbox_app.data.tables import ConversationRow
from inbox_app.domain.people import Role
from tests.cluster.conftest import Stream, add_agent
from tests.data.builders import PASSWORD, a_uuid, rows_of
from tests.servers import InboxServer
from tests.services.builders import timeline_of

SECONDS = 60
"""For what comes after a start: long, since the machine may be busy; a passing test never waits for it."""


class Person:
    """One of them: requests of one's own, and a stream."""

    stream: Stream

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        return dict((await self.client.get(path, params=query)).raise_for_status().json())

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.client.post(path, json=body)

    async def hears(self, kind: str, *, after: int, seconds: float = SECONDS) -> dict[str, Any]:
        """The next event of this kind behind the first `after` ones that were told."""
        heard = self.stream.told
        await self.stream.until(lambda: any(name == kind for name, _ in heard[after:]), seconds)
        return next(data for name, data in heard[after:] if name == kind)

    async def is_at(self, position: int, *, after: int) -> None:
        """Waits until one is told of this place in the queue."""
        heard = self.stream.told
        await self.stream.until(lambda: ("queue", {"position": position}) in heard[after:], SECONDS)

    @property
    def heard(self) -> int:
        """How much was told so far."""
        return len(self.stream.told)


class Visitor(Person):
    conversation_id = ""

    async def state(self) -> dict[str, Any]:
        return await self.get(f"/conversations/{self.conversation_id}")

    async def write(self, text: str) -> None:
        answer = await self.post(f"/conversations/{self.conversation_id}/messages", client_id=a_uuid(text), text=text)
        answer.raise_for_status()


class Agent(Person):
    email = ""

    async def offers(self) -> list[dict[str, Any]]:
        return list((await self.get("/offers"))["items"])

    async def accept(self) -> str:
        """What rings. Returns the conversation's id."""
        (offer,) = await self.offers()
        return str((await self.post(f"/offers/{offer['id']}/accept")).raise_for_status().json()["id"])


class Floor:
    """`await floor.agent()`, `await floor.visitor("Vera")`."""

    def __init__(self, server: InboxServer, stack: AsyncExitStack) -> None:
        self.server, self._stack = server, stack
        self.people: list[Person] = []

    async def agent(self, **changes: Any) -> Agent:
        """With an open stream, which is what makes an agent present."""
        email = await add_agent(self.server, is_present=False, **changes)
        agent = Agent(await self._client("/api/v1"))
        agent.email = email
        (await agent.post("/auth/login", email=email, password=PASSWORD)).raise_for_status()
        await self._listen(agent, "/agent/events", "ready")
        return agent

    async def silent_visitor(self, text: str = "Hello") -> Visitor:
        """Who asks for a chat and doesn't listen."""
        visitor = Visitor(await self._client("/api/v1/visitor"))
        token = (await visitor.post("/sessions")).json()["token"]
        visitor.client.headers["Authorization"] = f"Bearer {token}"
        asked = await visitor.post("/conversations", client_id=str(uuid.uuid4()), text=text)
        visitor.conversation_id = asked.raise_for_status().json()["id"]
        return visitor

    async def visitor(self, text: str = "Hello") -> Visitor:
        """Who asks for a chat and listens."""
        visitor = await self.silent_visitor(text)
        await self._listen(visitor, f"/conversations/{visitor.conversation_id}/events", "message")
        return visitor

    async def limits(self, **settings: int) -> None:
        """Set by an admin."""
        admin = Agent(await self._client("/api/v1"))
        email = await add_agent(self.server, role=Role.ADMIN, is_present=False)
        (await admin.post("/auth/login", email=email, password=PASSWORD)).raise_for_status()
        (await admin.client.put("/settings", json=settings)).raise_for_status()

    async def is_killed_and_back(self, *, later: int, but: Person | None = None) -> None:
        """kill -9 of all its processes; then it starts, and all return, `but` one whose stream has ended.

        `later`: by how many seconds its clock is ahead of the test's.
        """
        await asyncio.to_thread(self.server.kill)
        connected = {person: person.stream.connected for person in self.people if person is not but}
        await asyncio.to_thread(self.server.restart, clock_offset=later)
        for person, before in connected.items():
            await person.stream.until_connected(before + 1, SECONDS)

    async def _client(self, prefix: str) -> httpx.AsyncClient:
        """Every request opens a connection: whichever worker takes it."""
        limits = httpx.Limits(max_keepalive_connections=0)
        client = httpx.AsyncClient(base_url=self.server.url + prefix, limits=limits, timeout=10)
        return await self._stack.enter_async_context(client)

    async def _listen(self, person: Person, path: str, first: str) -> None:
        person.stream = Stream(person.client, path)
        task = asyncio.create_task(person.stream.run())
        self._stack.callback(task.cancel)
        self.people.append(person)
        await person.hears(first, after=0)


@asynccontextmanager
async def a_floor(server: InboxServer) -> AsyncIterator[Floor]:
    async with AsyncExitStack() as stack:
        yield Floor(server, stack)


async def steps_of(server: InboxServer, visitor: Visitor) -> list[str]:
    """The timeline as the database has it."""
    await use_database(str(server.settings["database_url"]))
    steps = await timeline_of(visitor.conversation_id)
    await use_database(None)
    return steps


async def states_in(server: InboxServer) -> list[str]:
    """Of all conversations, oldest first."""
    await use_database(str(server.settings["database_url"]))
    rows = sorted(await rows_of(ConversationRow), key=lambda row: row.id)
    await use_database(None)
    return [row.state for row in rows]
