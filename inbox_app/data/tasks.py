"""Work with a due time.

A task is locked, done and removed in one transaction; who is killed halfway leaves it as it was.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.engine import database, reading
from inbox_app.data.ids import new_id
from inbox_app.data.tables import TaskRow
from inbox_app.data.uninterrupted import uninterrupted

T = TaskRow


async def plan(session: AsyncSession, kind: str, subject_id: str, *, due_at: datetime) -> None:
    """Do this then. One task a kind and subject: a new time replaces the old one."""
    await plan_all(session, kind, [subject_id], due_at=due_at)


async def plan_all(session: AsyncSession, kind: str, subject_ids: Collection[str], *, due_at: datetime) -> None:
    """The same for many, in one statement: hundreds of browsers may leave at one moment."""
    if subject_ids:
        statement = _insert(kind, subject_ids, due_at)
        newest = {"due_at": statement.excluded.due_at}
        await session.execute(statement.on_conflict_do_update(index_elements=["kind", "subject_id"], set_=newest))


async def plan_once(session: AsyncSession, kind: str, subject_id: str, *, due_at: datetime) -> None:
    """The same, unless it is planned already: the old time stays."""
    await session.execute(_insert(kind, [subject_id], due_at).on_conflict_do_nothing())


def _insert(kind: str, subject_ids: Collection[str], due_at: datetime) -> Any:
    insert = sqlite.insert if database().is_sqlite else postgresql.insert
    rows = [{"kind": kind, "subject_id": subject_id, "due_at": due_at} for subject_id in subject_ids]
    return insert(T).values(rows)


async def leave(session: AsyncSession, kind: str, data: Any, *, due_at: datetime) -> None:
    """Plan a separate task that carries `data`, even if another one of its kind is planned."""
    session.add(T(kind=kind, subject_id=new_id(), due_at=due_at, data=data))


async def left(session: AsyncSession, kind: str, subject_id: str) -> Any:
    """What such a task carries."""
    statement = select(T.data).where(col(T.kind) == kind, col(T.subject_id) == subject_id)  # type: ignore[call-overload]
    return (await session.execute(statement)).scalar_one()


async def forget(session: AsyncSession, kind: str, subject_ids: Iterable[str]) -> None:
    """What was to be done with these need not be done any more."""
    await session.execute(delete(T).where(col(T.kind) == kind, col(T.subject_id).in_(subject_ids)))


async def hasten(session: AsyncSession, kind: str, *, due_at: datetime) -> None:
    """All of a kind are looked at then, since what they go by has changed."""
    await session.execute(update(T).where(col(T.kind) == kind).values(due_at=due_at))


@uninterrupted
async def is_anything_due(now: datetime) -> bool:
    """A cheap look, before a transaction is begun."""
    async with reading() as connection:
        return (await connection.execute(select(T.id).where(col(T.due_at) <= now).limit(1))).first() is not None  # type: ignore[call-overload]


async def take_due(session: AsyncSession, now: datetime) -> TaskRow | None:
    """The longest due task that nobody else is doing, locked until the end of the transaction."""
    statement = select(T).where(col(T.due_at) <= now).order_by(col(T.due_at)).limit(1).with_for_update(skip_locked=True)
    return (await session.execute(statement)).scalar_one_or_none()


async def remove(session: AsyncSession, task: TaskRow, due_at: datetime) -> None:
    """It is done, unless doing it planned the next time."""
    await session.execute(delete(T).where(col(T.id) == task.id, col(T.due_at) == due_at))


async def overdue(now: datetime) -> int:
    """How many wait to be done (a metric)."""
    async with reading() as connection:
        statement = select(func.count()).select_from(T).where(col(T.due_at) <= now)
        return int((await connection.execute(statement)).scalar_one())
