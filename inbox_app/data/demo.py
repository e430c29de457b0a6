"""What the demo asks of a database: whether it is free to be filled, and to be filled in one go."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from inbox_app.data.engine import reading
from inbox_app.data.tables import ConversationRow, MemberRow, VisitorRow


async def has_tables() -> bool:
    """Whether the database was ever migrated."""
    async with reading() as connection:
        return await connection.run_sync(lambda sync: inspect(sync).has_table(MemberRow.__tablename__))


async def is_anyone_here() -> bool:
    """Whether the database holds people, visitors or conversations."""
    async with reading() as connection:
        for table in (MemberRow, VisitorRow, ConversationRow):
            if (await connection.execute(select(table.id).limit(1))).first() is not None:  # type: ignore[call-overload]
                return True
    return False


async def has_members() -> bool:
    """Whether somebody can sign in."""
    async with reading() as connection:
        return (await connection.execute(select(MemberRow.id).limit(1))).first() is not None  # type: ignore[call-overload]


async def insert_all(session: AsyncSession, rows: Sequence[SQLModel]) -> None:
    """Many rows of one table in one statement; where the table numbers them by itself, in this order."""
    if not rows:
        return
    columns = type(rows[0]).model_fields.keys()
    left_out = {"id"} if getattr(rows[0], "id", "") is None else set()
    values: list[dict[str, Any]] = [
        {column: getattr(row, column) for column in columns if column not in left_out} for row in rows
    ]
    await session.execute(insert(type(rows[0]).__table__), values)  # type: ignore[attr-defined]
