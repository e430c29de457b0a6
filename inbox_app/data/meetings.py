"""Shared calendars and meetings, for writing, and what an agent's time is taken by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data import calendars
from inbox_app.data.members import meeting_settings_of
from inbox_app.data.tables import CalendarRow, CalendarShareRow, ConversationRow, MeetingRow, MemberRow
from inbox_app.domain.booking import Interval
from inbox_app.domain.meetings import AROUND, NO_TIME, Diary

S, T, M = CalendarShareRow, MeetingRow, MemberRow
LOOKS: Final = tuple(timedelta(days=days) for days in (4, 16, 64, 366))
"""So far ahead the next free time is looked for, step by step: most agents have one within days."""
is_living: Final = col(T.status) != "cancelled"


async def share_of(session: AsyncSession, share_id: str) -> CalendarShareRow | None:
    """The share, locked."""
    return await session.get(S, share_id, with_for_update=True)


async def share_of_device(session: AsyncSession, share_id: str, device_id: str) -> CalendarShareRow | None:
    """The share, if it is in a conversation of this browser."""
    statement = (
        select(S)
        .join(ConversationRow, col(ConversationRow.id) == col(S.conversation_id))
        .where(col(S.id) == share_id, col(ConversationRow.device_id) == device_id)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def get(session: AsyncSession, meeting_id: str) -> MeetingRow | None:
    """The meeting, locked."""
    return await session.get(T, meeting_id, with_for_update=True, populate_existing=True)


async def by_client_id(session: AsyncSession, share_id: str, client_id: str) -> MeetingRow | None:
    """What was booked under this id."""
    statement = select(T).where(col(T.share_id) == share_id, col(T.client_id) == client_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def living_of(session: AsyncSession, share_id: str, *, now: datetime) -> MeetingRow | None:
    """The meeting by this share that is still to come, or goes on."""
    statement = select(T).where(col(T.share_id) == share_id, is_living, col(T.end_at) > now).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()


async def ahead_of(session: AsyncSession, agent_id: str, *, now: datetime) -> int:
    """How many meetings an agent has ahead."""
    statement = select(func.count()).select_from(T).where(col(T.agent_id) == agent_id, is_living, col(T.start_at) > now)
    return int((await session.execute(statement)).scalar_one())


async def lock_agent(session: AsyncSession, member_id: str) -> MemberRow:
    """One booking of an agent at a time, with the settings as they are now.

    On PostgreSQL the weaker lock: rows that refer to the agent can be added meanwhile.
    """
    return await session.get_one(M, member_id, with_for_update={"key_share": True}, populate_existing=True)


async def diary_of(session: AsyncSession, agent: MemberRow, window: Interval, *, without: str = "") -> Diary:
    """What is known of an agent's time around the window. `without`: a meeting that is not in its own way."""
    wide = Interval(_earlier(window.start), _later(window.end))
    return Diary(
        settings=meeting_settings_of(agent),
        busy=await calendars.busy(session, agent.id, wide),
        booked=[interval for _, interval in await _booked(session, [agent.id], wide, without=without)],
        is_agent=agent.takes_chats and agent.disabled_at is None,
        is_broken=await calendars.is_broken(session, agent.id),
    )


def _earlier(instant: datetime) -> datetime:
    return instant - AROUND


def _later(instant: datetime) -> datetime:
    return instant + AROUND


async def _booked(
    session: AsyncSession, agent_ids: Sequence[str], window: Interval, *, without: str = ""
) -> list[tuple[str, Interval]]:
    statement: Any = select(T.agent_id, T.start_at, T.end_at).where(  # type: ignore[call-overload]
        col(T.agent_id).in_(agent_ids), is_living, col(T.start_at) < window.end, col(T.end_at) > window.start,
        col(T.id) != without,
    )  # fmt: skip
    rows = (await session.execute(statement)).all()
    return [(row.agent_id, Interval(row.start_at, row.end_at)) for row in rows]


@dataclass(frozen=True)
class Standing:
    """Whether an agent can be booked: the next free time, or why there is none."""

    why_not: str = ""
    next_slot: datetime | None = None


async def standings(session: AsyncSession, agents: Iterable[MemberRow], *, now: datetime) -> dict[str, Standing]:
    """How each of these agents stands. Many agents cost few queries: only connected calendars are asked one by one."""
    found: dict[str, Standing] = {}
    left = {agent.id: agent for agent in agents}
    connected = set((await session.execute(select(CalendarRow.member_id).distinct())).scalars())
    begin = now
    for look in LOOKS:
        window = Interval(begin, now + look)
        for agent_id, diary in (await _diaries(session, list(left.values()), window, connected)).items():
            slots = [] if diary.why_not else diary.free(window, now=now)
            if diary.why_not or slots:
                found[agent_id] = Standing(diary.why_not, slots[0] if slots else None)
                del left[agent_id]
            elif timedelta(days=diary.settings.horizon_days) < look:
                found[agent_id] = Standing(NO_TIME)
                del left[agent_id]
        begin = window.end
    return found | {agent_id: Standing(NO_TIME) for agent_id in left}


async def _diaries(
    session: AsyncSession, agents: Sequence[MemberRow], window: Interval, connected: set[str]
) -> dict[str, Diary]:
    if not agents:
        return {}
    wide = Interval(_earlier(window.start), _later(window.end))
    booked: dict[str, list[Interval]] = {agent.id: [] for agent in agents}
    for agent_id, interval in await _booked(session, list(booked), wide):
        booked[agent_id].append(interval)
    return {
        agent.id: Diary(
            settings=meeting_settings_of(agent),
            busy=await calendars.busy(session, agent.id, wide) if agent.id in connected else (),
            booked=booked[agent.id],
            is_agent=agent.takes_chats and agent.disabled_at is None,
            is_broken=agent.id in connected and await calendars.is_broken(session, agent.id),
        )
        for agent in agents
    }


async def next_slot(session: AsyncSession, agent: MemberRow, *, now: datetime) -> Standing:
    """How one agent stands."""
    return (await standings(session, [agent], now=now))[agent.id]


async def first_free(
    session: AsyncSession, agent: MemberRow, *, after: datetime, without: str = "", now: datetime
) -> datetime | None:
    """The first free time from an instant on."""
    for look in LOOKS:
        window = Interval(max(after, now), now + look)
        if window.start < window.end:
            found = (await diary_of(session, agent, window, without=without)).free(window, now=now)
            if found:
                return found[0]
    return None
