"""What a fault in the middle of a chat costs: both sides write all the while, and what was acknowledged must arrive.

A side writes its next message when the last one was acknowledged, and sends again with the same `client_id` until then.
"""

import asyncio
import os
import signal
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from tests.cluster.conftest import Chat, Stream, add_agent
from tests.databases import PostgresTemplate, SqliteTemplate
from tests.dead_paths import Proxy, proxy_to
from tests.programs import Postgres, Redis, run_apart, running_postgres, wait_until
from tests.servers import InboxServer

BEFORE_SECONDS, HELD_SECONDS, AFTER_SECONDS = 2, 5, 5
PACE_SECONDS = 0.1
LATE_SECONDS = 0.5  # a delivery that takes longer belongs to the fault
GIVES_UP_SECONDS = 60
HEADER = (
    "| fault | sent | lost | doubled | out of order | slowest acknowledgement, s | time to recover, s |\n"
    "|---|---|---|---|---|---|---|"
)


@dataclass
class World:
    """An installation, and what it stands on."""

    server: InboxServer
    proxy: Proxy
    postgres: Postgres | None = None
    redis: Redis | None = None

    @property
    def url(self) -> str:
        return self.proxy.url

    @property
    def settings(self) -> dict[str, object]:
        return self.server.settings


@dataclass
class Outcome:
    """Of one run."""

    sent: int
    lost: int
    doubled: int
    disordered: int
    slowest: float
    recovery: float


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


Fault = Callable[[World], None]


async def measure(world: World, fault: Fault) -> Outcome:
    """One chat through one fault."""
    email = await add_agent(world)  # type: ignore[arg-type]  # only its settings are read
    async with AsyncExitStack() as stack:
        chat = Chat(stack, world)  # type: ignore[arg-type]  # only its address is read
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


def _one_worker_is_killed(world: World) -> None:
    os.kill(world.server.workers()[0], signal.SIGKILL)


def _server_is_killed(world: World) -> None:
    world.server.kill()
    world.server.start()


def _clock_is_set_back(world: World) -> None:
    world.server.kill()
    world.server.restart(clock_offset=-3_600)


def _server_is_restarted(world: World) -> None:
    world.server.restart()


def _postgres_is_restarted(world: World) -> None:
    assert world.postgres
    world.postgres.stop()
    world.postgres.start()


def _postgres_crashes(world: World) -> None:
    assert world.postgres
    world.postgres.stop(signal.SIGQUIT)  # its immediate shutdown: what a crash leaves
    world.postgres.start()


def _redis_is_away(world: World) -> None:
    assert world.redis
    with world.redis.away():
        time.sleep(HELD_SECONDS)


def _redis_is_hung(world: World) -> None:
    assert world.redis
    with world.redis.hung():
        time.sleep(HELD_SECONDS)


def _connections_are_cut(world: World) -> None:
    world.proxy.cut()


def _sqlite_is_locked(world: World) -> None:
    file = str(world.settings["database_url"]).removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(HELD_SECONDS)
        other.execute("ROLLBACK")


def _table_is_locked(world: World) -> None:
    async def lock() -> bool:
        connection = await asyncpg.connect(str(world.settings["database_url"]))
        async with connection.transaction():
            await connection.execute("LOCK TABLE conversation IN ACCESS EXCLUSIVE MODE")
            await asyncio.sleep(HELD_SECONDS)
        await connection.close()
        return True

    run_apart(lock())


CLUSTER: dict[str, Fault] = {
    "kill -9 of a worker": _one_worker_is_killed,
    "all connections cut": _connections_are_cut,
    "Redis killed, away for 5 s": _redis_is_away,
    "Redis hung for 5 s": _redis_is_hung,
    "PostgreSQL restarted": _postgres_is_restarted,
    "PostgreSQL ended as by a crash": _postgres_crashes,
    "the table of conversations locked for 5 s": _table_is_locked,
    "server restarted": _server_is_restarted,
    "kill -9 of the server, clock one hour back": _clock_is_set_back,
}
ALONE: dict[str, Fault] = {
    "all connections cut": _connections_are_cut,
    "database locked by another process for 5 s": _sqlite_is_locked,
    "server restarted": _server_is_restarted,
    "kill -9 of the server": _server_is_killed,
    "kill -9 of the server, clock one hour back": _clock_is_set_back,
}


@contextmanager
def _cluster(folder: Path) -> Iterator[World]:
    with running_postgres(is_durable=True) as postgres:
        redis = Redis("redis-server")
        redis.start()
        server = InboxServer(folder, PostgresTemplate(postgres).copy(), workers=2, redis_url=redis.url)
        try:
            server.start()
            wait_until(lambda: len(server.workers()) == 2, "two workers run")
            with proxy_to(server.port) as proxy:
                yield World(server, proxy, postgres, redis)
        finally:
            server.stop()
            redis.stop()


@contextmanager
def _alone(folder: Path) -> Iterator[World]:
    (folder / "run").mkdir()
    server = InboxServer(folder, SqliteTemplate(folder).copy(folder / "run"))
    try:
        server.start()
        with proxy_to(server.port) as proxy:
            yield World(server, proxy)
    finally:
        server.stop()


def row(name: str, outcomes: Sequence[Outcome]) -> str:
    """One line of the table: sums, and medians of the runs with the lowest and highest."""
    counts = [sum(getattr(one, what) for one in outcomes) for what in ("sent", "lost", "doubled", "disordered")]
    times: list[Any] = [[getattr(one, what) for one in outcomes] for what in ("slowest", "recovery")]
    cells = [f"{statistics.median(found):.1f} ({min(found):.1f}-{max(found):.1f})" for found in times]
    return f"| {name} | {' | '.join(map(str, counts))} | {' | '.join(cells)} |"


def print_all(runs: int) -> None:
    """The table, line by line."""
    print(f"\n{HEADER}", flush=True)
    for name, installation, faults in (
        ("2 workers, PostgreSQL, Redis", _cluster, CLUSTER),
        ("1 process, SQLite", _alone, ALONE),
    ):
        with tempfile.TemporaryDirectory() as folder, installation(Path(folder)) as world:
            for fault, happens in faults.items():
                outcomes = [asyncio.run(measure(world, happens)) for _ in range(runs)]
                print(row(f"{fault} ({name})", outcomes), flush=True)
