"""One-time links of members. A token is stored as its digest and deleted by its use, so that exactly one use wins."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.tables import MemberLinkRow, MemberRow

L: Final = MemberLinkRow


async def find(session: AsyncSession, link_id: str, purpose: str, *, now: datetime) -> MemberRow | None:
    """Whose link this is, without using it; None when it is unknown, expired or used."""
    statement = (
        select(MemberRow)
        .join(L, col(L.member_id) == col(MemberRow.id))
        .where(col(L.id) == link_id, col(L.purpose) == purpose, col(L.expires_at) > now)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def use(session: AsyncSession, link_id: str, purpose: str, *, now: datetime) -> str | None:
    """Use it up: the member's id for the first to come, None for everyone after that."""
    mine = col(L.id) == link_id, col(L.purpose) == purpose, col(L.expires_at) > now
    statement: Any = delete(L).where(*mine).returning(col(L.member_id))
    found: str | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def revoke(session: AsyncSession, member_id: str, *purposes: str) -> None:
    """Revoke a member's links of these purposes, or all of them."""
    those = delete(L).where(col(L.member_id) == member_id)
    await session.execute(those.where(col(L.purpose).in_(purposes)) if purposes else those)


async def forget_expired(session: AsyncSession, *, now: datetime) -> None:
    """They open nothing any more."""
    await session.execute(delete(L).where(col(L.expires_at) <= now))


async def members_with(session: AsyncSession, purpose: str, *, now: datetime) -> set[str]:
    """The ids of all members with a valid link of this purpose."""
    statement: Any = select(L.member_id).where(col(L.purpose) == purpose, col(L.expires_at) > now)  # type: ignore[call-overload]
    return set((await session.execute(statement)).scalars())
