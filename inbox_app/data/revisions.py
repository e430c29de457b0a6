"""What pages and streams show, in a few values that differ once it has changed.

Each function is one statement for a whole process, however many listen: while Redis is away this is asked every
second or two, and only those whose values differ read again.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from inbox_app.data.tables import (
    ActivityRow,
    AuditRow,
    CalendarRow,
    DeviceRow,
    DraftRow,
    MeetingRow,
    MemberRow,
    OfferRow,
    OfflineMessageRow,
    OutboxRow,
    SignInRow,
)
from inbox_app.data.views.rows import EMAIL, NAME, C, M, V, is_past, online

OPEN: Final = ("waiting", "offered", "active")
LATEST_PAST: Final = 50
D, K, O = DeviceRow, CalendarRow, OfferRow  # noqa: E741

LATEST_MISSED: Final = 100
CONVERSATION_COLUMNS: Final[tuple[Any, ...]] = (
    C.id, C.agent_id, C.state, C.last_seq, C.unread, C.agent_seen_seq, C.visitor_seen_seq, C.idle_warned_at, C.score,
    C.visitor_id, NAME, EMAIL,
)  # fmt: skip
MEMBER_COLUMNS: Final[tuple[Any, ...]] = (
    M.id, M.name, M.role, M.takes_chats, M.language, M.colour_scheme, M.picture, M.time_zone, M.schedule,
    M.meeting_settings, M.capacity, M.override, M.override_until, M.was_available, M.misses, M.disabled_at,
)  # fmt: skip
CALENDAR_COLUMNS: Final[tuple[Any, ...]] = (
    K.member_id, K.id, K.name, K.is_target, K.status, K.problem, K.broken_since, K.checked_at,
)  # fmt: skip
VISITOR_COLUMNS: Final[tuple[Any, ...]] = (
    V.id, V.name, V.email, V.said_email, V.user_id, V.confirmed_by, V.phone, V.job_title, V.company, V.crm_status,
    V.country, V.language, V.browser, V.time_zone, V.page_url, V.referrer, V.tags, V.attributes,
)  # fmt: skip


async def conversations(
    connection: AsyncConnection, ids: Collection[str]
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Of these conversations and every open one, and of the agents who have an open one."""
    columns: Any = select(*CONVERSATION_COLUMNS, online(C.device_id)).join(V, col(V.id) == col(C.visitor_id))
    wanted = or_(col(C.state).in_(OPEN), col(C.id).in_(ids))
    rows = await connection.execute(columns.where(wanted).order_by(col(C.requested_at), col(C.id)))
    found, agents, position = dict[str, Any](), defaultdict[str, list[Any]](list), 0
    for row in rows.all():
        is_waiting = row.state in OPEN and row.state != "active"
        position += is_waiting
        found[row.id] = (*row, position if is_waiting else 0)
        if row.agent_id and row.state in OPEN:
            agents[row.agent_id].append(tuple(row))
    return found, agents


async def agents(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, Any]:
    """Of these agents: what rings, the switch, preferences, drafts, calendars, meetings (also in their chats)."""
    member: Any = select(*MEMBER_COLUMNS)
    calendar: Any = select(*CALENDAR_COLUMNS)
    return await _of_each(
        connection,
        member.where(col(MemberRow.id).in_(ids)),
        select(O.agent_id, O.id).where(col(O.agent_id).in_(ids), col(O.state) == "pending"),  # type: ignore[call-overload]
        _newest(DraftRow.member_id, DraftRow.saved_at, ids),
        calendar.where(col(K.member_id).in_(ids)).order_by(col(K.id)),
        _meetings_of(ids),
    )


