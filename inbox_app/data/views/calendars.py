"""Connected calendars on /settings, and how they are, for admins."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.instants import iso
from inbox_app.data.tables import CalendarRow, MemberRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_admin, require_agent

C = CalendarRow


@dataclass(frozen=True)
class CalendarView:
    """`status`: unchecked, ok, broken. `problem`: a sentence in English, the key of its translation."""

    id: str
    kind: str
    name: str
    address: str
    account: str
    is_target: bool
    status: str
    problem: str
    broken_since: str
    checked_at: str


@dataclass(frozen=True)
class CalendarHealth:
    """A calendar of any agent, without what only its agent needs to know."""

    id: str
    agent_id: str
    agent_name: str
    kind: str
    status: str
    problem: str
    broken_since: str
    checked_at: str


@uninterrupted
async def calendars(member: Member) -> list[CalendarView]:
    """Of this agent, oldest first."""
    require_agent(member)
    async with reading() as connection:
        statement = select(C).where(col(C.member_id) == member.id).order_by(col(C.created_at), col(C.id))
        rows: list[Any] = list((await connection.execute(statement)).all())
    return [
        CalendarView(
            id=row.id, kind=row.kind, name=row.name, address=row.address, account=row.account,
            is_target=row.is_target, status=row.status,
            problem=_problem(row), broken_since=_broken_since(row), checked_at=iso(row.checked_at),
        )
        for row in rows
    ]  # fmt: skip


@uninterrupted
async def calendar_health(member: Member) -> list[CalendarHealth]:
    """Of everyone, broken ones first."""
    require_admin(member)
    statement: Any = (
        select(C.id, C.member_id, col(MemberRow.name).label("agent"), C.kind, C.status, C.problem, C.broken_since,
               C.checked_at)  # type: ignore[call-overload]
        .join(MemberRow, col(MemberRow.id) == col(C.member_id))
        .where(col(MemberRow.disabled_at).is_(None))
        .order_by((col(C.status) == "broken").desc(), col(MemberRow.name), col(C.created_at))
    )  # fmt: skip
    async with reading() as connection:
        rows = (await connection.execute(statement)).all()
    return [
        CalendarHealth(
            id=row.id, agent_id=row.member_id, agent_name=row.agent, kind=row.kind, status=row.status,
            problem=_problem(row), broken_since=_broken_since(row), checked_at=iso(row.checked_at),
        )
        for row in rows
    ]  # fmt: skip


@uninterrupted
async def broken_calendars(member: Member) -> tuple[int, int]:
    """How many do not answer: of the agent's own, and, for an admin, of others."""
    statement = (
        select((col(C.member_id) == member.id).label("is_own"), func.count())
        .join(MemberRow, col(MemberRow.id) == col(C.member_id))
        .where(col(C.status) == "broken", col(MemberRow.disabled_at).is_(None))
        .group_by("is_own")
    )
    async with reading() as connection:
        found = {bool(row[0]): int(row[1]) for row in (await connection.execute(statement)).all()}
    return found.get(True, 0) if member.is_agent else 0, found.get(False, 0) if member.role == "admin" else 0


def _problem(row: Any) -> str:
    """Empty after a first failure, which may pass."""
    return row.problem if row.status == "broken" else ""


def _broken_since(row: Any) -> str:
    return iso(row.broken_since) if row.status == "broken" else ""
