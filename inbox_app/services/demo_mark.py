"""A demo database is marked as such: its sign-ins are public, so production refuses it (CONTRACT, commands)."""

from inbox_app.data.engine import reading_session, unit_of_work
from inbox_app.data.tables import SettingRow

KEY = "demo"


async def is_demo_database() -> bool:
    """Whether `inbox demo` filled this database."""
    async with reading_session() as session:
        row = await session.get(SettingRow, KEY)
    return bool(row and row.value)


async def mark_as_demo() -> None:
    """Say that the people and conversations in it are invented."""
    async with unit_of_work() as session:
        await session.merge(SettingRow(key=KEY, value=True))
