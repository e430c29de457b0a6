"""The rule settings that admins edit: one row, see `domain/chat_settings.py`."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from inbox_app.data.tables import SettingRow
from inbox_app.domain.chat_settings import ChatSettings, stored

KEY = "chat"
VALUE: Final[Any] = select(SettingRow.value).where(col(SettingRow.key) == KEY)  # type: ignore[call-overload]


async def load(source: AsyncSession | AsyncConnection) -> ChatSettings:
    """What is in force now."""
    value: Any = (await source.execute(VALUE)).scalar_one_or_none()
    return stored(value)


async def save(session: AsyncSession, values: dict[str, Any]) -> None:
    """From now on."""
    await session.merge(SettingRow(key=KEY, value=values))
