"""What pages and streams show, in a few values that differ once it has changed.

Each function is one statement for a whole process, however many listen: while Redis is away this is asked every
second or two, and only those whose values differ read again.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from inbox_app.data.tables import (
    ActivityRow,
    AuditRow,
    CalendarRow,
    DraftRow,
    MeetingRow,
    MemberRow,
    OfferRow,
    OutboxRow,
    SignInRow,
)
from inbox_app.data.views.rows import C, M, V, is_past, online

OPEN: Final = ("waiting", "offered", "active")
LATEST_PAST: Final = 50
O = OfferRow  # noqa: E741

CONVERSATION_COLUMNS: Final[tuple[Any, ...]] = (
    C.id, C.agent_id, C.state, C.last_seq, C.unread, C.agent_seen_seq, C.visitor_seen_seq, C.idle_warned_at, C.score,
)  # fmt: skip
MEMBER_COLUMNS: Final[tuple[Any, ...]] = (
    M.id, M.name, M.role, M.takes_chats, M.language, M.colour_scheme, M.capacity, M.override, M.override_until,
    M.was_available, M.misses, M.disabled_at,
)  # fmt: skip


async def open_conversations(connection: AsyncConnection) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of every open conversation, and of the agents who have one."""
    columns: Any = select(*CONVERSATION_COLUMNS, online(C.device_id))
    rows = await connection.execute(columns.where(col(C.state).in_(OPEN)).order_by(col(C.requested_at), col(C.id)))
    conversations, agents, position = dict[str, Any](), defaultdict[str, list[Any]](list), 0
    for row in rows.all():
        position += row.state != "active"
        conversations[row.id] = (*row, position if row.state != "active" else 0)
        if row.agent_id:
            agents[row.agent_id].append(tuple(row))
    return conversations, agents


async def agents(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, Any]:
    """Of these agents: what rings, the switch, preferences, drafts, calendars, meetings."""
    found = defaultdict[str, list[Any]](list)
    member: Any = select(*MEMBER_COLUMNS)
    of_each: list[Any] = [
        member.where(col(MemberRow.id).in_(ids)),
        select(O.agent_id, O.id).where(col(O.agent_id).in_(ids), col(O.state) == "pending"),  # type: ignore[call-overload]
        _newest(DraftRow.member_id, DraftRow.saved_at, ids),
        _newest(CalendarRow.member_id, CalendarRow.checked_at, ids),
        _newest(MeetingRow.agent_id, MeetingRow.changed_at, ids),
    ]
    for statement in of_each:
        for row in (await connection.execute(statement)).all():
            found[row[0]].append(tuple(row))
    return found


def _newest(owner: Any, changed: Any, ids: Collection[str]) -> Any:
    counted: Any = select(owner, func.count(), func.max(changed))
    return counted.where(col(owner).in_(ids)).group_by(owner).order_by(owner)


async def visitors(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, Any]:
    """Of these visitors: the record and the number of activities."""
    record: Any = select(V.id, V.name, V.email, V.phone, V.job_title, V.company, V.crm_status, V.page_url)  # type: ignore[call-overload]
    found = {row.id: [tuple(row)] for row in (await connection.execute(record.where(col(V.id).in_(ids)))).all()}
    for row in (await connection.execute(_newest(ActivityRow.visitor_id, ActivityRow.id, ids))).all():
        found[row[0]].append(tuple(row))
    return found


async def sign_ins(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, Any]:
    """Those of these sessions that have not ended."""
    statement = select(SignInRow.id).where(col(SignInRow.id).in_(ids))  # type: ignore[call-overload]
    return dict.fromkeys((await connection.execute(statement)).scalars(), True)


async def past(connection: AsyncConnection) -> Any:
    """The newest past conversations, and who follows them up."""
    newest: Any = select(C.id, C.state, C.claimed_by).where(is_past)  # type: ignore[call-overload]
    newest = newest.order_by(col(C.activity_at).desc(), col(C.id).desc()).limit(LATEST_PAST)
    return [tuple(row) for row in (await connection.execute(newest)).all()]


async def everyone(connection: AsyncConnection) -> Any:
    """Changes of settings and people, which are all audited, and calendars that broke or came back."""
    audited = (await connection.execute(select(func.max(AuditRow.id)))).scalar()
    broken: Any = select(CalendarRow.id, CalendarRow.status).order_by(col(CalendarRow.id))  # type: ignore[call-overload]
    return audited, [tuple(row) for row in (await connection.execute(broken)).all()]


async def meetings(connection: AsyncConnection) -> Any:
    """Of all meetings."""
    counted: Any = select(func.count(), func.max(MeetingRow.changed_at))
    return tuple((await connection.execute(counted)).one())


async def outbox(connection: AsyncConnection) -> Any:
    """What waits or failed."""
    open_rows: Any = select(OutboxRow.id, OutboxRow.state, OutboxRow.attempts)  # type: ignore[call-overload]
    open_rows = open_rows.where(col(OutboxRow.state).in_(["pending", "failed"])).order_by(col(OutboxRow.id))
    return [tuple(row) for row in (await connection.execute(open_rows)).all()]
