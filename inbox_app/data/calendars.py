"""Connected calendars: when an agent is busy as they were read last, and who reads them next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.leases import held
from inbox_app.data.tables import BusyRow, CalendarRow, MeetingRow, MemberRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.domain.booking import Interval
from inbox_app.domain.leases import READ_AGAIN, READING

C = CalendarRow


async def busy(session: AsyncSession, member_id: str, window: Interval) -> list[Interval]:
    """Events of all connected calendars that overlap the window, without those that are our own meetings."""
    ours = select(MeetingRow.uid).where(col(MeetingRow.agent_id) == member_id)
    statement = (
        select(BusyRow.start_at, BusyRow.end_at)
        .join(CalendarRow, col(CalendarRow.id) == col(BusyRow.calendar_id))
        .where(
            col(CalendarRow.member_id) == member_id,
            col(BusyRow.start_at) < window.end,
            col(BusyRow.end_at) > window.start,
            col(BusyRow.uid).not_in(ours),
        )
    )
    connection = await session.connection()  # a thousand rows, and none of them an entity
    return [Interval(start, end) for start, end in (await connection.execute(statement)).all()]


async def is_broken(session: AsyncSession, member_id: str) -> bool:
    """Whether a connected calendar of the agent does not answer at present."""
    broken = col(CalendarRow.member_id) == member_id, col(CalendarRow.status) == "broken"
    return (await session.execute(select(CalendarRow.id).where(*broken).limit(1))).first() is not None


@dataclass(frozen=True)
class Due:
    """A calendar that this process reads until `taken_until`. `zone`: where its agent has whole days."""

    id: str
    member_id: str
    kind: str
    address: str
    account: str
    secret: str
    status: str
    problem: str
    broken_since: datetime | None
    known_until: datetime | None
    version: str
    zone: str
    taken_until: datetime


def zone_of(member: Any) -> str:
    """Where a member has meetings."""
    return str((member.meeting_settings or {}).get("time_zone") or member.time_zone)


def _is_due(now: datetime, *, is_broken: bool | None = None) -> Any:
    conditions = [
        ~held(C.check_at, now=now, length=READ_AGAIN),
        ~held(C.checking_until, now=now, length=READING),
        col(C.member_id).in_(select(MemberRow.id).where(col(MemberRow.disabled_at).is_(None))),
    ]
    if is_broken is not None:
        conditions.append(col(C.status) == "broken" if is_broken else col(C.status) != "broken")
    return and_(*conditions)


@uninterrupted
async def is_any_due(now: datetime) -> bool:
    """A cheap look, before a transaction is begun."""
    async with reading() as connection:
        return (await connection.execute(select(C.id).where(_is_due(now)).limit(1))).first() is not None


async def claim(session: AsyncSession, *, is_broken: bool, limit: int, now: datetime, until: datetime) -> list[Due]:
    """The longest due ones that nobody else reads. Broken ones apart, so that they take no place of the others."""
    statement = select(C).where(_is_due(now, is_broken=is_broken)).order_by(col(C.check_at)).limit(limit)
    rows = (await session.execute(statement.with_for_update(skip_locked=True))).scalars().all()
    found = []
    for row in rows:
        row.checking_until = until
        member = await session.get_one(MemberRow, row.member_id)
        found.append(_due(row, zone_of(member), until))
    return found


def _due(row: CalendarRow, zone: str, until: datetime) -> Due:
    return Due(
        id=row.id, member_id=row.member_id, kind=row.kind, address=row.address, account=row.account, secret=row.secret,
        status=row.status, problem=row.problem, broken_since=row.broken_since, known_until=row.known_until,
        version=row.version, zone=zone, taken_until=until,
    )  # fmt: skip


async def settle(session: AsyncSession, due: Due, **values: Any) -> bool:
    """What came of it. False: it was connected anew or taken away meanwhile, or the time was over."""
    mine = col(C.id) == due.id, col(C.checking_until) == due.taken_until
    result: CursorResult[Any] = await session.execute(update(C).where(*mine).values(checking_until=None, **values))  # type: ignore[assignment]
    return result.rowcount == 1


async def keep_secret(session: AsyncSession, calendar_id: str, *, old: str, new: str) -> None:
    """A renewed one, unless it was connected anew meanwhile."""
    await session.execute(update(C).where(col(C.id) == calendar_id, col(C.secret) == old).values(secret=new))


async def replace_busy(
    session: AsyncSession, calendar_id: str, times: Iterable[tuple[datetime, datetime, str]]
) -> None:
    """All that was known of a calendar."""
    await session.execute(delete(BusyRow).where(col(BusyRow.calendar_id) == calendar_id))
    rows = [{"calendar_id": calendar_id, "start_at": start, "end_at": end, "uid": uid} for start, end, uid in times]
    if rows:
        await session.execute(insert(BusyRow), rows)


async def own_meetings(session: AsyncSession, member_id: str) -> list[Interval]:
    """Living meetings of an agent."""
    living = col(MeetingRow.agent_id) == member_id, col(MeetingRow.status) != "cancelled"
    found = await session.execute(select(MeetingRow.start_at, MeetingRow.end_at).where(*living))
    return [Interval(row.start_at, row.end_at) for row in found.all()]


async def of_member(session: AsyncSession, member_id: str) -> list[CalendarRow]:
    """All that an agent has connected, oldest first."""
    statement = select(C).where(col(C.member_id) == member_id).order_by(col(C.created_at), col(C.id))
    return list((await session.execute(statement)).scalars())


async def same(session: AsyncSession, member_id: str, kind: str, address: str) -> CalendarRow | None:
    """The one that is connected already."""
    statement = select(C).where(col(C.member_id) == member_id, col(C.kind) == kind, col(C.address) == address)
    return (await session.execute(statement.with_for_update())).scalar_one_or_none()


async def remove(session: AsyncSession, calendar_id: str) -> None:
    """With what was known of it."""
    await session.execute(delete(BusyRow).where(col(BusyRow.calendar_id) == calendar_id))
    await session.execute(delete(C).where(col(C.id) == calendar_id))
