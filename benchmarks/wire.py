"""A bare HTTP/1.1 client: the load generator shares two cores with the server, so it must cost little."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any


class Wire:
    """One kept-alive connection; one request at a time."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self.port = port
        self.headers = headers or {}
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        return self._streams

    def _head(self, method: str, path: str, length: int) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Content-Length: {length}"]
        lines += ["Content-Type: application/json", *(f"{name}: {value}" for name, value in self.headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
        """Status, headers in lower case, and the parsed body."""
        payload = b"" if body is None else json.dumps(body).encode()
        async with self._turn:
            request = self._head(method, path, len(payload)) + payload
            try:
                reader, status, headers = await self._ask(request)
            except (asyncio.IncompleteReadError, ConnectionError):  # the server closed an idle connection
                self._streams = None
                reader, status, headers = await self._ask(request)
            content = await reader.readexactly(int(headers.get("content-length", 0)))
        return status, headers, json.loads(content) if content else None

    async def _ask(self, request: bytes) -> tuple[asyncio.StreamReader, int, dict[str, str]]:
        reader, writer = await self._open()
        writer.write(request)
        status, headers = await _answer(reader)
        return reader, status, headers

    async def stream(self, path: str) -> AsyncIterator[tuple[str, Any]]:
        """(event, data) of an event stream, for as long as it lasts."""
        reader, writer = await self._open()
        writer.write(self._head("GET", path, 0))
        status, _ = await _answer(reader)
        if status != 200:
            raise RuntimeError(f"GET {path} answered {status}")
        event = ""
        while line := await reader.readline():
            if line.startswith(b"event:"):
                event = line[6:].strip().decode()
            elif line.startswith(b"data:"):
                yield event, json.loads(line[5:])

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
    cookies = [line.split(": ", 1)[1] for line in head[1:] if line.lower().startswith("set-cookie: ")]
    headers |= {"set-cookie": cookies[0]} if cookies else {}
    return int(head[0].split()[1]), headers
