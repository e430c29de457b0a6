"""A server with agents, and chats that they have accepted, made through the public API."""

import asyncio
import ipaddress
import itertools
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.wire import Wire
from inbox_app import clock
from inbox_app.data import rule_settings
from inbox_app.data.engine import unit_of_work, use_database
from inbox_app.services import people
from tests.databases import PostgresTemplate, SqliteTemplate
from tests.programs import running_postgres
from tests.servers import InboxServer

PASSWORD = "bench-bench-1"


@contextmanager
def database(kind: str) -> Iterator[str]:
    """A migrated, empty database of this kind, on disk as in real life."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            target = Path(folder) / "run"
            target.mkdir()
            yield SqliteTemplate(Path(folder)).copy(target)
            return
        with running_postgres(is_durable=True) as server:
            yield PostgresTemplate(server).copy()


@contextmanager
def server(database_url: str) -> Iterator[InboxServer]:
    """`inbox serve` in a process of its own, in production mode and with its limits, behind a proxy as it believes."""
    with tempfile.TemporaryDirectory() as folder:
        running = InboxServer(Path(folder), database_url, env="production", trusted_proxies="127.0.0.1/32").start()
        try:
            yield running
        finally:
            running.stop()


async def add_agents(database_url: str, count: int) -> list[str]:
    """Agents by email, who are always available and take ten chats each at the most."""
    await use_database(database_url)
    emails = [f"agent{number}@example.com" for number in range(count)]
    async with unit_of_work() as session:  # hundreds of chats are accepted one after the other
        await rule_settings.save(session, {"offer_seconds": 500, "wait_limit_seconds": 500})
    for number, email in enumerate(emails):
        await people.add(email=email, name=f"Agent {number}", role="agent", password=PASSWORD, now=clock.now())
    await use_database(None)
    return emails


async def sign_in(port: int, email: str) -> Wire:
    """A signed-in connection."""
    wire = Wire(port)
    status, headers, _ = await wire.call("POST", "/api/v1/auth/login", {"email": email, "password": PASSWORD})
    if status != 204:
        raise RuntimeError(f"{email} could not sign in: {status}")
    wire.headers["Cookie"] = headers["set-cookie"].split(";")[0]
    return wire


@dataclass
class Chat:
    """An accepted chat: the visitor's connection and whose it is."""

    id: str
    visitor: Wire
    agent: Wire


@dataclass
class Floor:
    """Agents at work and their chats."""

    agents: list[Wire] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)


_addresses = (str(ipaddress.ip_address("10.0.0.1") + number) for number in itertools.count())
"""Of the visitors, whom the limits count by address."""


async def new_visitor(port: int) -> Wire:
    """A browser with a visitor token."""
    visitor = Wire(port, {"X-Forwarded-For": next(_addresses)})
    _, _, session = await visitor.call("POST", "/api/v1/visitor/sessions", {"page_url": "https://shop.example/"})
    visitor.headers["Authorization"] = f"Bearer {session['token']}"
    return visitor


async def request_chat(visitor: Wire, name: str) -> str:
    """The visitor asks for a chat. Returns the conversation's id."""
    body = {"client_id": str(uuid.uuid4()), "name": name, "text": "Hello"}
    _, _, conversation = await visitor.call("POST", "/api/v1/visitor/conversations", body)
    return str(conversation["id"])


@asynccontextmanager
async def working_floor(port: int, emails: list[str], chats: int) -> AsyncIterator[Floor]:
    """Everyone signed in, every chat accepted by the agent whom the server chose."""
    floor = Floor([await sign_in(port, email) for email in emails])
    visitors = {}
    pages = [asyncio.create_task(_be_there(port, agent)) for agent in floor.agents]
    await asyncio.sleep(2)
    for number in range(chats):
        visitor = await new_visitor(port)
        visitors[await request_chat(visitor, f"Visitor {number}")] = visitor
    for agent in floor.agents:
        floor.chats += [Chat(taken, visitors[taken], agent) for taken in await _accept_all(agent)]
    if len(floor.chats) != chats:
        raise RuntimeError(f"{len(floor.chats)} of {chats} chats were accepted: more agents are needed")
    for page in pages:
        page.cancel()  # whoever measures opens streams or pages of its own, within the grace of a reload
    yield floor
    for wire in [*floor.agents, *(chat.visitor for chat in floor.chats)]:
        wire.close()


async def _be_there(port: int, agent: Wire) -> None:
    """Only who is present is offered chats."""
    async for _ in Wire(port, agent.headers).stream("/api/v1/agent/events"):
        pass


async def _accept_all(agent: Wire) -> set[str]:
    _, _, offers = await agent.call("GET", "/api/v1/offers")
    for offer in offers["items"]:
        await agent.call("POST", f"/api/v1/offers/{offer['id']}/accept")
    return {offer["conversation_id"] for offer in offers["items"]}
