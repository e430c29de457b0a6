"""The least that delivers committed messages to event streams: one insert and two queues, and nothing that a product
needs. Served by the same Granian, asked in the same words as the product, so that the same client measures both."""

import asyncio
import json
import os
import sqlite3
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg

OK = [(b"content-type", b"application/json")]
STREAM = [(b"content-type", b"text/event-stream")]
ADD = "INSERT INTO message (conversation, client_id, text) VALUES ({})"
TABLE = "CREATE TABLE IF NOT EXISTS message (conversation text, client_id text, text text)"


class Store:
    """One table, each insert committed to disk before it is answered."""

    async def open(self) -> None:
        url = os.environ["FLOOR_DATABASE"]
        self._thread = ThreadPoolExecutor(1)
        self._pool = None if url.startswith("sqlite") else await asyncpg.create_pool(url, min_size=8, max_size=8)
        if self._pool:
            await self._pool.execute(TABLE)
            return
        self._file = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE):
            self._file.execute(statement)

    async def add(self, *values: str) -> None:
        if self._pool:
            await self._pool.execute(ADD.format("$1, $2, $3"), *values)
            return
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._file.execute, ADD.format("?, ?, ?"), values)


store = Store()
streams: dict[str, list[asyncio.Queue[bytes]]] = defaultdict(list)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Chat N belongs to agent N modulo the number of agents; a stream's address says whose it is."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"].endswith("/messages"):
        await _take(scope["path"].split("/")[-2], receive, send)
    elif scope["path"].endswith("/events"):
        headers = dict(scope["headers"])
        is_agent = scope["path"] == "/api/v1/agent/events"
        await _listen(headers[b"cookie"].decode() if is_agent else scope["path"].split("/")[-2], receive, send)
    else:
        await _answer(send, 200, b"{}")


async def _lifespan(receive: Any, send: Any) -> None:
    while (message := await receive())["type"] == "lifespan.startup":
        await store.open()
        await send({"type": "lifespan.startup.complete"})
    assert message["type"] == "lifespan.shutdown"
    await send({"type": "lifespan.shutdown.complete"})


async def _take(chat: str, receive: Any, send: Any) -> None:
    body = json.loads((await receive())["body"])
    await store.add(chat, body["client_id"], body["text"])
    event = b"event: message\ndata: " + json.dumps(body).encode() + b"\n\n"
    for key in (chat, f"agent={int(chat) % int(os.environ['FLOOR_AGENTS'])}"):
        for queue in streams[key]:
            queue.put_nowait(event)
    await _answer(send, 201, json.dumps(body).encode())


async def _answer(send: Any, status: int, content: bytes) -> None:
    headers = [*OK, (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _listen(key: str, receive: Any, send: Any) -> None:
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    streams[key].append(queue)
    await send({"type": "http.response.start", "status": 200, "headers": STREAM})
    await send({"type": "http.response.body", "body": b"event: ready\ndata: {}\n\n", "more_body": True})
    writing = asyncio.create_task(_write(queue, send))
    while (await receive())["type"] != "http.disconnect":
        pass
    writing.cancel()
    streams[key].remove(queue)


async def _write(queue: asyncio.Queue[bytes], send: Any) -> None:
    while True:
        await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
