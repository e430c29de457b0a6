"""Calendars outside that do what a test tells them, and a clock that is moved while they are read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import CalendarRow
from inbox_app.domain.people import Member
from inbox_app.integrations.calendars import BusyTime, Reading
from inbox_app.integrations.calendars.troubles import TooSlow
from inbox_app.services import calendar_access, calendar_sync, calendars
from inbox_app.services.calendar_access import Opener, sealed
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale
from tests.data.builders import NOW

A_MINUTE = timedelta(minutes=1)


async def connect(member: Member, radicale: Radicale, calendar: str) -> str:
    radicale.add_calendar(calendar, calendar)
    return await calendars.connect_caldav(radicale.address(calendar), ACCOUNT, PASSWORD, member=member, now=NOW)


async def run_for_a_minute(start: datetime, opener: Opener = calendar_access.connect) -> datetime:
    """All that a process does in the minute from then on, by a clock that is moved."""
    for second in range(0, 61, 5):
        await calendar_sync.run_due(now=start + timedelta(seconds=second), opener=opener)
    return start + A_MINUTE


async def status_of(member: Member) -> tuple[str, str]:
    (view,) = await views.calendars(member)
    return view.status, view.problem


class Calendar:
    """A calendar outside that does what a test tells it."""

    def __init__(self, times: list[BusyTime] | None = None, version: str = "") -> None:
        self.reading, self.trouble = Reading(times or [], version), None
        self.asked: list[tuple[datetime, datetime, str]] = []

    async def busy(self, address: str, start: datetime, end: datetime, *, zone: str, version: str = "") -> Reading:
        self.asked.append((start, end, version))
        if self.trouble is not None:
            raise self.trouble
        return self.reading

    async def close(self) -> None:
        return

    async def open(self, **_: object) -> "Calendar":
        return self


async def a_row(member: Member, **changes: object) -> str:
    values = {
        "id": f"c-{member.id}", "member_id": member.id, "kind": "caldav", "address": "https://c.example.com",
        "secret": sealed("x", now=NOW), "status": "ok", "check_at": NOW, "created_at": NOW,
    } | changes  # fmt: skip
    async with unit_of_work() as session:
        session.add(CalendarRow(**values))
    return str(values["id"])


class Hanging(Calendar):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.is_over, self.all_hang, self.left = asyncio.Event(), asyncio.Event(), count

    async def busy(self, *args: object, **more: object) -> Reading:
        self.left -= 1
        if not self.left:
            self.all_hang.set()
        await self.is_over.wait()
        raise TooSlow


@asynccontextmanager
async def hanging(count: int) -> AsyncIterator["Hanging"]:
    """Calendars that do not answer until the block ends."""
    outside = Hanging(count)
    try:
        yield outside
    finally:
        outside.is_over.set()
