"""Members: who works here."""

import functools
import json
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.tables import MemberRow
from inbox_app.domain import meeting_settings as settings_of_meetings
from inbox_app.domain import schedule as schedules
from inbox_app.domain.availability import Override
from inbox_app.domain.meeting_settings import MeetingSettings
from inbox_app.domain.people import Member, Role, spellings
from inbox_app.domain.schedule import Schedule


def value(row: MemberRow) -> Member:
    """The row as the rules see it."""
    return Member(
        id=row.id, email=row.email, name=row.name, role=Role(row.role), takes_chats=row.takes_chats,
        time_zone=row.time_zone, language=row.language, capacity=row.capacity, override=row.override,
        is_disabled=row.disabled_at is not None,
    )  # fmt: skip


def schedule_of(row: Any) -> Schedule | None:
    """None: one unbroken block. Parsed once a text: routing asks for everyone's."""
    return None if row.schedule is None else schedule_in(json.dumps(row.schedule, sort_keys=True))


@functools.lru_cache(maxsize=4_096)
def schedule_in(text: str) -> Schedule:
    """The schedule of the column's text."""
    return schedules.from_json(json.loads(text))


def meeting_settings_of(row: Any) -> MeetingSettings:
    """How this member can be met; nothing kept: the defaults in the member's zone."""
    if row.meeting_settings is None:
        return settings_of_meetings.defaults(row.time_zone)
    return _parsed_settings(json.dumps(row.meeting_settings, sort_keys=True))


@functools.lru_cache(maxsize=1_024)
def _parsed_settings(text: str) -> MeetingSettings:
    return settings_of_meetings.from_json(json.loads(text))


def override_of(row: Any) -> Override | None:
    """The switch as it stands, if it was touched."""
    return None if row.override is None else Override(row.override, row.override_until)


def picture_url(row: Any) -> str:
    """The address of the member's picture; empty without one. A new picture has a new address."""
    return f"/api/v1/members/{row.id}/picture/{row.picture}" if row.picture else ""


async def by_email(session: AsyncSession, email: str) -> MemberRow | None:
    """The member with this address, however it is typed. Earlier versions stored a domain as it was typed."""
    typed = email.strip().lower()
    statement = select(MemberRow).where(col(MemberRow.email).in_(spellings(email)))
    rows = (await session.execute(statement)).scalars().all()
    return next((row for row in rows if row.email == typed), rows[0] if rows else None)


async def lock(session: AsyncSession, member_id: str) -> MemberRow | None:
    """The member as it is now, which nobody else changes before this transaction ends.

    Whoever changes sessions, links or the password takes it first, so that nobody waits in a circle. On PostgreSQL the
    weaker lock: rows that refer to the member can be added meanwhile.
    """
    return await session.get(MemberRow, member_id, with_for_update={"key_share": True}, populate_existing=True)


async def count_admins(session: AsyncSession) -> int:
    """How many people can administer: enabled admins."""
    is_admin = col(MemberRow.role) == Role.ADMIN, col(MemberRow.disabled_at).is_(None)
    return int((await session.execute(select(func.count()).select_from(MemberRow).where(*is_admin))).scalar_one())


async def everyone(session: AsyncSession) -> list[MemberRow]:
    """All members by email."""
    return list((await session.execute(select(MemberRow).order_by(col(MemberRow.email)))).scalars())
