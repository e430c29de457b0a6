"""A calendar outside and the booking together: what is busy there is not offered, what is booked stands there."""

from datetime import datetime, timedelta

import icalendar
import pytest

from inbox_app.data.tables import OutboxRow
from inbox_app.domain.errors import NotBookable
from inbox_app.domain.meetings import CALENDAR_BROKEN
from inbox_app.domain.people import Member
from inbox_app.services import after_booking, bookings, calendar_events, calendar_sync, calendars, outbox
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale, an_event, running_radicale
from tests.data.builders import NOW, a_member, rows_of
from tests.services.booking_builders import Share, a_meeting, a_share, at, set_meetings, slots_of
from tests.services.builders import later

pytestmark = pytest.mark.usefixtures("database")
ONLY_CALENDARS = {after_booking.CALENDAR: calendar_events.bring_up_to_date}
HALF_AN_HOUR = timedelta(minutes=30)


async def connect(member: Member, radicale: Radicale, calendar: str) -> None:
    radicale.add_calendar(calendar, calendar)
    await calendars.connect_caldav(radicale.address(calendar), ACCOUNT, PASSWORD, member=member, now=NOW)


async def offered(share: Share) -> set[datetime]:
    return {datetime.fromisoformat(slot) for slot in (await slots_of(share)).slots}


async def test_a_recurring_event_takes_its_slots_away_within_a_minute(radicale: Radicale) -> None:
    ana = await a_member()
    await connect(ana, radicale, "story-busy")
    await set_meetings(ana, minimum_notice_hours=0)
    share = await a_share(ana)
    assert {at(10), at(11)} <= await offered(share)
    daily = an_event(at(10, days=-20), at(11, days=-20), more="RRULE:FREQ=DAILY")
    radicale.put("story-busy", "daily", daily)

    await calendar_sync.run_due(now=later(minutes=1))

    assert {at(10), at(10, 30)}.isdisjoint(await offered(share))
    assert {at(9, 30), at(11)} <= await offered(share)


async def test_a_booked_meeting_stands_there_moves_and_goes(radicale: Radicale) -> None:
    ana = await a_member()
    await connect(ana, radicale, "story-meeting")
    await set_meetings(ana, minimum_notice_hours=0)
    share = await a_share(ana)
    meeting = await a_meeting(share, at(10), name="Vera Klein")
    await outbox.run_due(now=NOW, handlers=ONLY_CALENDARS)
    (first,) = [icalendar.Calendar.from_ical(text).walk("VEVENT")[0] for text in radicale.objects("story-meeting")]
    assert first.start == at(10)

    await bookings.reschedule(meeting.id, start=at(14).isoformat(), by=None, now=later(60))
    await outbox.run_due(now=later(60), handlers=ONLY_CALENDARS)
    (moved,) = [icalendar.Calendar.from_ical(text).walk("VEVENT")[0] for text in radicale.objects("story-meeting")]
    assert (moved["UID"], moved.start, moved.end) == (first["UID"], at(14), at(14) + HALF_AN_HOUR)
    assert int(moved["SEQUENCE"]) > int(first["SEQUENCE"])
    await calendar_sync.run_due(now=later(minutes=2))
    assert at(10) in await offered(share)  # read back, our own event keeps nobody off

    await bookings.cancel(meeting.id, by=ana, now=later(minutes=3))
    await outbox.run_due(now=later(minutes=3), handlers=ONLY_CALENDARS)
    assert radicale.objects("story-meeting") == []
    assert {row.state for row in await rows_of(OutboxRow, kind=after_booking.CALENDAR)} == {"done"}


@pytest.mark.parametrize("when_broken", ["keep", "stop"])
async def test_while_it_does_not_answer_the_agent_is_booked_on_what_is_known_or_not_at_all(
    tmp_path, when_broken: str
) -> None:  # fmt: skip
    ana = await a_member()
    await set_meetings(ana, minimum_notice_hours=0, when_broken=when_broken)
    with running_radicale(tmp_path / "radicale") as server:
        await connect(ana, server, "mine")
        server.put("mine", "e", an_event(at(10), at(11)))
        await calendar_sync.run_due(now=later(31))
        share = await a_share(ana)
        server.stop()
        for second in (62, 75, 88):  # 25 s after the first failure, and within a minute of the break
            await calendar_sync.run_due(now=later(second))

        if when_broken == "keep":
            assert at(10) not in await offered(share)
            assert at(11) in await offered(share)
        else:
            view = await slots_of(share)
            assert (view.slots, view.why_not) == ([], CALENDAR_BROKEN)
            with pytest.raises(NotBookable):
                await a_meeting(share, at(11))

        server.start()
        await calendar_sync.run_due(now=later(120))
        assert at(11) in await offered(share)
