"""Installations that faults happen to, each behind a TCP proxy for visitors and one for agents."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import PostgresTemplate, SqliteTemplate
from tests.dead_paths import Proxy, proxy_to
from tests.programs import Postgres, Redis, running_postgres, wait_until
from tests.servers import InboxServer


@dataclass
class World:
    """An installation, and what it stands on."""

    server: InboxServer
    proxy: Proxy
    agents_proxy: Proxy
    postgres: Postgres | None = None
    redis: Redis | None = None

    @property
    def url(self) -> str:
        """Where visitors connect."""
        return self.proxy.url

    @property
    def agents_url(self) -> str:
        """Where the agent connects: a path of its own, which can fail alone."""
        return self.agents_proxy.url

    @property
    def settings(self) -> dict[str, object]:
        return self.server.settings


@contextmanager
def cluster(folder: Path) -> Iterator[World]:
    """Two workers on PostgreSQL and Redis."""
    with running_postgres(is_durable=True) as postgres:
        redis = Redis("redis-server")
        redis.start()
        server = InboxServer(folder, PostgresTemplate(postgres).copy(), workers=2, redis_url=redis.url)
        try:
            server.start()
            wait_until(lambda: len(server.workers()) == 2, "two workers run")
            with proxy_to(server.port) as visitors, proxy_to(server.port) as agents:
                yield World(server, visitors, agents, postgres, redis)
        finally:
            server.stop()
            redis.stop()


@contextmanager
def alone(folder: Path) -> Iterator[World]:
    """One process on SQLite."""
    (folder / "run").mkdir()
    server = InboxServer(folder, SqliteTemplate(folder).copy(folder / "run"))
    try:
        server.start()
        with proxy_to(server.port) as visitors, proxy_to(server.port) as agents:
            yield World(server, visitors, agents)
    finally:
        server.stop()
