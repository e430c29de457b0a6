"""Offers and the rotation."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.ids import new_id
from inbox_app.data.tables import ConversationRow, MemberRow, OfferRow
from inbox_app.data.views.rows import online
from inbox_app.domain.availability import availability_of
from inbox_app.domain.routing import DEFAULT_CAPACITY, Candidate

O, M, C = OfferRow, MemberRow, ConversationRow  # noqa: E741


async def candidates(session: AsyncSession) -> list[Candidate]:
    """All enabled agents as routing sees them; an offer that rings counts as load."""
    active = select(func.count()).select_from(C).where(col(C.agent_id) == col(M.id), col(C.state) == "active")
    ringing = select(func.count()).select_from(O).where(col(O.agent_id) == col(M.id), col(O.state) == "pending")
    load = active.correlate(M).scalar_subquery() + ringing.correlate(M).scalar_subquery()
    statement: Any = select(M, load.label("load"), online(M.id).label("is_present")).where(
        col(M.takes_chats), col(M.disabled_at).is_(None)
    )
    return [
        Candidate(
            agent_id=member.id, name=member.name,
            is_available=availability_of(member.schedule, member.override).is_available,
            is_present=is_present, load=load, capacity=member.capacity or DEFAULT_CAPACITY, turn=member.turn,
        )
        for member, load, is_present in (await session.execute(statement)).all()
    ]  # fmt: skip


async def tried(session: AsyncSession, conversation_id: str) -> frozenset[str]:
    """The agents who were asked already: nobody is asked twice."""
    statement = select(O.agent_id).where(col(O.conversation_id) == conversation_id)  # type: ignore[call-overload]
    return frozenset((await session.execute(statement)).scalars())


async def add(session: AsyncSession, conversation_id: str, agent_id: str, *, why: str, now: datetime) -> OfferRow:
    """Ask an agent, who goes to the end of the rotation."""
    newest = select(func.max(M.turn)).scalar_subquery()
    await session.execute(update(M).where(col(M.id) == agent_id).values(turn=newest + 1))
    row = OfferRow(
        id=new_id(), conversation_id=conversation_id, agent_id=agent_id, state="pending", why=why, offered_at=now
    )
    session.add(row)
    await session.flush()
    return row


async def conversation_of(session: AsyncSession, offer_id: str, agent_id: str) -> str | None:
    """What this agent's offer is about."""
    statement = select(O.conversation_id).where(col(O.id) == offer_id, col(O.agent_id) == agent_id)  # type: ignore[call-overload]
    found: str | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def ringing_at(session: AsyncSession, agent_id: str) -> list[str]:
    """Conversations that this agent is asked to take."""
    statement = select(O.conversation_id).where(col(O.agent_id) == agent_id, col(O.state) == "pending")  # type: ignore[call-overload]
    return list((await session.execute(statement)).scalars())


async def decide(session: AsyncSession, offer_id: str, agent_id: str, *, state: str, now: datetime) -> str | None:
    """Close a pending offer of this agent; its conversation, or None when it is gone: exactly one caller gets it."""
    statement = (
        update(O)
        .where(col(O.id) == offer_id, col(O.agent_id) == agent_id, col(O.state) == "pending")
        .values(state=state, decided_at=now)
        .returning(col(O.conversation_id))
    )
    conversation_id: str | None = (await session.execute(statement)).scalar_one_or_none()
    return conversation_id


async def withdraw(session: AsyncSession, conversation_id: str, *, now: datetime) -> list[tuple[str, str]]:
    """Close what rings for a conversation; (offer, agent) of each."""
    statement = (
        update(O)
        .where(col(O.conversation_id) == conversation_id, col(O.state) == "pending")
        .values(state="withdrawn", decided_at=now)
        .returning(col(O.id), col(O.agent_id))
    )
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def ringing_elsewhere(session: AsyncSession, agent_id: str) -> list[str]:
    """Conversations that ring only at agents who are away, and that this agent was not asked for: present ones first."""
    asked = select(O.conversation_id).where(col(O.agent_id) == agent_id)  # type: ignore[call-overload]
    statement = (
        select(O.conversation_id)  # type: ignore[call-overload]
        .where(col(O.state) == "pending", or_(~online(O.agent_id)), col(O.conversation_id).not_in(asked))
        .order_by(col(O.offered_at))
    )
    return list((await session.execute(statement)).scalars())
