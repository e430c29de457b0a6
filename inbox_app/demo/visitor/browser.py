"""A visitor's browser as the API sees one: a session, calls repeated until they are answered, the event stream."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import httpx

from inbox_app.demo.visitor.persona import Persona

PREFIX: Final = "/api/v1/visitor"
STREAM_SECONDS: Final = 40
"""Heartbeats come every 15 s; a stream without any for so long is dead."""
RETRY_SECONDS: Final = (1.0, 2.0, 5.0)
log = logging.getLogger(__name__)


class Refused(Exception):
    """The API said no, for good: `status` is 4xx and not 429. `problem`: what it said, as JSON."""

    def __init__(self, response: httpx.Response) -> None:
        request = response.request
        super().__init__(f"{request.method} {request.url.path}: {response.status_code} {response.text}")
        self.status = response.status_code
        self.problem: dict[str, Any] = _problem(response)


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


@dataclass(frozen=True)
class StreamEvent:
    """One event of the stream."""

    kind: str
    data: dict[str, Any]


class Browser:
    """One visitor's. Every call goes through the public API, and is repeated while the server is away."""

    def __init__(self, client: httpx.AsyncClient, persona: Persona, *, site: str, token: str = "") -> None:
        self._client, self.persona, self.site, self.token = client, persona, site, token

    @property
    def _headers(self) -> dict[str, str]:
        headers = {"User-Agent": f"Mozilla/5.0 (demo visitor) {self.persona.browser}"}
        return headers | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    async def begin(self) -> dict[str, Any] | None:
        """Begin or go on with a session; the open conversation, if there is one."""
        persona = self.persona
        body = {
            "token": self.token, "page_url": self.site + persona.pages[0], "locale": persona.locale,
            "time_zone": persona.time_zone,
        }  # fmt: skip
        session = (await self.post("/sessions", body)).json()
        self.token = session["token"]
        conversation: dict[str, Any] | None = session["conversation"]
        return conversation

    async def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Until it is answered: the body's `client_id` makes a repetition harmless. Raises Refused."""
        return await self._answer("POST", path, body)

    async def get(self, path: str) -> httpx.Response:
        """Until it is answered. Raises Refused."""
        return await self._answer("GET", path)

    async def _answer(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        attempt = 0
        while True:
            try:
                response = await self._client.request(method, PREFIX + path, json=body, headers=self._headers)
            except httpx.TransportError:
                await _pause(attempt)
            else:
                if response.is_success:
                    return response
                if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
                    await asyncio.sleep(float(response.headers.get("Retry-After", "5")))
                elif response.is_client_error:
                    raise Refused(response)
                else:
                    await _pause(attempt)
            attempt += 1

    async def post_once(self, path: str, body: dict[str, Any]) -> None:
        """What loses its meaning later, as typing does: not repeated."""
        try:
            await self._client.post(PREFIX + path, json=body, headers=self._headers)
        except httpx.TransportError:
            log.debug("not sent: %s", path)

    async def events(self, conversation_id: str, *, after: int) -> AsyncIterator[StreamEvent]:
        """What follows a seq, each durable event once, until the conversation is over. Raises Refused."""
        last_id, attempt = str(after), 0
        while True:
            try:
                async with self._stream(conversation_id, last_id) as response:
                    if response.status_code == httpx.codes.NO_CONTENT:
                        return
                    if response.is_client_error and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                        await response.aread()
                        raise Refused(response)
                    if response.is_success:
                        attempt = 0
                        async for event_id, event in _parsed(response):
                            last_id = event_id or last_id
                            yield event
            except httpx.TransportError:
                log.debug("the stream broke, trying again")
            await _pause(attempt)
            attempt += 1

    def _stream(self, conversation_id: str, last_id: str) -> Any:
        return self._client.stream(
            "GET", f"{PREFIX}/conversations/{conversation_id}/events", timeout=httpx.Timeout(10, read=STREAM_SECONDS),
            headers=self._headers | {"Last-Event-ID": last_id, "Accept": "text/event-stream"},
        )  # fmt: skip


async def _pause(attempt: int) -> None:
    """Longer after every failure, and never all at the same moment."""
    await asyncio.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)] * random.uniform(0.8, 1.2))  # noqa: S311


async def _parsed(response: httpx.Response) -> AsyncIterator[tuple[str, StreamEvent]]:
    """Server-Sent Events as (id, event); comments are heartbeats and pass by."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif "data" in fields:
            yield fields.get("id", ""), StreamEvent(fields.get("event", "message"), json.loads(fields["data"]))
            fields = {}
