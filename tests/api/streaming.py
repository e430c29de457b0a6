"""Event streams of the app in this process: httpx's ASGI transport waits for the end of a response, these have none."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class StreamEvent:
    """One event as it came over the line."""

    kind: str
    data: dict[str, Any]
    id: int | None = None


class Stream:
    """An open event stream: `await stream.next("message")`."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: httpx.Headers = httpx.Headers()
        self.comments: list[str] = []
        self._chunks: asyncio.Queue[str | None] = asyncio.Queue()
        self._text = ""
        self.begun = asyncio.Event()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], httpx.Headers(message["headers"])
            self.begun.set()
        elif message["type"] == "http.response.body":
            self._chunks.put_nowait(message.get("body", b"").decode())
            if not message.get("more_body"):
                self._chunks.put_nowait(None)

    async def any(self) -> StreamEvent | None:
        """The next event; None when the stream has ended."""
        async with asyncio.timeout(5):
            while True:
                block, separator, rest = self._text.partition("\r\n\r\n")
                if separator:
                    self._text = rest
                    if event := self._event(block):
                        return event
                elif (chunk := await self._chunks.get()) is None:
                    return None
                else:
                    self._text += chunk

    def _event(self, block: str) -> StreamEvent | None:
        fields = dict(line.split(": ", 1) for line in block.split("\r\n") if not line.startswith(":"))
        self.comments += [line[1:].strip() for line in block.split("\r\n") if line.startswith(":")]
        if "data" not in fields:
            return None
        number = int(fields["id"]) if "id" in fields else None
        return StreamEvent(fields["event"], json.loads(fields["data"]), number)

    async def next(self, kind: str) -> StreamEvent:
        """The next event of this kind, passing over others."""
        while (event := await self.any()) is not None:
            if event.kind == kind:
                return event
        raise EOFError(f"the stream ended without {kind}")

    async def rest(self) -> list[StreamEvent]:
        """All until its end."""
        events = []
        while (event := await self.any()) is not None:
            events.append(event)
        return events


@asynccontextmanager
async def opened(app: ASGIApp, path: str, headers: dict[str, str], query: str = "") -> AsyncIterator[Stream]:
    """A stream that is open while the block runs; then its client hangs up."""
    stream, hung_up = Stream(), asyncio.Event()
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await hung_up.wait()
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "scheme": "http", "server": ("test", 80), "client": ("203.0.113.7", 5000),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "asgi": {"version": "3.0"}, "root_path": "",
    }  # fmt: skip
    task = asyncio.create_task(app(scope, receive, stream.send))
    try:
        yield stream
    finally:
        hung_up.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)
