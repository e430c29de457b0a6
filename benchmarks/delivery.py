"""Visitor POST → the agent's event stream, committed: many chats at a steady pace.

Lost and doubled are counted by client id.
"""

import asyncio
import random
import time
import uuid
from collections import Counter

from benchmarks.figures import Run
from benchmarks.installation import Chat, Floor, add_agents, database, server, sign_in, working_floor
from benchmarks.wire import Wire

DRAIN_SECONDS = 10
OPENING_SECONDS = 60


class Watch:
    """When each message was sent and when it arrived."""

    def __init__(self) -> None:
        self.sent: dict[str, float] = {}
        self.arrived: dict[str, float] = {}
        self.times = Counter[str]()
        self.errors = 0
        self.opened = 0

    async def agent(self, port: int, cookie: str) -> None:
        """Hold an agent's stream open."""
        wire = Wire(port, {"Cookie": cookie})
        async for event, data in wire.stream("/api/v1/agent/events"):
            self.opened += event == "ready"
            if event == "message" and data["client_id"] in self.sent:
                self.times[data["client_id"]] += 1
                self.arrived.setdefault(data["client_id"], time.perf_counter())

    async def visitor(self, port: int, chat: Chat) -> None:
        """Hold the visitor's stream open, as the widget does."""
        is_first = True
        async for _ in Wire(port, chat.visitor.headers).stream(f"/api/v1/visitor/conversations/{chat.id}/events"):
            self.opened += is_first
            is_first = False

    async def write(self, chat: Chat, messages: int, pace: float) -> None:
        """One message every `pace` seconds, from a random moment on."""
        await asyncio.sleep(random.random() * pace)
        start = time.perf_counter()
        for number in range(messages):
            await asyncio.sleep(max(0.0, start + number * pace - time.perf_counter()))
            client_id = str(uuid.uuid4())
            self.sent[client_id] = time.perf_counter()
            body = {"client_id": client_id, "text": f"Message {number} of a chat that goes on for a while."}
            status, _, _ = await chat.visitor.call("POST", f"/api/v1/visitor/conversations/{chat.id}/messages", body)
            if status != 201:
                self.errors += 1

    def run(self) -> Run:
        """What this run measured."""
        latencies = tuple((self.arrived[key] - self.sent[key]) * 1000 for key in self.arrived)
        lost = len(self.sent) - len(self.arrived)
        return Run(latencies, len(self.sent), lost, sum(count - 1 for count in self.times.values()), self.errors)


async def measure(port: int, floor: Floor, *, seconds: int, pace: float = 1.0) -> Run:
    """All chats write at once; the run ends when everything has arrived, or nothing more does."""
    watch = Watch()
    listeners = [asyncio.create_task(watch.agent(port, agent.headers["Cookie"])) for agent in floor.agents]
    listeners += [asyncio.create_task(watch.visitor(port, chat)) for chat in floor.chats]
    while watch.opened < len(listeners):  # noqa: ASYNC110  opening is measured by itself
        await asyncio.sleep(0.1)
    await asyncio.gather(*(watch.write(chat, int(seconds / pace), pace) for chat in floor.chats))
    deadline = time.perf_counter() + DRAIN_SECONDS
    while len(watch.arrived) < len(watch.sent) and time.perf_counter() < deadline:  # noqa: ASYNC110  arrivals are many
        await asyncio.sleep(0.1)
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    return watch.run()


async def opening(port: int, floor: Floor) -> Run:
    """Milliseconds until each stream has its first event, when all are opened at one moment, as after a restart."""
    watch, latencies = Watch(), list[float]()
    start = time.perf_counter()
    listeners = [asyncio.create_task(watch.agent(port, agent.headers["Cookie"])) for agent in floor.agents]
    listeners += [asyncio.create_task(watch.visitor(port, chat)) for chat in floor.chats]
    deadline = start + OPENING_SECONDS
    while watch.opened < len(listeners) and time.perf_counter() < deadline:
        await asyncio.sleep(0.005)
        latencies += [(time.perf_counter() - start) * 1000] * (watch.opened - len(latencies))
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    return Run(tuple(latencies), len(listeners), lost=len(listeners) - watch.opened)


def runs(kind: str, *, chats: int, agents: int, count: int, seconds: int) -> tuple[list[Run], list[Run]]:
    """`count` runs on one server with a database of this kind: the streams' opening, and the messages."""

    async def all_runs(port: int) -> tuple[list[Run], list[Run]]:
        emails = [f"agent{number}@example.com" for number in range(agents)]
        async with working_floor(port, emails, chats) as floor:
            opened = [await opening(port, floor) for _ in range(count)]
            return opened, [await measure(port, floor, seconds=seconds) for _ in range(count)]

    with database(kind) as url:
        asyncio.run(add_agents(url, agents))
        with server(url) as running:
            return asyncio.run(all_runs(running.port))


__all__ = ["measure", "runs", "sign_in"]
