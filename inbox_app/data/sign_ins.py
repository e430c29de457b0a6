"""Signed-in browsers: whose a session is, when it was last used, and ending it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data import members, rule_settings
from inbox_app.data.engine import reading
from inbox_app.data.tables import MemberRow, SignInRow
from inbox_app.domain.chat_settings import stored
from inbox_app.domain.people import Member

S: Final = SignInRow


@dataclass(frozen=True)
class SignedIn:
    """A session that is in force: whose it is, and when its use was last noted."""

    member: Member
    used_at: datetime


async def signed_in(sign_in_id: str, *, now: datetime) -> SignedIn | None:
    """Who is signed in under this digest, or None: unknown, expired, unused for too long, disabled."""
    statement: Any = (
        select(MemberRow, S.used_at, rule_settings.VALUE.scalar_subquery().label("settings"))  # type: ignore[call-overload]
        .join(S, col(S.member_id) == col(MemberRow.id))
        .where(col(S.id) == sign_in_id, col(S.expires_at) > now, col(MemberRow.disabled_at).is_(None))
    )
    async with reading() as connection:
        row: Any = (await connection.execute(statement)).first()
    if row is None or row.used_at <= now - timedelta(days=stored(row.settings).session_idle_days):
        return None
    return SignedIn(members.value(row), row.used_at)


async def signed_in_among(session: AsyncSession, member_ids: Iterable[str], *, now: datetime) -> list[str]:
    """Those of them who are signed in with some browser."""
    statement = select(S.member_id).where(  # type: ignore[call-overload]
        col(S.member_id).in_(member_ids), col(S.expires_at) > now
    )
    return sorted(set((await session.execute(statement)).scalars()))


async def ended(sign_in_ids: Collection[str], *, now: datetime) -> set[str]:
    """Those of these sessions that are no longer in force."""
    if not sign_in_ids:
        return set()
    statement = (
        select(S.id, S.used_at)  # type: ignore[call-overload]
        .join(MemberRow, col(S.member_id) == col(MemberRow.id))
        .where(col(S.id).in_(sign_in_ids), col(S.expires_at) > now, col(MemberRow.disabled_at).is_(None))
    )
    async with reading() as connection:
        idle = timedelta(days=(await rule_settings.load(connection)).session_idle_days)
        rows = (await connection.execute(statement)).all()
    return set(sign_in_ids) - {row.id for row in rows if row.used_at > now - idle}


async def note_use(session: AsyncSession, sign_in_id: str, *, now: datetime) -> None:
    """The session is in use. A clock that went back never makes it older."""
    mine = col(S.id) == sign_in_id, col(S.used_at) < now
    await session.execute(update(S).where(*mine).values(used_at=now))


async def rows_of(session: AsyncSession, member_id: str) -> list[SignInRow]:
    """A member's browsers, most recently used first; also those whose session has run out."""
    statement = select(S).where(col(S.member_id) == member_id).order_by(col(S.used_at).desc(), col(S.id))
    return list((await session.execute(statement)).scalars())


async def end(session: AsyncSession, *sign_in_ids: str) -> None:
    """Forget these browsers."""
    await session.execute(delete(S).where(col(S.id).in_(sign_in_ids)))
