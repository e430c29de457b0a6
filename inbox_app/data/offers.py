"""Offers and the rotation."""

import functools
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, String, bindparam, cast, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.ids import new_id
from inbox_app.data.leases import held
from inbox_app.data.members import schedule_in
from inbox_app.data.tables import ConversationRow, MemberRow, OfferRow, TaskRow
from inbox_app.data.views.rows import online
from inbox_app.domain.availability import Override, is_available_at
from inbox_app.domain.leases import RETURN
from inbox_app.domain.routing import Candidate

O, M, C, T = OfferRow, MemberRow, ConversationRow, TaskRow  # noqa: E741
AGENT_RETURN: Final = "agent_return"
"""The task that ends the minute in which an agent whose connection dropped is expected back."""
OfferEnd = Literal["withdrawn", "dropped"]


async def candidates(session: AsyncSession, *, capacity: int, now: datetime) -> list[Candidate]:
    """All enabled agents as routing sees them; an offer that rings counts as load.

    `capacity`: of who has none of his own.

    Plain columns and one pass over what is active and what rings: with 500 agents, rows of the ORM and a count for
    each of them took ten times as long.
    """
    connection = await session.connection()
    rows = (await connection.execute(_everyone())).all()
    expected = set((await connection.execute(_expected(now))).scalars())

    @functools.cache  # many agents have the same hours
    def is_available(schedule: str | None, override: bool | None, until: datetime | None) -> bool:
        return is_available_at(
            None if schedule is None else schedule_in(schedule),
            None if override is None else Override(override, until), now,
        )  # fmt: skip

    return [
        Candidate(
            agent_id=agent_id, name=name, is_present=is_present, load=load, capacity=own_capacity or capacity,
            turn=turn, is_available=is_available(schedule, override, until), is_expected=agent_id in expected,
        )
        for agent_id, name, schedule, override, until, own_capacity, turn, load, is_present in rows
    ]  # fmt: skip


@functools.cache
def _everyone() -> Any:
    active = _count_by_agent(C.agent_id, col(C.state) == "active")
    ringing = _count_by_agent(O.agent_id, col(O.state) == "pending")
    load = func.coalesce(active.c.count, 0) + func.coalesce(ringing.c.count, 0)
    columns: Any = select(
        M.id, M.name, cast(col(M.schedule), String), M.override, M.override_until, M.capacity, M.turn, load,
        online(M.id),
    )  # type: ignore[call-overload]  # fmt: skip
    return (
        columns.outerjoin(active, active.c.agent_id == col(M.id))
        .outerjoin(ringing, ringing.c.agent_id == col(M.id))
        .where(col(M.takes_chats), col(M.disabled_at).is_(None))
    )


def _expected(now: datetime) -> Any:
    statement: Any = select(T.subject_id)  # type: ignore[call-overload]
    return statement.where(col(T.kind) == AGENT_RETURN, held(T.due_at, now=now, length=RETURN))


def _count_by_agent(agent_id: Any, condition: ColumnElement[bool]) -> Any:
    counted: Any = select(agent_id.label("agent_id"), func.count().label("count"))
    return counted.where(condition).group_by(agent_id).subquery()


_TRIED: Final[Any] = select(O.agent_id).where(  # type: ignore[call-overload]
    col(O.conversation_id) == bindparam("conversation_id"), col(O.state) != "dropped"
)


async def tried(session: AsyncSession, conversation_id: str) -> frozenset[str]:
    """The agents who were asked already: nobody is asked twice, unless the connection dropped while it rang."""
    asked = await (await session.connection()).execute(_TRIED, {"conversation_id": conversation_id})
    return frozenset(asked.scalars())


async def add(
    session: AsyncSession, conversation_id: str, agent_id: str, *, why: str, now: datetime, expires_at: datetime
) -> OfferRow:
    """Ask an agent, who goes to the end of the rotation."""
    dropped = col(O.conversation_id) == conversation_id, col(O.agent_id) == agent_id, col(O.state) == "dropped"
    await session.execute(delete(O).where(*dropped))
    newest = select(func.max(M.turn)).scalar_subquery()
    await session.execute(update(M).where(col(M.id) == agent_id).values(turn=newest + 1))
    row = OfferRow(
        id=new_id(), conversation_id=conversation_id, agent_id=agent_id, state="pending", why=why, offered_at=now,
        expires_at=expires_at,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def conversation_of(session: AsyncSession, offer_id: str) -> str | None:
    """What an offer is about. Lock that first, then the offer: everyone in this order, so that nobody deadlocks."""
    statement = select(O.conversation_id).where(col(O.id) == offer_id)  # type: ignore[call-overload]
    conversation_id: str | None = (await session.execute(statement)).scalar_one_or_none()
    return conversation_id


async def decide(session: AsyncSession, offer_id: str, agent_id: str, *, state: str, now: datetime) -> bool:
    """Close a pending offer of this agent; False when it is gone: exactly one caller gets it."""
    statement = (
        update(O)
        .where(col(O.id) == offer_id, col(O.agent_id) == agent_id, col(O.state) == "pending")
        .values(state=state, decided_at=now)
        .returning(col(O.id))
    )
    return (await session.execute(statement)).first() is not None


async def withdraw(
    session: AsyncSession, conversation_id: str, *, state: OfferEnd, now: datetime
) -> list[tuple[str, str]]:
    """Close what rings for a conversation; (offer, agent) of each."""
    statement = (
        update(O)
        .where(col(O.conversation_id) == conversation_id, col(O.state) == "pending")
        .values(state=state, decided_at=now)
        .returning(col(O.id), col(O.agent_id))
    )
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def expire(session: AsyncSession, offer_id: str, *, now: datetime) -> OfferRow | None:
    """Close a pending offer whose time is over; None when it was decided."""
    statement = (
        update(O)
        .where(col(O.id) == offer_id, col(O.state) == "pending")
        .values(state="expired", decided_at=now)
        .returning(O)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def pending_of(session: AsyncSession, agent_id: str) -> list[str]:
    """The conversations that ring at an agent."""
    statement = select(O.conversation_id).where(col(O.agent_id) == agent_id, col(O.state) == "pending")  # type: ignore[call-overload]
    return list((await session.execute(statement)).scalars())
