"""The secrets with which the site's server signs its users' ids: one row, newest first, sealed."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from inbox_app.data.tables import SettingRow

KEY: Final = "site_secrets"


async def load(source: AsyncSession | AsyncConnection) -> list[dict[str, str]]:
    """`sealed` and `since` of each."""
    statement: Any = select(SettingRow.value).where(col(SettingRow.key) == KEY)  # type: ignore[call-overload]
    return list((await source.execute(statement)).scalar_one_or_none() or [])


async def save(session: AsyncSession, secrets: list[dict[str, str]]) -> None:
    """From now on."""
    await session.merge(SettingRow(key=KEY, value=secrets))
