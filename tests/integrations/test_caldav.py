"""CalDAV against a real Radicale: what is found, when it is busy, and our event in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from inbox_app.integrations.calendars import Connection, Event, FoundCalendar, caldav
from inbox_app.integrations.calendars.ical import busy_times
from inbox_app.integrations.calendars.troubles import CalendarGone, PasswordWrong, Refused
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale, an_event

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
WEEKLY_IN_PARIS = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:weekly
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Paris:20260105T090000
DTEND;TZID=Europe/Paris:20260105T100000
RRULE:FREQ=WEEKLY;BYDAY=MO
EXDATE;TZID=Europe/Paris:20260406T090000
SUMMARY:Team
END:VEVENT
BEGIN:VEVENT
UID:weekly
DTSTAMP:20260101T000000Z
RECURRENCE-ID;TZID=Europe/Paris:20260413T090000
DTSTART;TZID=Europe/Paris:20260414T150000
DTEND;TZID=Europe/Paris:20260414T153000
SUMMARY:Team, moved
END:VEVENT"""


@pytest.fixture
async def connection(radicale: Radicale) -> AsyncIterator[Connection]:
    connection = caldav.connect(url=radicale.url, account=ACCOUNT, password=PASSWORD)
    yield connection
    await connection.close()


async def starts(connection: Connection, address: str, zone: str = "Europe/Paris") -> list[str]:
    times = (await connection.busy(address, START, END, zone=zone)).times
    assert times is not None
    return [f"{time.start:%m-%d %H:%M}-{time.end:%H:%M}" for time in times]


@pytest.mark.parametrize("path", ["", "/", f"/{ACCOUNT}/", f"/{ACCOUNT}/work/"])
async def test_calendars_are_found_from_any_address_of_the_account(radicale: Radicale, path: str) -> None:
    radicale_work = FoundCalendar(radicale.address("work"), "Work")
    connection = caldav.connect(url=radicale.url + path, account=ACCOUNT, password=PASSWORD)

    assert radicale_work in await connection.calendars()

    await connection.close()


async def test_a_list_of_tasks_is_no_calendar_to_be_busy_by(radicale: Radicale, connection: Connection) -> None:
    address = radicale.add_calendar("tasks", "Tasks", holds="VTODO")
    assert address not in {calendar.address for calendar in await connection.calendars()}


async def test_a_weekly_event_is_at_the_same_wall_time_on_both_sides_of_dst(
    radicale: Radicale, connection: Connection
) -> None:
    address = radicale.add_calendar("weekly", "Weekly")
    radicale.put("weekly", "weekly", WEEKLY_IN_PARIS)

    assert await starts(connection, address) == [
        "03-02 08:00-09:00", "03-09 08:00-09:00", "03-16 08:00-09:00", "03-23 08:00-09:00",  # before 29 March: UTC+1
        "03-30 07:00-08:00", "04-14 13:00-13:30", "04-20 07:00-08:00", "04-27 07:00-08:00",  # 6 April is left out
    ]  # fmt: skip


async def test_what_is_free_or_cancelled_is_not_busy(radicale: Radicale, connection: Connection) -> None:
    address = radicale.add_calendar("free", "Free")
    at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    for name, more in (("a", "TRANSP:TRANSPARENT"), ("b", "STATUS:CANCELLED"), ("c", "STATUS:TENTATIVE")):
        radicale.put("free", name, an_event(at, at + timedelta(hours=1), uid=name, more=more))
        at += timedelta(hours=2)

    assert await starts(connection, address) == ["03-10 13:00-14:00"]


@pytest.mark.parametrize(
    ("zone", "busy"), [("Europe/Paris", "03-09 23:00-23:00"), ("America/New_York", "03-10 04:00-04:00")]
)
async def test_a_whole_day_is_a_day_of_the_agent(
    radicale: Radicale, connection: Connection, zone: str, busy: str
) -> None:
    calendar = zone.partition("/")[2]
    address = radicale.add_calendar(calendar, "Days")
    day = "DTSTART;VALUE=DATE:20260310\nDTEND;VALUE=DATE:20260311"
    radicale.put(calendar, "day", f"BEGIN:VEVENT\nUID:d\nDTSTAMP:20260101T000000Z\n{day}\nEND:VEVENT")

    assert await starts(connection, address, zone) == [busy]


async def test_an_unchanged_calendar_is_not_read_again(radicale: Radicale, connection: Connection) -> None:
    address = radicale.add_calendar("calm", "Calm")
    first = await connection.busy(address, START, END, zone="UTC")
    assert first.times == []
    assert (await connection.busy(address, START, END, zone="UTC", version=first.version)).times is None

    radicale.put("calm", "new", an_event(START, START + timedelta(hours=1)))

    again = await connection.busy(address, START, END, zone="UTC", version=first.version)
    assert again.times is not None
    assert [time.uid for time in again.times] == ["e-1"]


async def test_our_event_is_written_once_moved_in_place_and_taken_away(
    radicale: Radicale, connection: Connection
) -> None:
    address = radicale.add_calendar("meetings", "Meetings")
    event = Event("01MEETING@agent-inbox", 0, "Meeting with Léa", "lea@acme.com", "https://meet.example.com/1",
                  START, START + timedelta(minutes=30), START)  # fmt: skip
    await connection.write(address, event)
    await connection.write(address, event)
    later = START + timedelta(days=1)
    await connection.write(address, Event(event.uid, 1, event.title, event.text, event.place, later,
                                          later + timedelta(minutes=30), later))  # fmt: skip

    (written,) = radicale.objects("meetings")
    (found,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert (str(found["UID"]), int(found["SEQUENCE"]), found.start) == (event.uid, 1, later)
    assert (str(found["SUMMARY"]), str(found["LOCATION"])) == ("Meeting with Léa", "https://meet.example.com/1")
    assert "ATTENDEE" not in found
    assert "METHOD" not in icalendar.Calendar.from_ical(written)

    await connection.remove(address, event.uid)
    await connection.remove(address, event.uid)
    assert radicale.objects("meetings") == []


async def test_what_does_not_work_is_told_apart(radicale: Radicale, connection: Connection) -> None:
    with pytest.raises(CalendarGone):
        await connection.busy(radicale.address("gone"), START, END, zone="UTC")
    with pytest.raises(Refused):
        await connection.busy(f"{radicale.url}/ben/work/", START, END, zone="UTC")
    stranger = caldav.connect(url=radicale.url, account=ACCOUNT, password="wrong")
    with pytest.raises(PasswordWrong):
        await stranger.calendars()
    await stranger.close()


def test_an_endless_or_broken_event_hides_no_other() -> None:
    whole = "BEGIN:VCALENDAR\r\n{}\r\nEND:VCALENDAR\r\n"
    each_second = an_event(START, START + timedelta(seconds=1), more="RRULE:FREQ=SECONDLY")
    good = an_event(START, START + timedelta(hours=1), uid="good")
    for bad in (each_second, "BEGIN:VEVENT\nUID:x\nDTSTART:never\nEND:VEVENT", "nonsense", ""):
        objects = [whole.format(bad), whole.format(good)]
        assert [time.uid for time in busy_times(objects, START, END, "UTC")] == ["good"]
