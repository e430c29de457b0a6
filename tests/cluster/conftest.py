"""Two workers behind one port, on PostgreSQL and Redis, and people who talk to them over the network."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from inbox_app.data.engine import use_database
from tests.data.builders import PASSWORD, a_member, a_uuid
from tests.databases import PostgresTemplate
from tests.programs import Redis, wait_until
from tests.servers import InboxServer

RECOVERS_SECONDS = 5
WHILE_DOWN = ("Unexpected exit from worker",)
"""The only line that Granian may log as an error: a test killed a worker."""
TRACEBACK = "Traceback (most recent call last):"
POOL_WARNING = "asyncpg.pool: Failed to restore the pool connection floor"
"""What asyncpg writes, with a traceback, when it looks for PostgreSQL behind every request."""


@contextlib.contextmanager
def two_workers(server: InboxServer) -> Iterator[None]:
    """The server runs, with both workers, for the length of the block."""
    try:
        server.start()
        wait_until(lambda: len(server.workers()) == 2, "two workers run")
        yield
    finally:
        server.stop()


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, postgres_template: PostgresTemplate, redis_server: Redis
) -> Iterator[InboxServer]:
    """One installation with two workers for the tests of a module; its log holds no error."""
    directory: Path = tmp_path_factory.mktemp("cluster")
    server = InboxServer(
        directory, postgres_template.copy(), workers=2, redis_url=redis_server.url, allowed_errors=WHILE_DOWN
    )
    with two_workers(server):
        yield server
    assert [line for line in server.trouble() if line != TRACEBACK] == []
    assert server.log.count(TRACEBACK) == server.log.count(POOL_WARNING)


async def add_agent(server: InboxServer, **changes: Any) -> str:
    """Straight into its database. Returns the email."""
    await use_database(str(server.settings["database_url"]))
    member = await a_member(**{"email": f"agent-{uuid.uuid4().hex[:8]}@example.com"} | changes)
    await use_database(None)
    return member.email


class Stream:
    """An event stream that reconnects as the widget does, and keeps what it was told.

    `silence`: after this many seconds without a byte it connects again. None: it trusts TCP.
    """

    def __init__(self, client: httpx.AsyncClient, path: str, silence: float | None = None) -> None:
        self.client, self.path, self.silence = client, path, silence
        self.messages: list[dict[str, Any]] = []
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.connected = 0
        self._last = 0
        self._news = asyncio.Event()

    async def run(self) -> None:
        while True:
            with contextlib.suppress(httpx.TransportError):
                await self._read()
            await asyncio.sleep(0.1)

    async def _read(self) -> None:
        timeout = httpx.Timeout(5, read=self.silence)
        async with self.client.stream("GET", self.path, params={"after": self._last}, timeout=timeout) as answer:
            if answer.status_code != httpx.codes.OK:
                return
            self.connected += 1
            self._news.set()
            kind, number = "", self._last
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    number = int(value)
                elif name == "event":
                    kind = value
                elif name == "data":
                    self._last = number  # not sooner: a connection that is cut in between has not brought the event
                    self.told.append((kind, json.loads(value)))
                    self.messages += [json.loads(value)] if kind == "message" else []
                    self._news.set()

    async def until(self, is_so: Any, seconds: float = RECOVERS_SECONDS) -> None:
        """Waits until what was told is enough."""
        async with asyncio.timeout(seconds):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    async def until_connected(self, times: int, seconds: float = RECOVERS_SECONDS) -> None:
        """Waits until the server took it so many times."""
        await self.until(lambda: self.connected >= times, seconds)

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.told]

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]


class Chat:
    """A visitor and an agent who talk over many connections, so that both workers serve them."""

    def __init__(
        self, stack: AsyncExitStack, server: InboxServer, *, agents_url: str = "", silence: float | None = None
    ) -> None:
        """`agents_url`: where the agent connects, if not where the visitor does. `silence`: the streams'."""
        self._stack, self.server, self._silence = stack, server, silence
        self._agents_url = agents_url or server.url
        self.sent: list[str] = []
        self.id = ""

    async def client(self, url: str = "", **headers: str) -> httpx.AsyncClient:
        """Every request opens a connection: whichever worker takes it."""
        limits = httpx.Limits(max_keepalive_connections=0)
        client = httpx.AsyncClient(base_url=url or self.server.url, headers=headers, limits=limits, timeout=5)
        return await self._stack.enter_async_context(client)

    async def begin(self, email: str) -> None:
        self.agent, self.visitor = await self.client(self._agents_url), await self.client()
        await self.agent.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        self.agent_stream = await self.listen(self.agent, "/api/v1/agent/events")
        await self.agent_stream.until(lambda: "ready" in self.agent_stream.kinds)
        token = (await self.visitor.post("/api/v1/visitor/sessions", json={})).json()["token"]
        self.visitor.headers["Authorization"] = f"Bearer {token}"
        asked = await self.visitor.post(
            "/api/v1/visitor/conversations", json={"client_id": str(uuid.uuid4()), "text": "Hello"}
        )
        self.id = asked.json()["id"]
        await self.agent_stream.until(lambda: "offer" in self.agent_stream.kinds)
        (offer,) = (await self.agent.get("/api/v1/offers")).json()["items"]
        assert (await self.agent.post(f"/api/v1/offers/{offer['id']}/accept")).status_code == httpx.codes.OK
        self.visitor_stream = await self.listen(self.visitor, f"/api/v1/visitor/conversations/{self.id}/events")
        await self.visitor_stream.until(lambda: "state" in self.visitor_stream.kinds)
        self.sent.append("Hello")

    async def listen(self, client: httpx.AsyncClient, path: str) -> Stream:
        stream = Stream(client, path, self._silence)
        task = asyncio.create_task(stream.run())
        self._stack.callback(task.cancel)
        return stream

    async def write(self, by: str, text: str) -> httpx.Response:
        client, prefix = (self.visitor, "/api/v1/visitor") if by == "visitor" else (self.agent, "/api/v1")
        body = {"client_id": a_uuid(text), "text": text}
        return await client.post(f"{prefix}/conversations/{self.id}/messages", json=body)

    async def deliver(self, by: str, text: str, seconds: float = 10) -> None:
        """Send again with the same client_id until it is acknowledged, as the widget does."""
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    answer = await self.write(by, text)
                    if answer.is_success:
                        break
                    assert answer.status_code in {500, 502, 503}, answer.text
                await asyncio.sleep(0.05)
        self.sent.append(text)

    async def stored(self) -> list[dict[str, Any]]:
        """What the database has, by the agent's API."""
        answer = await self.agent.get(f"/api/v1/conversations/{self.id}/messages", params={"after": 0, "limit": 500})
        return list(answer.json()["items"])


@asynccontextmanager
async def a_chat(server: InboxServer) -> AsyncIterator[Chat]:
    """A conversation that is going on, with both streams open."""
    email = await add_agent(server)
    async with AsyncExitStack() as stack:
        chat = Chat(stack, server)
        await chat.begin(email)
        yield chat
        await chat.visitor.post(f"/api/v1/visitor/conversations/{chat.id}/end")
        await chat.agent.put("/api/v1/agent/availability", json={"available": False})
