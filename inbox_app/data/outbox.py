"""Work outside of this database, planned in the transaction of its cause (PRODUCT 4.4) and taken from here.

A row is taken for a while, done without a transaction, and settled. Of one kind and subject only the newest row is
ever taken, never beside an older one that is being done: it carries all that older ones would have said.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CursorResult, and_, event, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from inbox_app.data.engine import database, reading
from inbox_app.data.leases import held
from inbox_app.data.tables import OutboxRow
from inbox_app.data.uninterrupted import uninterrupted

TAKING_LOCK: Final = 7_420_002
O = OutboxRow  # noqa: E741
_listeners: Final[set[asyncio.Event]] = set()


@dataclass(frozen=True)
class Taken:
    """A row that this process may do until `taken_until`. `tries` counts this one."""

    id: int
    key: str
    kind: str
    subject_id: str
    payload: Mapping[str, Any]
    tries: int
    taken_until: datetime


async def plan(
    session: AsyncSession, *, kind: str, key: str, subject_id: str, payload: Mapping[str, Any], now: datetime
) -> None:
    """Once a key: planned again it stays as it is. Who listens in this process is told after the commit."""
    insert = sqlite.insert if database().is_sqlite else postgresql.insert
    values = {
        "kind": kind, "key": key, "subject_id": subject_id, "payload": dict(payload), "state": "pending", "attempts": 0,
        "problem": "", "due_at": now, "created_at": now,
    }  # fmt: skip
    await session.execute(insert(O).values(**values).on_conflict_do_nothing(index_elements=["key"]))
    _wake_after_commit(session)


@contextmanager
def waking() -> Iterator[asyncio.Event]:
    """An event that is set whenever this process has committed something new to do."""
    wake = asyncio.Event()
    _listeners.add(wake)
    try:
        yield wake
    finally:
        _listeners.discard(wake)


def _wake_after_commit(session: AsyncSession) -> None:
    def wake_all(_session: object) -> None:
        for wake in _listeners:
            wake.set()

    event.listen(session.sync_session, "after_commit", wake_all, once=True)


def _can_be_taken(kinds: Collection[str], now: datetime, lease: timedelta) -> Any:
    newer, busy = aliased(O), aliased(O)
    same = [and_(col(one.kind) == col(O.kind), col(one.subject_id) == col(O.subject_id)) for one in (newer, busy)]
    is_held = held(busy.taken_until, now=now, length=lease)
    return and_(
        col(O.state) == "pending",
        col(O.due_at) <= now,
        col(O.kind).in_(kinds),
        ~select(newer.id).where(same[0], col(newer.id) > col(O.id)).exists(),
        ~select(busy.id).where(same[1], col(busy.state) == "pending", is_held).exists(),
    )


@uninterrupted
async def is_anything_due(kinds: Collection[str], now: datetime, lease: timedelta) -> bool:
    """A cheap look, before a transaction is begun."""
    async with reading() as connection:
        found = await connection.execute(select(O.id).where(_can_be_taken(kinds, now, lease)).limit(1))
        return found.first() is not None


async def take(
    session: AsyncSession, kinds: Collection[str], *, limit: int, now: datetime, lease: timedelta
) -> list[Taken]:
    """The longest due rows, this process's until the lease ends. Older ones of their subjects are settled by them."""
    if not database().is_sqlite:  # who looks while another one takes could take a newer row beside an older one
        await session.execute(text(f"SELECT pg_advisory_xact_lock({TAKING_LOCK})"))
    statement = select(O).where(_can_be_taken(kinds, now, lease)).order_by(col(O.due_at), col(O.id)).limit(limit)
    rows = (await session.execute(statement.with_for_update(skip_locked=True, of=O))).scalars().all()
    for row in rows:
        row.taken_until, row.attempts = now + lease, row.attempts + 1
        await _settle_older(session, row, now)
    await session.flush()
    return [
        Taken(row.id or 0, row.key, row.kind, row.subject_id, row.payload, row.attempts, now + lease) for row in rows
    ]


async def _settle_older(session: AsyncSession, row: OutboxRow, now: datetime) -> None:
    older = (
        col(O.kind) == row.kind, col(O.subject_id) == row.subject_id, col(O.id) < row.id,
        col(O.state).in_(["pending", "failed"]),
    )  # fmt: skip
    values = {"state": "skipped", "problem": "superseded", "done_at": now, "taken_until": None}
    await session.execute(update(O).where(*older).values(**values))


async def settle(session: AsyncSession, taken: Taken, state: str, *, problem: str = "", now: datetime) -> bool:
    """It is done, skipped or failed. False: the lease had ended and somebody else took it."""
    return await _change(session, taken, state=state, problem=problem, done_at=now)


async def put_off(session: AsyncSession, taken: Taken, *, problem: str, due_at: datetime) -> bool:
    """It did not work and is tried again then."""
    return await _change(session, taken, problem=problem, due_at=due_at)


async def give_back(session: AsyncSession, taken: Taken) -> bool:
    """It was not tried to the end, because the process stops: the next may take it at once."""
    return await _change(session, taken, attempts=O.attempts - 1)


async def _change(session: AsyncSession, taken: Taken, **values: Any) -> bool:
    mine = col(O.id) == taken.id, col(O.state) == "pending", col(O.taken_until) == taken.taken_until
    result: CursorResult[Any] = await session.execute(update(O).where(*mine).values(taken_until=None, **values))  # type: ignore[assignment]
    return result.rowcount == 1


async def try_now(session: AsyncSession, row_id: int, *, now: datetime) -> OutboxRow | None:
    """A failed row begins anew, one that waits for its next try has it now. None: neither, or there is a newer one."""
    newer = aliased(O)
    same = and_(col(newer.kind) == col(O.kind), col(newer.subject_id) == col(O.subject_id))
    statement = select(O).where(
        col(O.id) == row_id,
        or_(col(O.state) == "failed", and_(col(O.state) == "pending", col(O.taken_until).is_(None))),
        ~select(newer.id).where(same, col(newer.id) > col(O.id)).exists(),
    )
    row = (await session.execute(statement.with_for_update(of=O))).scalar_one_or_none()
    if row is None:
        return None
    if row.state == "failed":
        row.state, row.attempts, row.done_at, row.taken_until = "pending", 0, None, None
    row.due_at = now
    session.add(row)
    _wake_after_commit(session)
    return row


async def planned_since(
    session: AsyncSession | AsyncConnection, kind: str, since: datetime
) -> Sequence[Mapping[str, Any]]:
    """What rows of this kind carry that were planned after this moment."""
    statement = select(O.payload).where(col(O.kind) == kind, col(O.created_at) > since)
    return (await session.execute(statement)).scalars().all()


async def counts(kinds: Sequence[str] = ()) -> dict[str, int]:
    """How many are `pending` and `failed`; of these kinds or of all."""
    statement = select(O.state, func.count()).where(col(O.state).in_(["pending", "failed"])).group_by(col(O.state))
    if kinds:
        statement = statement.where(col(O.kind).in_(kinds))
    async with reading() as connection:
        found = {row[0]: row[1] for row in (await connection.execute(statement)).all()}
    return {state: int(found.get(state, 0)) for state in ("pending", "failed")}


async def oldest_pending() -> datetime | None:
    """When the longest waiting row was planned (a metric)."""
    async with reading() as connection:
        statement = select(func.min(O.created_at)).where(col(O.state) == "pending")
        found: datetime | None = (await connection.execute(statement)).scalar_one()
    return found
