"""Conversations and their timelines, for writing. A step of the domain becomes columns and an entry in one go."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import case, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.engine import database, reading
from inbox_app.data.instants import iso
from inbox_app.data.models import MessageView
from inbox_app.data.tables import ConversationRow, DraftRow, EntryRow
from inbox_app.domain.conversation import Conversation, EndReason, State, Step

ROUTING_LOCK = 7_420_001
C = ConversationRow
_NEXT_SEQ: Final = case((col(C.seq_floor) > col(C.last_seq), col(C.seq_floor)), else_=col(C.last_seq)) + 1


def _value(row: ConversationRow) -> Conversation:
    return Conversation(
        id=row.id, visitor_id=row.visitor_id, state=State(row.state), requested_at=row.requested_at,
        agent_id=row.agent_id, end_reason=EndReason(row.end_reason) if row.end_reason else None,
        accepted_at=row.accepted_at, ended_at=row.ended_at, score=row.score,
    )  # fmt: skip


async def get(session: AsyncSession, conversation_id: str) -> Conversation | None:
    """The conversation, locked until the end of the transaction."""
    row = await row_of(session, conversation_id)
    return _value(row) if row else None


async def row_of(session: AsyncSession, conversation_id: str) -> ConversationRow | None:
    """The whole row, locked. SQLite has its one writer, PostgreSQL locks the row."""
    statement = select(C).where(col(C.id) == conversation_id).with_for_update()
    return (await session.execute(statement.execution_options(populate_existing=True))).scalar_one_or_none()


async def of_device(session: AsyncSession, conversation_id: str, device_id: str) -> Conversation | None:
    """The conversation, locked, if it is this device's."""
    row = await row_of(session, conversation_id)
    return _value(row) if row and row.device_id == device_id else None


async def by_client_id(session: AsyncSession, device_id: str, client_id: str) -> Conversation | None:
    """The conversation that this device began under this id."""
    statement = select(C).where(col(C.device_id) == device_id, col(C.client_id) == client_id)
    row = (await session.execute(statement)).scalar_one_or_none()
    return _value(row) if row else None


async def removed(conversation_ids: Collection[str]) -> set[str]:
    """Those of these conversations that no longer exist."""
    if not conversation_ids:
        return set()
    async with reading() as connection:
        kept = await connection.execute(select(C.id).where(col(C.id).in_(conversation_ids)))  # type: ignore[call-overload]
        return set(conversation_ids) - set(kept.scalars())


async def newest_open(session: AsyncSession, device_id: str) -> str | None:
    """The conversation that a returning visitor goes on with."""
    statement = (
        select(C.id)  # type: ignore[call-overload]
        .where(col(C.device_id) == device_id, col(C.state).in_(["waiting", "offered", "active"]))
        .order_by(col(C.requested_at).desc())
        .limit(1)
    )
    found: str | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def begin_routing(session: AsyncSession) -> None:
    """One router at a time, so that the rotation is strict; also one who moves conversations to another visitor.

    Whoever needs it takes it first; then come devices, visitors, conversations, offers, so that nobody waits in a
    circle. SQLite has one writer anyway.
    """
    if not database().is_sqlite:
        await session.execute(text(f"SELECT pg_advisory_xact_lock({ROUTING_LOCK})"))


async def waiting(session: AsyncSession) -> list[Conversation]:
    """All that wait for an agent, oldest first."""
    statement = select(C).where(col(C.state) == "waiting").order_by(col(C.requested_at), col(C.id))
    return [_value(row) for row in (await session.execute(statement)).scalars()]


async def queue(session: AsyncSession) -> Sequence[str]:
    """The ids of all that nobody took yet, oldest first: a position is an index in it plus one."""
    statement = (
        select(C.id)  # type: ignore[call-overload]
        .where(col(C.state).in_(["waiting", "offered"]))
        .order_by(col(C.requested_at), col(C.id))
    )
    ids: Sequence[str] = (await session.execute(statement)).scalars().all()
    return ids


