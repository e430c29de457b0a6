"""The database of this process: one async engine, `unit_of_work` for writes, `reading` for screens.

SQLite has one writer: all writes of the process take turns in `write_turn`, so that nobody spins on a locked file,
and a write takes its lock when it begins (`BEGIN IMMEDIATE`), so that it never fails halfway. PostgreSQL needs
neither.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from anyio import CancelScope
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from inbox_app.data.json_columns import from_column, to_column
from inbox_app.data.sqlite_lock import BUSY_MS, SqliteLock
from inbox_app.data.uninterrupted import finish
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.private_files import DIRECTORY_MODE, private_file
from inbox_app.settings import get_settings

CLOSING_SECONDS: Final = 10
JSON_COLUMNS: Final[Any] = {"json_serializer": to_column, "json_deserializer": from_column}
SQLITE_PRAGMAS: Final = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
)

AWAY: Final = ("08", "40", "53", "57P")
"""Kinds of SQLSTATE: no connection, a deadlock, no room, a server that is shutting down or starting up."""


class Database:
    """One database and how this process writes to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.lock = SqliteLock()
        self.engine: AsyncEngine = _sqlite_engine(url, self.lock) if self.is_sqlite else _postgres_engine(url)
        self.write_engine = self.engine.execution_options(writes=True) if self.is_sqlite else self.engine
        self.write_turn = asyncio.Lock()
        self.message_store: Any = None

    async def close(self) -> None:
        """Finish what was begun and let go of all connections."""
        await finish()
        if self.message_store is not None:
            await self.message_store.close()
        await self.engine.dispose()
        await _closings()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """This task's turn to write; at once on PostgreSQL."""
        if not self.is_sqlite:
            yield
            return
        async with self.write_turn:
            yield


async def _closings() -> None:
    """Wait for connections whose query was cancelled: the driver closes them in tasks that nobody else waits for."""
    tasks = [task for task in asyncio.all_tasks() if "_terminate_graceful_close" in str(task.get_coro())]
    if tasks:
        await asyncio.wait(tasks, timeout=CLOSING_SECONDS)


def sqlite_files(path: Path) -> list[Path]:
    """The database and what SQLite keeps beside it for now, which gets the mode of the database when it's made."""
    logs = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    return [path, *(log for log in logs if log.exists())]


def _sqlite_engine(url: str, lock: SqliteLock) -> AsyncEngine:
    path = url.removeprefix("sqlite:///")
    Path(path).parent.mkdir(parents=True, exist_ok=True, mode=DIRECTORY_MODE)
    for file in sqlite_files(Path(path)):
        with suppress(OSError):  # SQLite says better what is wrong
            private_file(file)
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=5, max_overflow=5, **JSON_COLUMNS)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin by itself, and late
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("writes"):
            lock.begin(connection.exec_driver_sql, patience_ms=options.get("patience_ms"))
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _postgres_engine(url: str) -> AsyncEngine:
    driver_url = "postgresql+asyncpg://" + url.split("://", 1)[1]
    return create_async_engine(driver_url, pool_size=8, max_overflow=8, pool_pre_ping=True, **JSON_COLUMNS)


_current: Database | None = None


def database() -> Database:
    """The database of this process, made at first use from the settings."""
    global _current
    if _current is None:
        _current = Database(get_settings().database_url)
    return _current


async def use_database(url: str | None) -> None:
    """Close the present one and take another (None: the settings' at next use)."""
    global _current
    if _current is not None:
        await _current.close()
    _current = None if url is None else Database(url)


def unavailable(error: Exception) -> bool:
    """Whether an error means that the database is not there, rather than that a statement was wrong."""
    if isinstance(error, OSError | TimeoutError | InterfaceError):
        return True
    if isinstance(error, OperationalError):
        return "no such table" not in str(error)
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or str(getattr(error.orig, "sqlstate", "")).startswith(AWAY)


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[AsyncSession]:
    """One transaction: committed at the end, rolled back by any error. Nobody else commits.

    A client that hangs up does not cut it in the middle. Raises DatabaseUnavailable when the database does not answer.
    """
    with CancelScope(shield=True):
        async with _transaction() as session:
            yield session


@asynccontextmanager
async def _transaction() -> AsyncIterator[AsyncSession]:
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(database().writing())
            session = await stack.enter_async_context(
                AsyncSession(database().write_engine, expire_on_commit=False, autoflush=True)
            )
            async with session.begin():
                yield session
        except (DBAPIError, OSError, TimeoutError) as error:
            if unavailable(error):
                raise DatabaseUnavailable from error
            raise


@asynccontextmanager
async def reading() -> AsyncIterator[AsyncConnection]:
    """A connection for a screen's queries. Raises DatabaseUnavailable when the database does not answer.

    A client that hangs up does not cut a query: SQLAlchemy could not close the connection then, and a stream that is
    closed while it reads would leave one behind.

    """
    try:
        with CancelScope(shield=True):
            async with database().engine.connect() as connection:
                yield connection
    except (DBAPIError, OSError, TimeoutError) as error:
        if unavailable(error):
            raise DatabaseUnavailable from error
        raise


@asynccontextmanager
async def reading_session() -> AsyncIterator[AsyncSession]:
    """For reads that want rows as objects. Raises DatabaseUnavailable when the database does not answer."""
    async with reading() as connection, AsyncSession(connection, expire_on_commit=False) as session:
        yield session
