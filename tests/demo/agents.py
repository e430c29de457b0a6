"""An agent at work by the agent API, for tests that need somebody to be there."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx

from tests.people import PASSWORD

WAIT_SECONDS = 40


class Agent:
    """Signed in, and present while `there` runs."""

    def __init__(self, url: str, email: str, password: str = PASSWORD) -> None:
        self.client = httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=10, trust_env=False)
        self.credentials = {"email": email, "password": password}

    @contextlib.asynccontextmanager
    async def there(self) -> AsyncIterator["Agent"]:
        (await self.client.post("/auth/login", json=self.credentials)).raise_for_status()
        stream = asyncio.create_task(self._hold_stream())
        try:
            yield self
        finally:
            stream.cancel()
            await asyncio.gather(stream, return_exceptions=True)
            await self.client.aclose()

    async def _hold_stream(self) -> None:
        """Open again whenever it ends, as a browser does."""
        while True:
            with contextlib.suppress(httpx.TransportError):
                async with self.client.stream("GET", "/agent/events", timeout=None) as stream:
                    async for _ in stream.aiter_lines():
                        pass
            await asyncio.sleep(0.2)

    async def takes_a_chat(self) -> str:
        """Wait for an offer and accept it; the conversation's id."""

        async def offered() -> Any:
            return (await self.client.get("/offers")).json()["items"]

        offer = (await until(offered, "an offer"))[0]
        (await self.client.post(f"/offers/{offer['id']}/accept")).raise_for_status()
        return str(offer["conversation_id"])

    async def writes(self, conversation: str, text: str) -> int:
        """Its seq."""
        body = {"client_id": str(uuid.uuid4()), "text": text}
        answer = await self.client.post(f"/conversations/{conversation}/messages", json=body)
        return int(answer.raise_for_status().json()["seq"])

    async def reads(self, conversation: str, after: int = 0) -> list[str]:
        """What the visitor has written after a seq."""
        found = await self.client.get(f"/conversations/{conversation}/messages", params={"after": after, "limit": 200})
        return [message["text"] for message in found.json()["items"] if message["sender"] == "visitor"]

    async def is_answered(self, conversation: str, text: str) -> str:
        """Write, and wait for what the visitor answers."""
        seq = await self.writes(conversation, text)
        return str((await until(lambda: self.reads(conversation, seq), f"an answer to {text!r}"))[0])

    async def shares_her_calendar(self, conversation: str) -> None:
        me = (await self.client.get("/agent")).raise_for_status().json()
        answer = await self.client.post(f"/conversations/{conversation}/calendar-shares", json={"agent_id": me["id"]})
        answer.raise_for_status()

    async def meetings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.client.get("/meetings")).raise_for_status().json()["items"]
        return found

    async def state_of(self, conversation: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.get(f"/conversations/{conversation}")).raise_for_status().json()
        return found


async def until(read: Callable[[], Awaitable[Any]], what: str) -> Any:
    """What it reads, once it is something."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if found := await read():
                    return found
            await asyncio.sleep(0.05)
    raise AssertionError(what)
