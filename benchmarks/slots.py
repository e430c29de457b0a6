"""Slots of 60 days of an agent with 1,000 busy events, asked for as a visitor may: in two calls of at most 31 days."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Final

from benchmarks.figures import Run
from benchmarks.installation import database
from inbox_app.data.engine import use_database
from inbox_app.domain import meeting_settings
from inbox_app.domain.booking import Interval, days_between, slots
from inbox_app.domain.people import Device
from inbox_app.services import bookings
from tests.data.builders import NOW, a_member
from tests.services.booking_builders import a_calendar, a_share, set_meetings

EVENTS: Final = 1_000
ASKED: Final = 30  # times a run
ZONE: Final = "Europe/Paris"  # its clock jumps within these days
VISITORS_ZONE: Final = "America/New_York"
FIRST: Final = NOW.date()
CALLS: Final = ((FIRST, FIRST + timedelta(days=30)), (FIRST + timedelta(days=31), FIRST + timedelta(days=59)))
HOURS: Final = {
    "time_zone": ZONE, "step_minutes": 15, "buffer_before_minutes": 10, "buffer_after_minutes": 5,
    "minimum_notice_hours": 0,
    "blocks": [{"day": day, "from": "08:00", "to": "20:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat")],
}  # fmt: skip


def busy_events() -> list[tuple[datetime, datetime]]:
    """Twenty minutes each, spread over day and night, so that all of them are looked at and slots are left."""
    return [
        (start, start + timedelta(minutes=20)) for start in (NOW + n * timedelta(minutes=86) for n in range(EVENTS))
    ]


def rule_runs(count: int) -> list[Run]:
    """The rule alone."""
    settings = meeting_settings.from_json(HOURS)
    busy = [Interval(*event) for event in busy_events()]

    async def ask(first: date, last: date) -> int:
        window = days_between(first, last, VISITORS_ZONE)
        return len(slots(settings, window, busy=busy, booked=[], now=NOW))

    return [asyncio.run(_run(ask)) for _ in range(count)]


def service_runs(kind: str, count: int) -> list[Run]:
    """As the visitor API asks, with a database of this kind."""

    async def all_runs(url: str) -> list[Run]:
        await use_database(url)
        share_id, device = await _shared_calendar()

        async def ask(first: date, last: date) -> int:
            found = await bookings.free_slots(
                share_id, first=first, last=last, time_zone=VISITORS_ZONE, device=device, now=NOW
            )
            return len(found.slots)

        measured = [await _run(ask) for _ in range(count)]
        await use_database(None)
        return measured

    with database(kind) as url:
        return asyncio.run(all_runs(url))


async def _shared_calendar() -> tuple[str, Device]:
    agent = await a_member("Ana")
    await set_meetings(agent, **HOURS)
    await a_calendar(agent, *busy_events())
    share = await a_share(agent)
    return share.id, share.device


async def _run(ask: Callable[[date, date], Awaitable[int]]) -> Run:
    """Each time the 60 days as a whole. A time without a slot in one of its calls is an error."""
    latencies, errors = [], 0
    for _ in range(ASKED):
        start = time.perf_counter()
        found = [await ask(first, last) for first, last in CALLS]
        latencies.append((time.perf_counter() - start) * 1000)
        errors += 0 in found
    return Run(tuple(latencies), ASKED, errors=errors)