async def save(session: AsyncSession, step: Step) -> MessageView | None:
    """Store the conversation and its entry; the entry as both sides see it, or None if only agents do."""
    after, entry = step.conversation, step.entry
    values: dict[str, object] = {
        "state": after.state.value, "agent_id": after.agent_id, "accepted_at": after.accepted_at,
        "ended_at": after.ended_at, "end_reason": after.end_reason.value if after.end_reason else None,
        "score": after.score,
    }  # fmt: skip
    if entry.takes_seq:
        values |= {"last_seq": _NEXT_SEQ, "activity_at": entry.at}
    if not after.is_open:
        values |= {"waiting_since": None}
    statement = update(C).where(col(C.id) == after.id).values(**values).returning(col(C.last_seq))
    seq: int = (await session.execute(statement)).scalar_one()
    session.add(
        EntryRow(
            conversation_id=after.id, seq=seq if entry.takes_seq else None, kind=entry.kind.value,
            sender=entry.sender.value, actor_id=entry.actor_id, actor_name=entry.actor_name, text=entry.text,
            state=entry.state.value if entry.state else None,
            end_reason=entry.end_reason.value if entry.end_reason else None, at=entry.at,
            details=dict(entry.details) if entry.details else None,
        )
    )  # fmt: skip
    await session.flush()
    if not entry.takes_seq:
        return None
    return MessageView(
        seq, entry.kind.value, entry.sender.value, entry.actor_name, entry.text, iso(entry.at),
        state=entry.state or "", end_reason=entry.end_reason or "", details=dict(entry.details or {}),
    )  # fmt: skip


async def busy_agents(session: AsyncSession) -> list[str]:
    """Agents with an active conversation."""
    statement = select(C.agent_id).where(col(C.state) == "active").distinct()  # type: ignore[call-overload]
    return [agent_id for agent_id in (await session.execute(statement)).scalars() if agent_id]


async def waiting_devices(session: AsyncSession) -> list[str]:
    """Browsers of visitors who wait."""
    statement = select(C.device_id).where(col(C.state).in_(["waiting", "offered"])).distinct()  # type: ignore[call-overload]
    return list((await session.execute(statement)).scalars())


async def active_of(session: AsyncSession, agent_id: str) -> list[Conversation]:
    """An agent's active conversations, locked."""
    statement = select(C).where(col(C.agent_id) == agent_id, col(C.state) == "active").with_for_update()
    return [_value(row) for row in (await session.execute(statement)).scalars()]


async def claim(session: AsyncSession, conversation_id: str, member_id: str, *, now: datetime) -> bool:
    """The first who claims a missed conversation has it; False for everyone later."""
    statement = (
        update(C)
        .where(col(C.id) == conversation_id, col(C.state) == "missed", col(C.claimed_by).is_(None))
        .values(claimed_by=member_id, claimed_at=now)
        .returning(col(C.id))
    )
    return (await session.execute(statement)).first() is not None


async def load_of(session: AsyncSession, agent_id: str) -> int:
    """How many active conversations an agent has."""
    statement = select(func.count()).select_from(C).where(col(C.agent_id) == agent_id, col(C.state) == "active")
    return int((await session.execute(statement)).scalar_one())


async def save_draft(session: AsyncSession, conversation_id: str, member_id: str, draft: str, at: datetime) -> None:
    """Keep what an agent typed; empty text forgets it."""
    kept = await session.get(DraftRow, (conversation_id, member_id))
    if not draft:
        if kept:
            await session.delete(kept)
        return
    if kept:
        kept.text, kept.saved_at = draft, at
    else:
        session.add(DraftRow(conversation_id=conversation_id, member_id=member_id, text=draft, saved_at=at))


async def first_words(session: AsyncSession, conversation_id: str) -> str:
    """What the visitor wrote first."""
    statement = select(EntryRow.text).where(  # type: ignore[call-overload]
        col(EntryRow.conversation_id) == conversation_id, col(EntryRow.seq) == 1
    )
    return (await session.execute(statement)).scalar_one_or_none() or ""
