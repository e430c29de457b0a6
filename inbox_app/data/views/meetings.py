"""Whose calendars can be shared, what a visitor sees of a shared one, and the list of meetings (PRODUCT 1.7, 4)."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, false, select, true
from sqlmodel import col

from inbox_app.data import meetings as rows
from inbox_app.data.engine import reading, reading_session
from inbox_app.data.instants import iso
from inbox_app.data.models import Page
from inbox_app.data.models_meetings import MeetingView, ShareableAgent, ShareView
from inbox_app.data.tables import CalendarShareRow, DeviceRow, MeetingRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.data.views.rows import C, M, V, after_cursor, confirms, cursor, is_visible
from inbox_app.domain import people
from inbox_app.domain.booking import MeetingStatus
from inbox_app.domain.errors import InvalidInput, NotFound
from inbox_app.domain.meetings import has_passed
from inbox_app.domain.people import Member, Role

T, S, D = MeetingRow, CalendarShareRow, DeviceRow
PAGE: Final = 50
COLUMNS: Final[tuple[Any, ...]] = (
    T.id, T.share_id, T.conversation_id, T.visitor_id, T.visitor_name, T.visitor_email, T.agent_id, T.start_at,
    T.end_at, T.status, T.time_zone, T.video_link, T.cancelled_by, T.changed_at, col(M.name).label("agent_name"),
    col(M.disabled_at).label("agent_disabled_at"), confirms(T.visitor_email).label("email_confirmed"),
)  # fmt: skip


@uninterrupted
async def shareable(member: Member, *, now: datetime) -> list[ShareableAgent]:
    """PRODUCT 1.7: the member's own calendar first, then who can be booked by next free time, then who can't."""
    statement = select(M).where(col(M.takes_chats), col(M.disabled_at).is_(None)).order_by(col(M.name), col(M.id))
    async with reading_session() as session:
        agents = (await session.execute(statement)).scalars().all()
        standings = await rows.standings(session, agents, now=now)
    found = [
        ShareableAgent(
            id=agent.id, name=agent.name, initials=people.initials(agent.name), colour=people.colour_of(agent.id),
            is_me=agent.id == member.id, is_bookable=not standings[agent.id].why_not,
            why_not=standings[agent.id].why_not, next_slot=iso(standings[agent.id].next_slot),
        )
        for agent in agents
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.is_me, not one.is_bookable, one.next_slot))


def _query(sight: ColumnElement[bool]) -> Any:
    return (
        select(*COLUMNS, case((sight, col(T.conversation_id)), else_="").label("seen_conversation"))
        .join(M, col(M.id) == col(T.agent_id))
        .join(C, col(C.id) == col(T.conversation_id))
        .join(V, col(V.id) == col(T.visitor_id))
    )


@uninterrupted
async def meetings(
    member: Member, *, now: datetime, status: str = "", when: str = "", agent: str = "", before: str = "",
    limit: int = PAGE,
) -> Page[MeetingView]:  # fmt: skip
    """PRODUCT 4.5: agents see their own meetings, managers and admins all.

    `status`: upcoming, scheduled, rescheduled, cancelled, passed or all (empty). What is to come: soonest first; else
    the latest first. `when`: of these only what is coming or past, cancelled ones too. Raises InvalidInput.
    """
    limit = max(1, min(limit, PAGE))
    condition, is_ahead = _is_in(status, now)
    if when:
        is_ahead = when == "coming"
        condition = and_(condition, (col(T.end_at) > now) if is_ahead else (col(T.end_at) <= now))
    order = (col(T.start_at), col(T.id)) if is_ahead else (col(T.start_at).desc(), col(T.id).desc())
    statement = _query(is_visible(member)).where(_is_read_by(member), condition).order_by(*order).limit(limit + 1)
    if agent:
        statement = statement.where(col(T.agent_id) == agent)
    if before:
        statement = statement.where(after_cursor(before, T.start_at, T.id, is_rising=is_ahead))
    async with reading() as connection:
        found = (await connection.execute(statement)).all()
    shown = found[:limit]
    following = cursor(shown[-1].start_at, shown[-1].id) if len(found) > limit else ""
    return Page([_of_member(row, member, now) for row in shown], following)


def _is_read_by(member: Member) -> ColumnElement[bool]:
    if member.reads_history:
        return true()
    return col(T.agent_id) == member.id if member.is_agent else false()


def _is_in(status: str, now: datetime) -> tuple[ColumnElement[bool], bool]:
    """The condition of a filter, and whether it is of what is to come."""
    is_living, is_over = col(T.status) != MeetingStatus.CANCELLED, col(T.end_at) <= now
    match status:
        case "":
            return true(), False
        case "upcoming":
            return and_(is_living, ~is_over), True
        case MeetingStatus.SCHEDULED | MeetingStatus.RESCHEDULED:
            return and_(col(T.status) == status, ~is_over), True
        case MeetingStatus.CANCELLED:
            return ~is_living, False
        case "passed":
            return and_(is_living, is_over), False
    raise InvalidInput("status", "This is one of {names}.", names="upcoming, scheduled, rescheduled, cancelled, passed")


def may_change(member: Member, agent_id: str, *, is_disabled: bool) -> bool:
    """Its agent; of an agent who is no longer here, an admin who takes chats."""
    return member.is_agent and (agent_id == member.id or (is_disabled and member.role is Role.ADMIN))


def _of_member(row: Any, member: Member, now: datetime) -> MeetingView:
    is_mine, is_disabled = row.agent_id == member.id, row.agent_disabled_at is not None
    return _view(
        row, now, conversation_id=row.seen_conversation, is_mine=is_mine,
        may_change=may_change(member, row.agent_id, is_disabled=is_disabled),
    )  # fmt: skip


def _view(row: Any, now: datetime, *, conversation_id: str, is_mine: bool, may_change: bool) -> MeetingView:
    is_ahead = row.status != MeetingStatus.CANCELLED and row.start_at > now
    return MeetingView(
        id=row.id, share_id=row.share_id, conversation_id=conversation_id, visitor_id=row.visitor_id,
        visitor_name=people.visitor_title(row.visitor_name, row.visitor_id), visitor_email=row.visitor_email,
        email_confirmed=bool(row.email_confirmed),
        agent_id=row.agent_id, agent_name=row.agent_name, start=iso(row.start_at), end=iso(row.end_at),
        status="passed" if has_passed(row.status, row.end_at, now=now) else row.status, time_zone=row.time_zone,
        video_link=row.video_link if is_mine else "", is_mine=is_mine, can_change=may_change and is_ahead,
        agent_is_disabled=row.agent_disabled_at is not None, cancelled_by=row.cancelled_by,
        changed_at=iso(row.changed_at),
    )  # fmt: skip


async def visitors_meeting(meeting_id: str, *, now: datetime) -> MeetingView:
    """A meeting as its visitor sees it; for a caller who has checked that it is the visitor's. Raises NotFound."""
    async with reading() as connection:
        row = (await connection.execute(_query(false()).where(col(T.id) == meeting_id))).first()
    if row is None:
        raise NotFound
    return _view(row, now, conversation_id=row.conversation_id, is_mine=True, may_change=True)


async def shared_calendar(share_id: str, *, device_id: str | None = None, now: datetime) -> ShareView:
    """A calendar that was shared with this browser; None: for a caller who has shared it. Raises NotFound."""
    statement: Any = (
        select(S, D.said, D.time_zone)  # type: ignore[call-overload]
        .join(C, col(C.id) == col(S.conversation_id))
        .join(D, col(D.id) == col(C.device_id))
        .where(col(S.id) == share_id)
    )
    if device_id is not None:
        statement = statement.where(col(C.device_id) == device_id)
    async with reading_session() as session:
        found = (await session.execute(statement)).first()
        if found is None:
            raise NotFound
        share, said, time_zone = found
        agent = await session.get_one(M, share.agent_id)
        standing = await rows.next_slot(session, agent, now=now)
        living = await rows.living_of(session, share_id, now=now)
    return ShareView(
        id=share.id, conversation_id=share.conversation_id, agent_id=agent.id, agent_name=agent.name,
        withdrawn=share.withdrawn_at is not None, why_not=standing.why_not, time_zone=time_zone,
        visitor_name=said.get("name", ""), visitor_email=said.get("email", ""),
        meeting=await visitors_meeting(living.id, now=now) if living else None,
    )  # fmt: skip
