"""Visitor POST → the agent's event stream, committed: many chats, each at one message a second.

The timetable is fixed before the first message: a message that goes out late because the last one was slow counts
from when it was due. Lost and doubled are counted by client id.
"""

import asyncio
import gc
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.figures import Run
from benchmarks.floor import granian
from benchmarks.installation import Chat, Floor, add_agents, database, server, working_floor
from benchmarks.spent import cpu_ms
from benchmarks.wire import Wire
from inbox_app.settings import ROOT
from tests.programs import free_port
from tests.servers import InboxServer, workers_of

DRAIN_SECONDS = 10
LEAD_SECONDS = 0.5  # between making the timetable and the first message


class Watch:
    """When each message was due and when it arrived."""

    def __init__(self) -> None:
        self.due: dict[str, float] = {}
        self.arrived: dict[str, float] = {}
        self.times = Counter[str]()
        self.errors = 0
        self.opened = 0

    async def agent(self, port: int, headers: dict[str, str]) -> None:
        """Hold an agent's stream open."""
        async for event, data in Wire(port, headers).stream("/api/v1/agent/events"):
            self.opened += event == "ready"
            if event == "message" and data["client_id"] in self.due:
                self.times[data["client_id"]] += 1
                self.arrived.setdefault(data["client_id"], time.perf_counter())

    async def visitor(self, port: int, chat: Chat) -> None:
        """Hold the visitor's stream open, as the widget does."""
        is_first = True
        async for _ in Wire(port, chat.visitor.headers).stream(f"/api/v1/visitor/conversations/{chat.id}/events"):
            self.opened += is_first
            is_first = False

    async def write(self, chat: Chat, first: float, messages: int, pace: float) -> None:
        """A message at `first` and then every `pace` seconds, whether or not the last one was answered."""
        posts = []
        for number in range(messages):
            due = first + number * pace
            await asyncio.sleep(due - time.perf_counter())
            posts.append(asyncio.create_task(self._post(chat, due, number)))
        await asyncio.gather(*posts)

    async def _post(self, chat: Chat, due: float, number: int) -> None:
        client_id = str(uuid.uuid4())
        self.due[client_id] = due
        body = {"client_id": client_id, "text": f"Message {number} of a chat that goes on for a while."}
        status, _, _ = await chat.visitor.call("POST", f"/api/v1/visitor/conversations/{chat.id}/messages", body)
        self.errors += status != 201

    def run(self, cpu: float) -> Run:
        """What this run measured."""
        latencies = tuple((self.arrived[key] - self.due[key]) * 1000 for key in self.arrived)
        lost = len(self.due) - len(self.arrived)
        return Run(latencies, len(self.due), lost, sum(count - 1 for count in self.times.values()), self.errors, cpu)


async def measure(port: int, floor: Floor, spent: Callable[[], float], *, seconds: int, pace: float = 1.0) -> Run:
    """All chats write at once; the run ends when everything has arrived, or nothing more does."""
    with _without_collections():
        return await _measure(port, floor, spent, seconds=seconds, pace=pace)


@contextmanager
def _without_collections() -> Iterator[None]:
    """One collection of what 600 connections of this client left takes 90 to 180 ms: its pause isn't the server's."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def _measure(port: int, floor: Floor, spent: Callable[[], float], *, seconds: int, pace: float) -> Run:
    watch = Watch()
    listeners = [asyncio.create_task(watch.agent(port, agent.headers)) for agent in floor.agents]
    listeners += [asyncio.create_task(watch.visitor(port, chat)) for chat in floor.chats]
    while watch.opened < len(listeners):  # noqa: ASYNC110  opening is measured in storm.py
        await asyncio.sleep(0.1)
    before, start = spent(), time.perf_counter() + LEAD_SECONDS
    begins = [start + random.random() * pace for _ in floor.chats]
    await asyncio.gather(
        *(watch.write(chat, begin, int(seconds / pace), pace) for chat, begin in zip(floor.chats, begins, strict=True))
    )
    deadline = time.perf_counter() + DRAIN_SECONDS
    while len(watch.arrived) < len(watch.due) and time.perf_counter() < deadline:  # noqa: ASYNC110  arrivals are many
        await asyncio.sleep(0.1)
    cpu = spent() - before
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    return watch.run(cpu)


def runs(kind: str, *, chats: int, agents: int, count: int, seconds: int) -> list[Run]:
    """`count` runs on one server with a database of this kind."""

    async def all_runs(running: InboxServer) -> list[Run]:
        emails = [f"agent{number}@example.com" for number in range(agents)]
        workers = running.workers()
        async with working_floor(running.port, emails, chats) as floor:
            return [await measure(running.port, floor, lambda: cpu_ms(workers), seconds=seconds) for _ in range(count)]

    with database(kind) as url:
        asyncio.run(add_agents(url, agents))
        with server(url) as running:
            return asyncio.run(all_runs(running))


def floor_runs(kind: str, *, chats: int, agents: int, count: int, seconds: int) -> list[Run]:
    """The same timetable for an app that does nothing else (delivery_floor.py)."""

    async def all_runs(port: int, workers: list[int]) -> list[Run]:
        people = [Wire(port, {"Cookie": f"agent={number}"}) for number in range(agents)]
        talks = [Chat(str(number), Wire(port), people[number % agents]) for number in range(chats)]
        floor = Floor(people, talks)
        return [await measure(port, floor, lambda: cpu_ms(workers), seconds=seconds) for _ in range(count)]

    port = free_port()
    with database(kind) as url:
        settings = {"FLOOR_DATABASE": url, "FLOOR_AGENTS": str(agents), "PYTHONPATH": str(ROOT)}
        with granian(
            "benchmarks.delivery_floor:app", port, settings, "--backlog", "4096", "--backpressure", "4096"
        ) as pid:
            return asyncio.run(all_runs(port, workers_of(pid)))
