"""Which history a database holds. Each `inbox restore` begins a new one, so that clients can tell.

After a restore to an earlier point a `seq` may be given out a second time, for another entry. A client that saw the
first one would take the second for known and hide it. Comparing numbers finds a client only while it's ahead; comparing
epochs finds it always.
"""

from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from inbox_app.data.engine import Database, database, reading
from inbox_app.data.tables import AuditRow, ConnectionRow, ProcessRow, SettingRow, SignInRow

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
    connection: AsyncConnection, name: str, *, restored_to: str, end_sessions: bool, now: datetime
) -> None:
    """From now on this database holds another history, and no server has connections in it yet."""
    await connection.execute(delete(ConnectionRow))
    await connection.execute(delete(ProcessRow))
    if end_sessions:
        await connection.execute(delete(SignInRow))
    await connection.execute(delete(SettingRow).where(col(SettingRow.key) == KEY))
    await connection.execute(insert(SettingRow).values(key=KEY, value=name))
    restored = {"action": "database.restored", "subject": "", "details": {"created_at": restored_to}}
    await connection.execute(insert(AuditRow).values(at=now, **restored))
