"""Everyone comes back at one moment: the server is killed and started, then all visitors open their streams at once.

Each visitor lacks the last message, as after a cut in the middle of a chat.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from benchmarks.figures import Run
from benchmarks.installation import database, server
from benchmarks.spent import cpu_ms
from benchmarks.wire import Wire
from inbox_app import clock
from inbox_app.data import rule_settings
from inbox_app.data.engine import unit_of_work, use_database
from inbox_app.data.ids import digest, new_id, new_secret
from inbox_app.data.tables import ConversationRow, DeviceRow, EntryRow, VisitorRow
from tests.data.builders import a_member
from tests.servers import InboxServer

MESSAGES = 20  # in each chat
TIMEOUT_SECONDS = 60
SETTLE_SECONDS = 2  # a start plans what is due, and imports what its first request needs


@dataclass(frozen=True)
class Chat:
    """A visitor's browser and its conversation."""

    token: str
    id: str


async def add_chats(database_url: str, count: int) -> list[Chat]:
    """Active chats, written past the API: a thousand requests with their routing would take minutes."""
    await use_database(database_url)
    agent, now = await a_member(), clock.now()
    chats = [Chat(new_secret(), new_id()) for _ in range(count)]
    async with unit_of_work() as session:
        await rule_settings.save(session, {"idle_minutes": 240, "gone_minutes": 60})
        for table, rows in _rows(chats, agent.id, now).items():
            await session.execute(insert(table), rows)
    await use_database(None)
    return chats


def _rows(chats: list[Chat], agent_id: str, now: datetime) -> dict[type[Any], list[dict[str, Any]]]:
    """A visitor has the id of the chat, and so has the browser."""
    return {
        VisitorRow: [
            {"id": chat.id, "created_at": now, "seen_at": now, "tags": [], "attributes": {}}
            for chat in chats
        ],
        DeviceRow: [
            {"id": chat.id, "token_digest": digest(chat.token), "visitor_id": chat.id, "created_at": now}
            for chat in chats
        ],
        ConversationRow: [
            {
                "id": chat.id, "visitor_id": chat.id, "device_id": chat.id, "client_id": new_id(), "state": "active",
                "agent_id": agent_id, "requested_at": now, "activity_at": now, "last_seq": MESSAGES, "tags": [],
            }
            for chat in chats
        ],
        EntryRow: [
            {"conversation_id": chat.id, "seq": n, "kind": "message", "sender": "visitor", "text": f"No {n}", "at": now}
            for chat in chats
            for n in range(1, MESSAGES + 1)
        ],
    }  # fmt: skip


class Storm:
    """When each stream had what it missed."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.latencies: list[float] = []
        self.doubled = 0

    async def listen(self, port: int, chat: Chat) -> None:
        """Hold the stream open. What was missed must come once."""
        headers = {"Authorization": f"Bearer {chat.token}", "Last-Event-ID": str(MESSAGES - 1)}
        times = 0
        async for event, _ in Wire(port, headers).stream(f"/api/v1/visitor/conversations/{chat.id}/events"):
            times += event == "message"
            if times == 1:
                self.latencies.append((time.perf_counter() - self.start) * 1000)
            self.doubled += times > 1


async def storm(running: InboxServer, chats: list[Chat]) -> Run:
    """Kill, start, and open all streams at once."""
    running.kill()
    running.start()
    await asyncio.sleep(SETTLE_SECONDS)
    workers = running.workers()
    before, now = cpu_ms(workers), Storm()
    listeners = [asyncio.create_task(now.listen(running.port, chat)) for chat in chats]
    deadline = now.start + TIMEOUT_SECONDS
    while len(now.latencies) < len(chats) and time.perf_counter() < deadline:  # noqa: ASYNC110  arrivals are many
        await asyncio.sleep(0.05)
    cpu = cpu_ms(workers) - before
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    return Run(tuple(now.latencies), len(chats), lost=len(chats) - len(now.latencies), doubled=now.doubled, cpu=cpu)


def runs(kind: str, *, sizes: tuple[int, ...], count: int) -> dict[int, list[Run]]:
    """`count` storms of each size on a database of this kind."""

    async def all_runs(running: InboxServer, chats: list[Chat]) -> dict[int, list[Run]]:
        return {size: [await storm(running, chats[:size]) for _ in range(count)] for size in sizes}

    with database(kind) as url:
        chats = asyncio.run(add_chats(url, max(sizes)))
        with server(url) as running:
            return asyncio.run(all_runs(running, chats))
