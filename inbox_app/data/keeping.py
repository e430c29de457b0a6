"""What operators keep and let go: old conversations in batches, all past ones in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.instants import iso
from inbox_app.data.tables import (
    ActivityRow,
    CalendarShareRow,
    DraftRow,
    EntryRow,
    MeetingRow,
    OfferRow,
    OfflineMessageRow,
    OutboxRow,
)
from inbox_app.data.views.rows import EMAIL, EMAIL_CONFIRMED, MORE, NAME, C, E, M, V, confirms, is_past, more_of

Mark = tuple[datetime, str]
"""Where a page ends: the last one's instant of activity and id."""
PARTS = (EntryRow, OfferRow, DraftRow, OfflineMessageRow, MeetingRow, CalendarShareRow, ActivityRow)
"""What goes with its conversation, in an order that foreign keys allow."""


@dataclass(frozen=True)
class Old:
    """How much is older than a day."""

    conversations: int
    activities: int


def _is_old(before: datetime) -> ColumnElement[bool]:
    """Of a conversation with a later meeting, nothing is old: somebody still comes to it, or came of late."""
    later = select(MeetingRow.id).where(  # type: ignore[call-overload]
        col(MeetingRow.conversation_id) == col(C.id), col(MeetingRow.end_at) >= before
    )
    return and_(is_past, col(C.activity_at) < before, ~later.correlate(C).exists())


def _is_old_activity(before: datetime) -> ColumnElement[bool]:
    """Of an open conversation, nothing is old."""
    past = select(C.id).where(is_past)  # type: ignore[call-overload]
    conversation = col(ActivityRow.conversation_id)
    return and_(col(ActivityRow.at) < before, or_(conversation.is_(None), conversation.in_(past)))


async def count_old(before: datetime) -> Old:
    """What `prune` would delete: past conversations, and activities that are as old or belong to them."""
    going = select(C.id).where(_is_old(before))  # type: ignore[call-overload]
    activities = or_(_is_old_activity(before), col(ActivityRow.conversation_id).in_(going))
    async with reading() as connection:
        conversations = await connection.execute(select(func.count()).select_from(C).where(_is_old(before)))
        acts = await connection.execute(select(func.count()).select_from(ActivityRow).where(activities))
        return Old(int(conversations.scalar_one()), int(acts.scalar_one()))


async def delete_conversations(session: AsyncSession, before: datetime, *, limit: int) -> Old:
    """The oldest of them, with all that belongs to them; how much that was."""
    statement = select(C.id).where(_is_old(before)).order_by(col(C.activity_at)).limit(limit)  # type: ignore[call-overload]
    ids = list((await session.execute(statement)).scalars())
    meetings = select(MeetingRow.id).where(col(MeetingRow.conversation_id).in_(ids))  # type: ignore[call-overload]
    await session.execute(delete(OutboxRow).where(col(OutboxRow.subject_id).in_(meetings)))
    await session.execute(delete(OutboxRow).where(col(OutboxRow.subject_id).in_(ids)))
    activities = 0
    for part in PARTS:
        done = await session.execute(delete(part).where(col(part.conversation_id).in_(ids)))
        activities = done.rowcount  # type: ignore[attr-defined]  # of the last part, the activities
    await session.execute(delete(C).where(col(C.id).in_(ids)))
    return Old(len(ids), activities)


async def delete_activities(session: AsyncSession, before: datetime, *, limit: int) -> int:
    """The oldest of them; how many."""
    statement = (
        select(ActivityRow.id)  # type: ignore[call-overload]
        .where(_is_old_activity(before))
        .order_by(col(ActivityRow.at))
        .limit(limit)
    )
    ids = list((await session.execute(statement)).scalars())
    await session.execute(delete(ActivityRow).where(col(ActivityRow.id).in_(ids)))
    return len(ids)


async def past_page(after: Mark | None, *, limit: int) -> tuple[list[dict[str, Any]], Mark | None]:
    """A page of past conversations with all entries, oldest first, and where it ends (None: there are no more)."""
    statement: Any = (
        select(  # type: ignore[call-overload]
            C, NAME.label("visitor_name"), EMAIL.label("email"), EMAIL_CONFIRMED, *MORE,
            V.crm_status, col(M.name).label("agent_name"), col(M.email).label("agent_email"),
        )
        .join(V, col(V.id) == col(C.visitor_id))
        .outerjoin(M, col(M.id) == col(C.agent_id))
        .where(is_past)
        .order_by(col(C.activity_at), col(C.id))
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        statement = statement.where(tuple_(col(C.activity_at), col(C.id)) > after)
    async with reading() as connection:
        heads = (await connection.execute(statement)).all()
        ids = [head.id for head in heads]
        lines = select(E).where(col(E.conversation_id).in_(ids)).order_by(col(E.conversation_id), col(E.id))
        entries = (await connection.execute(lines)).all()
        booked: Any = (
            select(MeetingRow, confirms(MeetingRow.visitor_email).label("email_confirmed"))
            .join(V, col(V.id) == col(MeetingRow.visitor_id))
            .join(C, col(C.id) == col(MeetingRow.conversation_id))
            .where(col(MeetingRow.conversation_id).in_(ids))
            .order_by(col(MeetingRow.id))
        )
        meetings = (await connection.execute(booked)).all()
    return _joined(heads, entries, meetings), (heads[-1].activity_at, heads[-1].id) if len(heads) == limit else None


def _joined(
    heads: Sequence[Row[Any]], entries: Sequence[Row[Any]], meetings: Sequence[Row[Any]]
) -> list[dict[str, Any]]:
    of: dict[str, list[dict[str, Any]]] = {head.id: [] for head in heads}
    met: dict[str, list[dict[str, Any]]] = {head.id: [] for head in heads}
    for meeting in meetings:
        met[meeting.conversation_id].append(_meeting(meeting))
    for entry in entries:
        of[entry.conversation_id].append(
            {
                "seq": entry.seq, "kind": entry.kind, "sender": entry.sender, "name": entry.actor_name,
                "text": entry.text, "state": entry.state, "end_reason": entry.end_reason, "at": iso(entry.at),
                "details": entry.details,
            }
        )  # fmt: skip
    return [_conversation(head) | {"entries": of[head.id], "meetings": met[head.id]} for head in heads]


def _meeting(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id, "agent_id": row.agent_id, "start": iso(row.start_at), "end": iso(row.end_at),
        "status": row.status, "name": row.visitor_name, "email": row.visitor_email,
        "email_confirmed": bool(row.email_confirmed), "time_zone": row.time_zone,
        "booked_at": iso(row.created_at), "changed_at": iso(row.changed_at),
    }  # fmt: skip


def _conversation(head: Row[Any]) -> dict[str, Any]:
    visitor = {
        "id": head.visitor_id, "name": head.visitor_name, "email": head.email or "",
        "email_confirmed": bool(head.email_confirmed), **more_of(head), "crm_status": head.crm_status,
    }  # fmt: skip
    agent = {"id": head.agent_id, "name": head.agent_name, "email": head.agent_email} if head.agent_id else None
    instants = {
        name: iso(getattr(head, name)) or None for name in ("requested_at", "accepted_at", "first_reply_at", "ended_at")
    }
    return {
        "id": head.id, "state": head.state, "end_reason": head.end_reason, "visitor": visitor, "agent": agent,
        "page_url": head.page_url, **instants, "score": head.score, "tags": list(head.tags),
    }  # fmt: skip