def _meetings_of(ids: Collection[str]) -> Any:
    """Agents' own ones, and others' that were booked in their chats."""
    of_others = _newest(C.agent_id, MeetingRow.changed_at, ids, literal("in a chat").label("part"))
    of_others = of_others.join(MeetingRow, col(MeetingRow.conversation_id) == col(C.id))
    of_others = of_others.where(col(MeetingRow.agent_id) != col(C.agent_id)).order_by(None)
    own = _newest(MeetingRow.agent_id, MeetingRow.changed_at, ids, literal("own").label("part")).order_by(None)
    return union_all(own, of_others).order_by("part")


async def _of_each(connection: AsyncConnection, *statements: Any) -> Mapping[str, Any]:
    """What each statement finds, by the first column."""
    found = defaultdict[str, list[Any]](list)
    for statement in statements:
        for row in (await connection.execute(statement)).all():
            found[row[0]].append(tuple(row))
    return found


def _newest(owner: Any, changed: Any, ids: Collection[str], *more: Any) -> Any:
    counted: Any = select(owner, func.count(), func.max(changed), *more)
    return counted.where(col(owner).in_(ids)).group_by(owner).order_by(owner)


async def visitors(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, Any]:
    """Of these visitors: the record, what their browsers said, the number of activities, mails to their address."""
    record: Any = select(*VISITOR_COLUMNS)
    said: Any = select(D.visitor_id, D.id, D.said, D.user_id, D.denied)  # type: ignore[call-overload]
    mails: Any = select(C.visitor_id, func.count()).join(OutboxRow, col(OutboxRow.subject_id) == col(C.id))  # type: ignore[call-overload]
    return await _of_each(
        connection,
        record.where(col(V.id).in_(ids)),
        said.where(col(D.visitor_id).in_(ids)).order_by(col(D.id)),
        mails.where(col(C.visitor_id).in_(ids)).group_by(col(C.visitor_id)),
        _newest(ActivityRow.visitor_id, ActivityRow.id, ids),
    )


async def sign_ins(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, Any]:
    """Those of these sessions that have not ended."""
    statement = select(SignInRow.id).where(col(SignInRow.id).in_(ids))  # type: ignore[call-overload]
    return dict.fromkeys((await connection.execute(statement)).scalars(), True)


async def past(connection: AsyncConnection) -> Any:
    """The oldest and the newest past conversations, those to follow up and by whom, and what visitors left."""
    some: Any = select(C.id, C.state, C.claimed_by).where(is_past)  # type: ignore[call-overload]
    missed: Any = select(C.id, C.claimed_by).where(col(C.state) == "missed")  # type: ignore[call-overload]
    left: Any = select(func.count(), func.max(OfflineMessageRow.at))
    statements = [
        some.order_by(col(C.activity_at), col(C.id)).limit(1),
        some.order_by(col(C.activity_at).desc(), col(C.id).desc()).limit(LATEST_PAST),
        missed.order_by(col(C.requested_at).desc()).limit(LATEST_MISSED),
        left,
    ]
    return [[tuple(row) for row in (await connection.execute(statement)).all()] for statement in statements]


async def everyone(connection: AsyncConnection) -> Any:
    """Changes of settings and people, which are all audited, and how calendars are."""
    audited = (await connection.execute(select(func.max(AuditRow.id)))).scalar()
    calendars: Any = select(*CALENDAR_COLUMNS[:-1]).order_by(col(K.id))
    return audited, [tuple(row) for row in (await connection.execute(calendars)).all()]


async def meetings(connection: AsyncConnection) -> Any:
    """Of all meetings."""
    counted: Any = select(func.count(), func.max(MeetingRow.changed_at))
    return tuple((await connection.execute(counted)).one())


async def outbox(connection: AsyncConnection) -> Any:
    """What waits or failed."""
    open_rows: Any = select(OutboxRow.id, OutboxRow.state, OutboxRow.attempts)  # type: ignore[call-overload]
    open_rows = open_rows.where(col(OutboxRow.state).in_(["pending", "failed"])).order_by(col(OutboxRow.id))
    return [tuple(row) for row in (await connection.execute(open_rows)).all()]
