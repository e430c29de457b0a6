"""Connections and the leases of the processes that hold them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from sqlite3 import Connection
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from inbox_app.data import messages
from inbox_app.data.engine import reading, reading_session, unit_of_work
from inbox_app.data.members import override_of, schedule_of
from inbox_app.data.messages_sqlite import SqliteMessages, stored
from inbox_app.data.tables import ConnectionRow, MemberRow, ProcessRow, UtcDateTime
from inbox_app.data.views.rows import is_alive, online
from inbox_app.domain.availability import is_available_at
from inbox_app.domain.leases import PROCESS, SKEW

_RENEW: Final = text(
    "INSERT INTO process (id, renewed_at) VALUES (:id, :now)"
    " ON CONFLICT (id) DO UPDATE SET renewed_at = excluded.renewed_at"
).bindparams(bindparam("now", type_=UtcDateTime()))


async def renew(session: AsyncSession, process_id: str, *, now: datetime) -> None:
    """The process is alive. One statement: after a start many streams say so at the same moment."""
    await session.execute(_RENEW, {"id": process_id, "now": now})


async def connect(session: AsyncSession, connection_id: str, process_id: str, subject_id: str) -> None:
    """A connection of an agent or a device is open."""
    session.add(ConnectionRow(id=connection_id, process_id=process_id, subject_id=subject_id))


async def connect_all(session: AsyncSession, process_id: str, subjects: Mapping[str, str]) -> None:
    """These connections (id to subject) are open: one statement, since a thousand may come at one moment."""
    rows = [{"id": one, "process_id": process_id, "subject_id": subject} for one, subject in subjects.items()]
    if rows:
        await session.execute(insert(ConnectionRow), rows)


async def keep(session: AsyncSession, process_id: str, subjects: Mapping[str, str]) -> set[str]:
    """These connections (id to subject) are open.

    Those that another process gave up while this one was held up are back: whose they are.
    """
    statement = select(ConnectionRow.id).where(col(ConnectionRow.process_id) == process_id)  # type: ignore[call-overload]
    known = set((await session.execute(statement)).scalars())
    back = subjects.keys() - known
    await connect_all(session, process_id, {connection_id: subjects[connection_id] for connection_id in back})
    return {subjects[connection_id] for connection_id in back}


async def connect_devices(process_id: str, subjects: Mapping[str, str], *, now: datetime) -> None:
    """These connections (id to device) of visitors' browsers are open, and the process is alive.

    On SQLite in the thread of the messages: a transaction of SQLAlchemy's kept every message waiting for 230 to 350 ms
    while hundreds of streams opened, since each of its statements waits for the busy event loop (2026-11-28).
    """
    store = messages.store()
    if isinstance(store, SqliteMessages):
        rows = [(one, process_id, subject) for one, subject in subjects.items()]
        await store.run(lambda connection: _connect(connection, process_id, rows, now))
        return
    async with unit_of_work() as session:
        await renew(session, process_id, now=now)
        await connect_all(session, process_id, subjects)


def _connect(connection: Connection, process_id: str, rows: list[tuple[str, str, str]], now: datetime) -> None:
    connection.execute(_RENEW.text, {"id": process_id, "now": stored(now)})
    connection.executemany("INSERT INTO connection (id, process_id, subject_id) VALUES (?, ?, ?)", rows)


async def close_connections(connection_ids: Collection[str]) -> None:
    """They are closed; by the same way."""
    store = messages.store()
    if isinstance(store, SqliteMessages):
        rows = [(one,) for one in connection_ids]
        await store.run(lambda connection: connection.executemany("DELETE FROM connection WHERE id = ?", rows))
        return
    async with unit_of_work() as session:
        await disconnect(session, *connection_ids)


async def disconnect(session: AsyncSession, *connection_ids: str) -> None:
    """They are closed."""
    await session.execute(delete(ConnectionRow).where(col(ConnectionRow.id).in_(connection_ids)))


async def forget_dead(session: AsyncSession, *, now: datetime) -> list[str]:
    """Remove processes that no longer renew, with their connections; whose they were."""
    held = col(ProcessRow.renewed_at).between(now - PROCESS, now + SKEW)
    dead = select(ProcessRow.id).where(~held)  # type: ignore[call-overload]
    gone = delete(ConnectionRow).where(col(ConnectionRow.process_id).in_(dead)).returning(col(ConnectionRow.subject_id))
    subjects = sorted(set((await session.execute(gone)).scalars()))
    await session.execute(delete(ProcessRow).where(~held))
    return subjects


async def is_any_server_known(session: AsyncSession) -> bool:
    """Whether some process has a lease, whatever its time says."""
    return (await session.execute(select(ProcessRow.id).limit(1))).first() is not None  # type: ignore[call-overload]


async def is_any_server_alive(source: AsyncSession | AsyncConnection, *, now: datetime) -> bool:
    """Whether a process renews its lease."""
    return await living_servers(source, now=now) > 0


async def living_servers(source: AsyncSession | AsyncConnection, *, now: datetime) -> int:
    """How many processes renew their lease."""
    held = col(ProcessRow.renewed_at).between(now - PROCESS, now + SKEW)
    return int((await source.execute(select(func.count()).where(held))).scalar_one())


async def renewals(source: AsyncSession | AsyncConnection) -> dict[str, datetime]:
    """When each process renewed its lease, by its own clock.

    Two looks tell which process is alive, wherever the clocks are set.
    """
    statement = select(ProcessRow.id, ProcessRow.renewed_at)  # type: ignore[call-overload]
    return {row.id: row.renewed_at for row in (await source.execute(statement)).all()}


async def end_process(session: AsyncSession, process_id: str) -> set[str]:
    """A process ends in order: its connections are gone at once. Returns whose they were."""
    gone = delete(ConnectionRow).where(col(ConnectionRow.process_id) == process_id)
    subjects = set((await session.execute(gone.returning(col(ConnectionRow.subject_id)))).scalars())
    await session.execute(delete(ProcessRow).where(col(ProcessRow.id) == process_id))
    return subjects


async def is_online(subject_id: str) -> bool:
    """Whether a living process holds a connection of this agent or device."""
    async with reading_session() as session:
        return await is_online_in(session, subject_id)


async def is_online_in(session: AsyncSession, subject_id: str) -> bool:
    """The same inside a transaction: who holds the routing lock must not wait for a second connection."""
    return bool((await session.execute(select(online(subject_id)))).scalar())


def _live(*columns: Any, subject_ids: Iterable[str]) -> Any:
    """Of the connections of these subjects that a living process holds."""
    return select(*columns).where(
        col(ConnectionRow.subject_id).in_(subject_ids), col(ConnectionRow.process_id) == col(ProcessRow.id), is_alive()
    )


async def online_among(session: AsyncSession, subject_ids: Iterable[str]) -> set[str]:
    """Those of them of whom a living process holds a connection."""
    return set((await session.execute(_live(ConnectionRow.subject_id, subject_ids=subject_ids))).scalars())


async def were_online(connections: Mapping[str, str]) -> set[str]:
    """Of the subjects of these open connections (id to subject): those who have another one."""
    statement = _live(ConnectionRow.id, ConnectionRow.subject_id, subject_ids=set(connections.values()))
    async with reading() as connection:
        found = (await connection.execute(statement)).all()
    return {subject_id for connection_id, subject_id in found if connection_id not in connections}


async def members_among(session: AsyncSession, subject_ids: Iterable[str]) -> set[str]:
    """Those of them who are members, rather than visitors' devices."""
    statement = select(MemberRow.id).where(col(MemberRow.id).in_(subject_ids))  # type: ignore[call-overload]
    return set((await session.execute(statement)).scalars())


async def is_someone_available(now: datetime) -> bool:
    """Whether an agent is there who is offered chats."""
    statement = select(MemberRow.schedule, MemberRow.override, MemberRow.override_until).where(  # type: ignore[call-overload]
        col(MemberRow.takes_chats), col(MemberRow.disabled_at).is_(None), online(MemberRow.id)
    )
    async with reading() as connection:
        rows = (await connection.execute(statement)).all()
    return any(is_available_at(schedule_of(row), override_of(row), now) for row in rows)
