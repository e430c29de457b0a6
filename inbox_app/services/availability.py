"""The weekly schedule and the switch at the upper right (PRODUCT 2).

What makes an agent available, and the log of it.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from inbox_app import live
from inbox_app.data import conversations, members, tasks
from inbox_app.data.engine import reading_session
from inbox_app.data.instants import iso
from inbox_app.data.tables import AvailabilityChangeRow, MemberRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.domain import schedule as schedules
from inbox_app.domain.availability import Override, availability_at, override_until, toggled
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_agent
from inbox_app.services import routing, sign_in
from inbox_app.services.use_case import UseCase, use_case

BOUNDARY = "availability"


async def set_available(is_available: bool, *, member: Member, now: datetime) -> None:
    """Override the schedule (2.2).

    Active conversations are untouched (2.3); what rings while one switches off goes on.
    """
    require_agent(member)
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        row = await case.session.get_one(MemberRow, member.id)
        schedule = members.schedule_of(row)
        zone = schedule.time_zone if schedule else row.time_zone
        _override(row, toggled(schedule, is_available=is_available, time_zone=zone, now=now))
        row.misses = 0
        await settle(case, row, reason="override", now=now)
        if not is_available:
            await routing.take_back(case, row.id, now=now)
        await routing.offer_waiting_in(case, now=now)
    sign_in.forget()


async def switch_off(case: UseCase, row: MemberRow, *, reason: str, now: datetime) -> None:
    """The system makes an agent unavailable (three misses), until the next block or the agent's own switch."""
    schedule = members.schedule_of(row)
    zone = schedule.time_zone if schedule else row.time_zone
    until = override_until(schedule, is_available=False, time_zone=zone, now=now)
    _override(row, Override(False, until))
    await settle(case, row, reason=reason, now=now)


def _override(row: MemberRow, override: Override | None) -> None:
    row.override = override.is_available if override else None
    row.override_until = override.until if override else None


async def settle(case: UseCase, row: MemberRow, *, reason: str, now: datetime) -> None:
    """After anything that may have changed it: the log, the news, and the next boundary as work with a due time."""
    override = members.override_of(row)
    if override is not None and not override.lasts(now):
        _override(row, None)
    state = availability_at(members.schedule_of(row), members.override_of(row), now)
    if row.was_available is not state.is_available:
        row.was_available = state.is_available
        case.session.add(
            AvailabilityChangeRow(member_id=row.id, is_available=state.is_available, reason=reason, at=now)
        )
    due = [at for at in (state.until, row.override_until) if at is not None]
    if due:
        await tasks.plan(case.session, BOUNDARY, row.id, due_at=min(due))
    await case.session.flush()
    case.tell(
        live.topics.agent(row.id), "availability", available=state.is_available, available_reason=state.reason,
        available_until=iso(state.until) or None, cause=reason,
    )  # fmt: skip


async def pass_boundary(case: UseCase, member_id: str, *, now: datetime) -> None:
    """A block starts or ends, or an override is over: it changes by itself (2.4)."""
    row = await case.session.get(MemberRow, member_id)
    if row is None or row.disabled_at is not None:
        return
    await settle(case, row, reason="schedule", now=now)
    await routing.offer_waiting_in(case, now=now)


@uninterrupted
async def plan_boundaries(*, now: datetime) -> None:
    """At the start of a server: everyone's next boundary is planned, also after a restore or an import."""
    async with use_case() as case:
        for row in await members.everyone(case.session):
            if row.takes_chats and row.disabled_at is None and row.schedule is not None:
                await tasks.plan(case.session, BOUNDARY, row.id, due_at=now)


async def schedule_of(member: Member) -> dict[str, Any]:
    """CONTRACT `GET /agent/schedule`; no schedule: every day around the clock, in the agent's zone."""
    async with reading_session() as session:
        row = await session.get_one(MemberRow, member.id)
    found = members.schedule_of(row)
    if found is not None:
        return schedules.to_json(found)
    blocks = [{"day": day, "from": "00:00", "to": "24:00"} for day in schedules.DAYS]
    return {"time_zone": row.time_zone, "blocks": blocks, "exceptions": []}


async def set_schedule(value: dict[str, Any], *, member: Member, now: datetime) -> dict[str, Any]:
    """Store it.

    Raises InvalidInput naming the field. An override goes on, to the end that the new schedule gives it.
    """
    require_agent(member)
    zone = schedules.clean_time_zone(value.get("time_zone", "UTC"))
    kept = await schedule_of(member)
    old_days = {item["date"] for item in kept["exceptions"]}
    schedule = schedules.from_json(value, today=now.astimezone(ZoneInfo(zone)).date(), kept=old_days)
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        row = await case.session.get_one(MemberRow, member.id)
        row.schedule, row.time_zone = schedules.to_json(schedule), zone
        if row.override is not None:
            until = override_until(schedule, is_available=row.override, time_zone=zone, now=now)
            _override(row, Override(row.override, until))
        case.audit("schedule.changed", by=member.id, now=now, subject=member.id)
        await settle(case, row, reason="schedule", now=now)
        await routing.offer_waiting_in(case, now=now)
    sign_in.forget()
    return schedules.to_json(schedule)
