"""A request that the fuzzer made, how it is sent into the app, and what must not come back."""

import asyncio
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

import httpx

from tests.api.conftest import Caller

UNANSWERED: Final = ("http://127.0.0.1:9/", "https://127.0.0.1:9/dav", "http://0/", "http://[::1]:9/")
"""No fuzzer reaches another machine: nobody listens at these."""

SECONDS_AT_MOST: Final = 30


@dataclass(frozen=True)
class Sent:
    """`path`: as it is in the description's terms, with its values in."""

    role: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        query = "&".join(f"{escaped(name)}={escaped(value)}" for name, value in self.query)
        return f"http://test{self.path}" + (f"?{query}" if query else "")

    async def answered(self, caller: Caller) -> tuple[int, str]:
        """Status and text. A stream has no end: its status is enough."""
        if self.path.endswith("/events") and self.method == "get":
            return await self._opened(caller)
        headers = {"Content-Type": "application/json"} | self.headers
        async with asyncio.timeout(SECONDS_AT_MOST):
            answer = await caller.http.request(self.method, self.target, content=self.content, headers=headers)
        return answer.status_code, answer.content.decode()

    async def _opened(self, caller: Caller) -> tuple[int, str]:
        url = httpx.URL(self.target)
        path = url.path.removeprefix(caller.prefix)
        async with caller.listen(path, url.query.decode(), **self.headers) as stream, asyncio.timeout(SECONDS_AT_MOST):
            await stream.begun.wait()
        return stream.status, ""


def escaped(text: str) -> str:
    """Also half of a character, as a broken browser would."""
    return quote(text, safe="", errors="surrogatepass")
