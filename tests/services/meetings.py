"""Meetings as the booking writes them, with what is planned after each step."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inbox_app.data.engine import unit_of_work
from inbox_app.data.ids import new_id
from inbox_app.data.tables import CalendarShareRow, MeetingRow
from inbox_app.domain.people import Member
from inbox_app.services import after_booking
from inbox_app.services.use_case import use_case
from tests.data.builders import NOW, Chat, a_chat, a_device, a_member, a_uuid

START = NOW + timedelta(days=1)


@dataclass(frozen=True)
class Booked:
    id: str
    agent: Member
    chat: Chat


async def a_meeting(agent: Member | None = None, *, visitor: dict[str, Any] | None = None, **changes: Any) -> Booked:
    """Vera, in Paris, has booked half an hour with Ana, in New York, for tomorrow 9:30 UTC."""
    agent = agent or await a_member("Ana Lovelace", email="ana@example.com", time_zone="America/New_York")
    device = await a_device(**{"name": "Vera Klein", "email": "vera@example.com"} | (visitor or {}))
    chat = await a_chat(agent=agent, device=device, texts=("Hello", "Can we <b>talk</b>?"))
    share = CalendarShareRow(id=new_id(), conversation_id=chat.id, agent_id=agent.id, shared_by=agent.id, shared_at=NOW)
    meeting_id = new_id()
    row = MeetingRow(
        **{
            "id": meeting_id, "uid": f"{meeting_id}@agent-inbox", "share_id": share.id, "conversation_id": chat.id,
            "visitor_id": device.visitor_id, "agent_id": agent.id, "client_id": a_uuid(), "start_at": START,
            "end_at": START + timedelta(minutes=30), "status": "scheduled", "visitor_name": "Vera Klein",
            "visitor_email": "vera@example.com", "time_zone": "Europe/Paris", "created_at": NOW, "changed_at": NOW,
        }
        | changes
    )  # fmt: skip
    async with unit_of_work() as session:
        session.add(share)
        await session.flush()
        session.add(row)
    await _plan(meeting_id, NOW)
    return Booked(meeting_id, agent, chat)


async def change(booked: Booked, *, now: datetime = NOW, **changes: Any) -> None:
    """The next version: `start_at` moves it, `status="cancelled"` cancels it."""
    async with unit_of_work() as session:
        row = await session.get_one(MeetingRow, booked.id)
        row.sequence, row.changed_at = row.sequence + 1, now
        for name, value in changes.items():
            setattr(row, name, value)
        if "start_at" in changes:
            row.end_at, row.status = row.start_at + timedelta(minutes=30), "rescheduled"
        session.add(row)
    await _plan(booked.id, now)


async def _plan(meeting_id: str, now: datetime) -> None:
    async with use_case() as case:
        meeting = await case.session.get_one(MeetingRow, meeting_id)
        await after_booking.plan(case, meeting, now=now)
