"""Steps of a story of meetings, each one call: `share = await a_share(ana)`, `await a_meeting(share, start=at(10))`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from inbox_app.data.engine import unit_of_work
from inbox_app.data.ids import new_id
from inbox_app.data.models_meetings import MeetingView, SlotsView
from inbox_app.data.tables import BusyRow, CalendarRow, MeetingRow, MemberRow
from inbox_app.domain import meeting_settings
from inbox_app.domain.people import Device, Member
from inbox_app.services import bookings, shares
from tests.data.builders import NOW, Chat, a_chat, a_device, a_uuid, rows_of

TOMORROW = date(2026, 3, 3)  # NOW is a Monday, 09:30 UTC
TODAY = TOMORROW - timedelta(days=1)


def at(hour: int, minute: int = 0, *, days: int = 1) -> datetime:
    """A time, tomorrow or so many days after NOW."""
    return NOW.replace(hour=hour, minute=minute) + timedelta(days=days)


@dataclass(frozen=True)
class Share:
    """A calendar that was shared, with whom."""

    id: str
    chat: Chat
    device: Device
    agent: Member


async def a_share(agent: Member, *, of: Member | None = None, device: Device | None = None, email: str = "") -> Share:
    """In a chat of this agent: the agent's own calendar, or another's (`of`). `email`: what is known of the visitor."""
    device = device or await a_device(**({"email": email} if email else {}))
    chat = await a_chat(agent=agent, device=device)
    share_id = await shares.share(chat.id, (of or agent).id, member=agent, now=NOW)
    return Share(share_id, chat, device, of or agent)


async def book(share: Share, start: datetime | str, *, now: datetime = NOW, **more: Any) -> tuple[MeetingView, bool]:
    """The share's visitor books; the address is given unless said otherwise."""
    wish = {"client_id": a_uuid(), "email": f"{share.device.id.lower()}@example.com"} | more
    text = start if isinstance(start, str) else start.isoformat()
    return await bookings.book(share.id, start=text, device=share.device, now=now, **wish)


async def a_meeting(share: Share, start: datetime, **more: Any) -> MeetingView:
    """Booked."""
    meeting, is_new = await book(share, start, **more)
    assert is_new
    return meeting


async def slots_of(share: Share, first: date = TOMORROW, last: date = TOMORROW, zone: str = "UTC") -> SlotsView:
    """What the visitor can choose from."""
    return await bookings.free_slots(share.id, first=first, last=last, time_zone=zone, device=share.device, now=NOW)


async def set_meetings(agent: Member, **changes: Any) -> None:
    """The agent's meeting settings: the defaults in UTC with these changes."""
    value = meeting_settings.to_json(meeting_settings.defaults("UTC")) | changes
    async with unit_of_work() as session:
        (await session.get_one(MemberRow, agent.id)).meeting_settings = value


async def a_calendar(agent: Member, *busy: tuple[datetime, datetime], status: str = "ok") -> None:
    """A connected calendar as it was read last."""
    calendar_id = new_id()
    row = CalendarRow(
        id=calendar_id, member_id=agent.id, kind="caldav", address=f"https://{calendar_id}.example", status=status,
        check_at=NOW, created_at=NOW,
    )  # fmt: skip
    async with unit_of_work() as session:
        session.add(row)
        await session.flush()
        session.add_all(BusyRow(calendar_id=calendar_id, start_at=start, end_at=end) for start, end in busy)


async def disable(agent: Member) -> None:
    """The agent is no longer here."""
    async with unit_of_work() as session:
        (await session.get_one(MemberRow, agent.id)).disabled_at = NOW


async def living(agent: Member) -> list[MeetingRow]:
    """The agent's meetings that take place, in order."""
    found = [row for row in await rows_of(MeetingRow, agent_id=agent.id) if row.status != "cancelled"]
    return sorted(found, key=lambda row: row.start_at)
