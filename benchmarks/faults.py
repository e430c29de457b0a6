"""What a fault in the middle of a chat costs: both sides write all the while, and what was acknowledged must arrive.

A side writes its next message when the last one was acknowledged, and sends again with the same `client_id` until then.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from benchmarks.fault_list import ALONE, CLUSTER, Fault
from benchmarks.figures import Line
from benchmarks.worlds import World, alone, cluster
from tests.cluster.conftest import Chat, Stream, add_agent

BEFORE_SECONDS, AFTER_SECONDS = 2, 5
PACE_SECONDS = 0.1
LATE_SECONDS = 0.5  # a delivery that takes longer belongs to the fault
GIVES_UP_SECONDS = 60
SILENCE_SECONDS = 12  # then the widget and the agent's page connect again (docs/reliability.md)


@dataclass(frozen=True)
class Outcome:
    """What one run of a fault cost. `slowest`, `recovery`: seconds."""

    HEADER: ClassVar[str] = (
        "| fault | slowest acknowledgement, s | time to recover, s | sent / lost / doubled / out of order, all runs |\n"
        "|---|---|---|---|"
    )
    TOTALS: ClassVar[tuple[str, ...]] = ("sent", "lost", "doubled", "disordered")

    sent: int
    lost: int
    doubled: int
    disordered: int
    slowest: float
    recovery: float

    def figures(self) -> dict[str, tuple[float, int]]:
        return {"slowest": (self.slowest, 2), "recovery": (self.recovery, 2)}


@dataclass
class Side:
    """What one side hears of the other: by its stream, and by reading what it missed after each connection."""

    chat: Chat
    stream: Stream
    catches_up: bool
    arrived: dict[str, float] = field(default_factory=dict)
    seqs: list[int] = field(default_factory=list)

    _taken: int = 0
    _ready: int = 0

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            await self.stream.until(self._has_news, 999)
            is_new, self._ready = self._times_ready > self._ready, self._times_ready
            for message in self.stream.messages[self._taken :]:
                self.seqs.append(message["seq"])
                self.arrived.setdefault(message["text"], time.perf_counter())
            self._taken = len(self.seqs)
            if is_new and self.catches_up:
                for message in await self.chat.stored():
                    self.arrived.setdefault(message["text"], time.perf_counter())

    def _has_news(self) -> bool:
        return len(self.stream.messages) > self._taken or self._times_ready > self._ready

    @property
    def _times_ready(self) -> int:
        return self.stream.kinds.count("ready")  # from then on nothing is missed


@dataclass
class Writer:
    """One side that writes until it is told to stop."""

    chat: Chat
    by: str
    began: dict[str, float] = field(default_factory=dict)
    slowest: float = 0.0
    is_over: bool = False

    async def write(self) -> None:
        while not self.is_over:
            text = f"{self.by} {len(self.began)}"
            self.began[text] = time.perf_counter()
            await self.chat.deliver(self.by, text, GIVES_UP_SECONDS)
            self.slowest = max(self.slowest, time.perf_counter() - self.began[text])
            await asyncio.sleep(PACE_SECONDS)


async def measure(world: World, fault: Fault) -> Outcome:
    """One chat through one fault."""
    email = await add_agent(world)  # type: ignore[arg-type]  # only its settings are read
    async with AsyncExitStack() as stack:
        chat = Chat(stack, world, agents_url=world.agents_url, silence=SILENCE_SECONDS)  # type: ignore[arg-type]
        await chat.begin(email)
        sides = [Side(chat, chat.agent_stream, True), Side(chat, chat.visitor_stream, False)]
        writers = [Writer(chat, "visitor"), Writer(chat, "agent")]
        watches = [asyncio.create_task(side.watch()) for side in sides]
        writing = [asyncio.create_task(writer.write()) for writer in writers]
        await asyncio.sleep(BEFORE_SECONDS)
        await asyncio.to_thread(fault, world)
        ended = time.perf_counter()
        await asyncio.sleep(AFTER_SECONDS)
        for writer in writers:
            writer.is_over = True
        await asyncio.gather(*writing)
        outcome = await _outcome(chat, writers, sides, ended)
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
        await chat.visitor.post(f"/api/v1/visitor/conversations/{chat.id}/end")
        await chat.agent.put("/api/v1/agent/availability", json={"available": False})
        return outcome


async def _outcome(chat: Chat, writers: Sequence[Writer], sides: Sequence[Side], ended: float) -> Outcome:
    texts = set(chat.sent) - {"Hello"}
    deadline = time.perf_counter() + GIVES_UP_SECONDS / 4
    while any(texts - side.arrived.keys() for side in sides) and time.perf_counter() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    stored = [message["text"] for message in await chat.stored()]
    late = [ended]
    for writer, side in zip(writers, sides, strict=True):
        deliveries = [(side.arrived[text], began) for text, began in writer.began.items() if text in side.arrived]
        late += [arrived for arrived, began in deliveries if arrived - began > LATE_SECONDS]
    return Outcome(
        sent=len(texts),
        lost=len(texts - set(stored)) + sum(len(texts - side.arrived.keys()) for side in sides),
        doubled=len(stored) - len(set(stored)) + sum(len(side.seqs) - len(set(side.seqs)) for side in sides),
        disordered=sum(a > b for side in sides for a, b in zip(side.seqs, side.seqs[1:], strict=False)),
        slowest=max(writer.slowest for writer in writers),
        recovery=max(late) - ended,
    )


def lines(runs: int) -> Iterator[Line]:
    """The table of docs/reliability.md."""
    for name, installation, faults in (
        ("2 workers, PostgreSQL, Redis", cluster, CLUSTER),
        ("1 process, SQLite", alone, ALONE),
    ):
        with tempfile.TemporaryDirectory() as folder, installation(Path(folder)) as world:
            for fault, happens in faults.items():
                yield Line(f"{fault} ({name})", [asyncio.run(measure(world, happens)) for _ in range(runs)])
