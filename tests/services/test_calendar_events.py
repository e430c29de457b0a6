"""A booked meeting stands in the agent's own calendar, once, moves there and goes away (PRODUCT 4.4)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest

from inbox_app.data.calendars import busy
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import MeetingRow, OutboxRow
from inbox_app.domain.booking import Interval
from inbox_app.domain.people import Member
from inbox_app.integrations.calendars.troubles import UNREADABLE
from inbox_app.services import after_booking, calendar_events, calendar_sync, calendars, outbox
from inbox_app.services.outgoing import Errand
from inbox_app.services.use_case import use_case
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale, running_radicale
from tests.data.builders import NOW, a_member, rows_of
from tests.services.builders import later

pytestmark = pytest.mark.usefixtures("database")
AMeeting = Callable[..., Awaitable[str]]
ONLY_CALENDARS = {after_booking.CALENDAR: calendar_events.bring_up_to_date}


async def connect(member: Member, radicale: Radicale, calendar: str) -> str:
    radicale.add_calendar(calendar, calendar)
    return await calendars.connect_caldav(radicale.address(calendar), ACCOUNT, PASSWORD, member=member, now=NOW)


async def step(meeting_id: str, *, now: datetime = NOW, **changes: Any) -> None:
    """The meeting is booked, moved or cancelled, and what follows is planned."""
    async with use_case() as case:
        meeting = await case.session.get_one(MeetingRow, meeting_id)
        for name, value in changes.items():
            setattr(meeting, name, value)
        await after_booking.plan(case, meeting, now=now)


async def carry_out(now: datetime = NOW) -> list[str]:
    """What is due in calendars. The states of all that was planned there."""
    await outbox.run_due(now=now, handlers=ONLY_CALENDARS)
    return [row.state for row in await rows_of(OutboxRow, kind=after_booking.CALENDAR)]


def events(radicale: Radicale, calendar: str) -> list[tuple[str, int, datetime]]:
    found = [icalendar.Calendar.from_ical(text).walk("VEVENT")[0] for text in radicale.objects(calendar)]
    return [(str(event["UID"]), int(event["SEQUENCE"]), event.start) for event in found]


async def test_a_meeting_appears_moves_and_goes_away(radicale: Radicale, a_meeting_at: AMeeting) -> None:
    ana = await a_member(language="fr")
    await connect(ana, radicale, "story")
    start = later(minutes=60)
    meeting_id = await a_meeting_at(ana, start, start + timedelta(minutes=30), video_link="https://meet.example.com/1")
    uid = f"{meeting_id}@agent-inbox"
    await step(meeting_id)
    assert await carry_out() == ["done"]
    assert events(radicale, "story") == [(uid, 0, start)]
    assert "SUMMARY:Réunion avec Vera" in radicale.objects("story")[0]
    assert "vera@acme.com" in radicale.objects("story")[0]

    moved = start + timedelta(days=1)
    ends = moved + timedelta(minutes=30)
    await step(meeting_id, start_at=moved, end_at=ends, sequence=1, status="rescheduled", changed_at=later(60))
    assert await carry_out() == ["done", "done"]
    assert events(radicale, "story") == [(uid, 1, moved)]

    await step(meeting_id, sequence=2, status="cancelled")
    assert await carry_out() == ["done", "done", "done"]
    assert events(radicale, "story") == []


async def test_our_own_event_is_read_back_and_keeps_nobody_off(radicale: Radicale, a_meeting_at: AMeeting) -> None:
    ana = await a_member()
    await connect(ana, radicale, "own")
    meeting_id = await a_meeting_at(ana, later(minutes=60), later(minutes=90))
    await step(meeting_id)
    await carry_out()

    await calendar_sync.run_due(now=later(30))

    async with unit_of_work() as session:
        assert await busy(session, ana.id, Interval(NOW, later(minutes=600))) == []


async def test_it_is_written_into_every_chosen_calendar_and_no_other(
    radicale: Radicale, a_meeting_at: AMeeting
) -> None:
    ana = await a_member()
    ids = {name: await connect(ana, radicale, name) for name in ("one", "two", "three")}
    await calendars.set_target(ids["three"], True, member=ana)
    meeting_id = await a_meeting_at(ana, later(minutes=60), later(minutes=90))
    await step(meeting_id)
    await carry_out()
    assert [len(radicale.objects(name)) for name in ids] == [1, 0, 1]

    await calendars.set_target(ids["three"], False, member=ana)  # and yet what was written there goes
    await step(meeting_id, sequence=1, status="cancelled")
    await carry_out()

    assert [len(radicale.objects(name)) for name in ids] == [0, 0, 0]


async def test_done_twice_is_done_once(radicale: Radicale, a_meeting_at: AMeeting) -> None:
    ana = await a_member()
    await connect(ana, radicale, "twice")
    meeting_id = await a_meeting_at(ana, later(minutes=60), later(minutes=90))
    errand = Errand("calendar", "calendar", meeting_id, {}, 1)
    for _ in range(2):  # killed between the deed and its note
        await calendar_events.bring_up_to_date(errand, now=NOW)
    assert len(events(radicale, "twice")) == 1

    await step(meeting_id, status="cancelled")
    for _ in range(2):
        await calendar_events.bring_up_to_date(errand, now=NOW)
    assert events(radicale, "twice") == []


async def test_a_late_errand_writes_what_is_true_now(radicale: Radicale, a_meeting_at: AMeeting) -> None:
    ana = await a_member()
    await connect(ana, radicale, "late")
    meeting_id = await a_meeting_at(ana, later(minutes=60), later(minutes=90))
    await step(meeting_id)
    await step(meeting_id, start_at=later(minutes=120), end_at=later(minutes=150), sequence=1, status="rescheduled")

    await calendar_events.bring_up_to_date(Errand("k", "calendar", meeting_id, {"sequence": 0}, 1), now=NOW)

    assert [(sequence, start) for _, sequence, start in events(radicale, "late")] == [(1, later(minutes=120))]


async def test_a_server_that_is_away_gets_it_when_it_is_back(tmp_path, a_meeting_at: AMeeting) -> None:
    ana = await a_member()
    with running_radicale(tmp_path / "radicale") as server:
        await connect(ana, server, "away")
        meeting_id = await a_meeting_at(ana, later(minutes=60), later(minutes=90))
        server.stop()
        await step(meeting_id)
        assert await carry_out() == ["pending"]
        (row,) = await rows_of(OutboxRow, kind=after_booking.CALENDAR)
        assert row.problem == f"calendar\n{UNREADABLE}"

        server.start()

        assert await carry_out(now=later(minutes=2)) == ["done"]
        assert len(events(server, "away")) == 1


async def test_without_a_calendar_outside_there_is_nothing_to_do(a_meeting_at: AMeeting) -> None:
    ana = await a_member()
    await step(await a_meeting_at(ana, later(minutes=60), later(minutes=90)))
    assert await carry_out() == ["done"]
