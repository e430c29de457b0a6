"""Which history a database holds. Each `inbox restore` begins a new one, so that clients can tell.

A client that has seen what a restore lost must not take a new entry for one that it knows. So no `seq` is given out a
second time: every conversation goes on above `seq_floor` (`domain/replay.py`), and a client whose last number isn't
stored starts over. The epoch tells the same to clients that send it, even after a restore by other means and before
they have read anything.
"""

from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, column, delete, func, insert, inspect, select, table, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from inbox_app.data.engine import Database, database, reading
from inbox_app.data.tables import AuditRow, ConnectionRow, ConversationRow, ProcessRow, SettingRow, SignInRow
from inbox_app.domain.replay import seq_floor

KEY: Final = "epoch"
_VALUE: Final[Any] = select(SettingRow.value).where(col(SettingRow.key) == KEY)  # type: ignore[call-overload]
_known: Final[WeakKeyDictionary[Database, str]] = WeakKeyDictionary()


async def epoch() -> str:
    """The name of this history; empty until the first restore. Read once: no server runs during a restore."""
    if (known := _known.get(database())) is not None:
        return known
    async with reading() as connection:
        value = (await connection.execute(_VALUE)).scalar_one_or_none()
    return _known.setdefault(database(), str(value or ""))


async def begin_epoch(
    connection: AsyncConnection, name: str, *, replaced_seq: int, restored_to: str, end_sessions: bool, now: datetime
) -> None:
    """From now on this database holds another history, and no server has connections in it yet.

    `replaced_seq`: `highest_seq` of the database that this one takes the place of.
    """
    floor = seq_floor(max(replaced_seq, await connection.run_sync(highest_seq)), now)
    await connection.execute(update(ConversationRow).values(seq_floor=floor))
    await connection.execute(delete(ConnectionRow))
    await connection.execute(delete(ProcessRow))
    if end_sessions:
        await connection.execute(delete(SignInRow))
    await connection.execute(delete(SettingRow).where(col(SettingRow.key) == KEY))
    await connection.execute(insert(SettingRow).values(key=KEY, value=name))
    restored = {"action": "database.restored", "subject": "", "details": {"created_at": restored_to}}
    await connection.execute(insert(AuditRow).values(at=now, **restored))


def highest_seq(connection: Connection) -> int:
    """A number that no entry of this database is above, whatever its schema; 0 without our tables."""
    inspected = inspect(connection)
    if not inspected.has_table("conversation"):
        return 0
    there = {str(known["name"]) for known in inspected.get_columns("conversation")}
    counters: list[Any] = [column(name) for name in ("last_seq", "seq_floor") if name in there]
    found = connection.execute(select(*map(func.max, counters)).select_from(table("conversation"))).one()
    return max((value or 0 for value in found), default=0)
