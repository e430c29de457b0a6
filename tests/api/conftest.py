"""The API as one app in this process, on each kind of database, and people who call it."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from inbox_app.api.application import build_api
from inbox_app.data.engine import use_database
from inbox_app.domain.people import Member
from tests.api.streaming import Stream, opened
from tests.data.builders import PASSWORD, a_member
from tests.data.reuse import postgres_url, reused_postgres

__all__ = ["postgres_url", "reused_postgres"]
VISITOR = "/api/v1/visitor"
AGENT = "/api/v1"


class Caller:
    """Somebody with an HTTP client: `await vera.post("/page-views", page_url="/a")`."""

    def __init__(self, app: ASGIApp, prefix: str, address: str = "203.0.113.7") -> None:
        self.app, self.prefix = app, prefix
        transport = httpx.ASGITransport(app, client=(address, 5000), raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://test")

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(self.prefix + path, params=query)

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.post(self.prefix + path, json=body)

    async def put(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.put(self.prefix + path, json=body)

    async def patch(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.patch(self.prefix + path, json=body)

    def listen(self, path: str, query: str = "", **headers: str) -> AbstractAsyncContextManager[Stream]:
        """An event stream, as this caller."""
        own = {"host": "test"} | dict(self.http.headers) | {name.replace("_", "-"): v for name, v in headers.items()}
        if cookies := "; ".join(f"{name}={value}" for name, value in self.http.cookies.items()):
            own["cookie"] = cookies
        return opened(self.app, self.prefix + path, own, query)


class Visitor(Caller):
    """A browser with a visitor token."""

    chat_id = ""
    visitor_id = ""

    async def ask(self, text: str = "Hello", **more: Any) -> str:
        """Ask for a chat. Returns the conversation's id."""
        answer = await self.post("/conversations", client_id=str(uuid.uuid4()), text=text, **more)
        assert answer.status_code == 201, answer.text
        self.chat_id = answer.json()["id"]
        return self.chat_id

    async def write(self, text: str = "Hello", client_id: str | None = None) -> httpx.Response:
        return await self.post(
            f"/conversations/{self.chat_id}/messages", client_id=client_id or str(uuid.uuid4()), text=text
        )


class Agent(Caller):
    """A signed-in member."""

    member: Member

    async def accept_all(self) -> list[str]:
        """Accept what rings. Returns the conversations' ids."""
        offers = (await self.get("/offers")).json()["items"]
        return [(await self.post(f"/offers/{offer['id']}/accept")).json()["id"] for offer in offers]

    async def write(self, chat_id: str, text: str = "Hi", client_id: str | None = None) -> httpx.Response:
        return await self.post(
            f"/conversations/{chat_id}/messages", client_id=client_id or str(uuid.uuid4()), text=text
        )


class People:
    """Makes callers: `await people.visitor()`, `await people.agent("Ben")`."""

    def __init__(self, app: ASGIApp, stack: AsyncExitStack) -> None:
        self.app, self._stack = app, stack

    async def somebody(self, prefix: str = AGENT, address: str = "203.0.113.7") -> Caller:
        """Without token and cookie."""
        caller = Caller(self.app, prefix, address)
        await self._stack.enter_async_context(caller.http)
        return caller

    async def operator(self, address: str = "127.0.0.1", host: str = "localhost:3000") -> Caller:
        """A program that asks for metrics, by default on the server's own machine."""
        caller = await self.somebody("", address)
        caller.http.base_url = httpx.URL(f"http://{host}")
        return caller

    async def visitor(self, **session: Any) -> Visitor:
        visitor = Visitor(self.app, VISITOR)
        await self._stack.enter_async_context(visitor.http)
        answer = (await visitor.post("/sessions", **session)).json()
        visitor.http.headers["Authorization"] = f"Bearer {answer['token']}"
        visitor.visitor_id = answer["visitor_id"]
        return visitor

    async def agent(self, name: str = "Ana", **changes: Any) -> Agent:
        agent = Agent(self.app, AGENT)
        agent.member = await a_member(name, **changes)
        await self._stack.enter_async_context(agent.http)
        answer = await agent.post("/auth/login", email=agent.member.email, password=PASSWORD)
        assert answer.status_code == 204, answer.text
        return agent

    async def chat(self, **changes: Any) -> tuple[Visitor, Agent, str]:
        """A visitor and an agent who are talking."""
        agent, visitor = await self.agent(**changes), await self.visitor()
        await visitor.ask()
        (chat_id,) = await agent.accept_all()
        return visitor, agent, chat_id


@pytest.fixture
def api(database: str) -> ASGIApp:
    return build_api()


@pytest.fixture
async def sqlite_people(sqlite_url: str) -> AsyncIterator[People]:
    """People for what never reaches a database: one kind is enough."""
    await use_database(sqlite_url)
    async with AsyncExitStack() as stack:
        yield People(build_api(), stack)
    await use_database(None)


@pytest.fixture
async def people(api: ASGIApp) -> AsyncIterator[People]:
    async with AsyncExitStack() as stack:
        yield People(api, stack)
