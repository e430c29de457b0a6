"""Members: the top bar, pending offers, whose calendars can be shared."""

import json
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from inbox_app.data import rule_settings
from inbox_app.data.engine import reading
from inbox_app.data.instants import iso
from inbox_app.data.members import override_of, picture_url, schedule_of
from inbox_app.data.models import AgentView, OfferView
from inbox_app.data.tables import AvailabilityChangeRow, EntryRow, MemberRow, OfferRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.data.views.rows import NAME, C, M, V
from inbox_app.domain import people
from inbox_app.domain.availability import Availability, availability_at, is_available_at
from inbox_app.domain.errors import NotFound
from inbox_app.domain.people import Member
from inbox_app.domain.routing import Why, WhyKind


@uninterrupted
async def agent(member_id: str, *, now: datetime) -> AgentView:
    """The signed-in member: who, and whether chats are offered. Raises NotFound for nobody."""
    load = (
        select(func.count())
        .select_from(C)
        .where(col(C.agent_id) == member_id, col(C.state) == "active")
        .scalar_subquery()
    )
    async with reading() as connection:
        row = (await connection.execute(select(M, load.label("load")).where(col(M.id) == member_id))).first()
        settings = await rule_settings.load(connection)
        if row is None:
            raise NotFound
        is_agent = row.takes_chats and row.disabled_at is None
        state = Availability(False, "schedule", None)
        if is_agent:
            state = availability_at(schedule_of(row), override_of(row), now)
        is_switched_off = state.reason == "override" and not state.is_available
        missed_too_many = is_switched_off and await _last_cause(connection, member_id) == "misses"
    return AgentView(
        id=row.id, name=row.name, email=row.email, role=row.role, initials=people.initials(row.name),
        colour=people.colour_of(row.id), is_agent=is_agent, language=row.language or "",
        colour_scheme=row.colour_scheme or "", time_zone=row.time_zone, available=state.is_available,
        available_reason=state.reason, available_until=iso(state.until), active_conversations=row.load,
        capacity=row.capacity or settings.capacity, missed_too_many=missed_too_many,
        picture=picture_url(row),
    )  # fmt: skip


async def _last_cause(connection: AsyncConnection, member_id: str) -> str:
    """Of the newest line of the status log."""
    log = AvailabilityChangeRow
    newest = select(log.reason).where(col(log.member_id) == member_id).order_by(col(log.id).desc()).limit(1)  # type: ignore[call-overload]
    return (await connection.execute(newest)).scalar_one_or_none() or ""


@uninterrupted
async def agents(*, now: datetime) -> list[AgentView]:
    """All enabled agents, by name, for lists to choose from."""
    async with reading() as connection:
        statement = select(M).where(col(M.takes_chats), col(M.disabled_at).is_(None)).order_by(col(M.name))
        rows: list[MemberRow] = list((await connection.execute(statement)).all())  # type: ignore[arg-type]
    return [_named(row, now) for row in rows]


def _named(row: MemberRow, now: datetime) -> AgentView:
    is_available = is_available_at(schedule_of(row), override_of(row), now)
    return AgentView(
        id=row.id, name=row.name, email="", role=row.role, initials=people.initials(row.name),
        colour=people.colour_of(row.id), is_agent=True, language="", colour_scheme="", time_zone=row.time_zone,
        available=is_available, available_reason="", available_until="", active_conversations=0, capacity=0,
    )  # fmt: skip


def why_from(stored: str) -> Why:
    """The reason as it was stored; nothing: the rotation."""
    value = json.loads(stored) if stored.startswith("{") else {}
    return Why(WhyKind(value.get("kind", WhyKind.TURN)), str(value.get("name", "")), value.get("on_claim") is True)


@uninterrupted
async def pending_offers(member: Member) -> list[OfferView]:
    """The chats that this agent is asked to take, oldest first."""
    first_words = (
        select(EntryRow.text)
        .where(col(EntryRow.conversation_id) == col(C.id), col(EntryRow.seq) == 1)
        .correlate(C)
        .scalar_subquery()
    )
    statement = (
        select(
            OfferRow.id, OfferRow.conversation_id, OfferRow.why, OfferRow.offered_at, OfferRow.expires_at,
            C.page_url, C.visitor_id, NAME.label("name"), first_words.label("words"),
        )  # type: ignore[call-overload]
        .join(C, col(C.id) == col(OfferRow.conversation_id))
        .join(V, col(V.id) == col(C.visitor_id))
        .where(col(OfferRow.agent_id) == member.id, col(OfferRow.state) == "pending")
        .order_by(col(OfferRow.offered_at))
    )  # fmt: skip
    async with reading() as connection:
        rows = (await connection.execute(statement)).all()
    whys = [why_from(row.why) for row in rows]
    return [
        OfferView(
            id=row.id, conversation_id=row.conversation_id,
            visitor_name=people.visitor_title(row.name, row.visitor_id), text=(row.words or "")[:200],
            page_url=row.page_url, why=str(why), offered_at=iso(row.offered_at), expires_at=iso(row.expires_at),
            why_kind=why.kind.value, why_name=why.name, why_on_claim=why.on_claim,
        )
        for row, why in zip(rows, whys, strict=True)
    ]  # fmt: skip
