"""Which history a database holds. Each `inbox restore` begins a new one, so that clients can tell.

After a restore to an earlier point a `seq` may be given out a second time, for another entry. A client that saw the
first one would take the second for known and hide it. Comparing numbers finds a client only while it's ahead; comparing
epochs finds it always.
"""

from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlmodel import col

from inbox_app.data.engine import Database, database, reading
from inbox_app.data.tables import SettingRow

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
