"""Each fault of docs/reliability.md: a function that causes it, and returns when what failed runs again."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress

import asyncpg

from benchmarks.worlds import World
from tests.programs import run_apart

HELD_SECONDS = 5
OUTAGE_SECONDS = 8
Fault = Callable[[World], None]


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


def _worker_is_frozen(world: World) -> None:
    worker = world.server.workers()[0]
    os.kill(worker, signal.SIGSTOP)
    time.sleep(HELD_SECONDS)
    with suppress(ProcessLookupError):  # the server may have replaced it
        os.kill(worker, signal.SIGCONT)


def _connections_are_cut(world: World) -> None:
    world.proxy.cut()
    world.agents_proxy.cut()


def _streams_go_dead(world: World) -> None:
    """They stay open, and nothing comes through any more."""
    if world.proxy.lose("/events") + world.agents_proxy.lose("/events") != 2:
        raise RuntimeError("the visitor and the agent had no stream each")


def _agent_is_offline(world: World) -> None:
    with world.agents_proxy.away():
        time.sleep(OUTAGE_SECONDS)


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
    "a worker frozen for 5 s": _worker_is_frozen,
    "all connections cut": _connections_are_cut,
    "both streams' network paths dead, unnoticed by TCP": _streams_go_dead,
    "agent's network away for 8 s": _agent_is_offline,
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
