"""What is busy outside, and that a calendar does not answer, is known within a minute (PRODUCT 4.1)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from inbox_app.data import calendars as stored
from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import BusyRow, CalendarRow, MemberRow
from inbox_app.domain.people import Member
from inbox_app.integrations.calendars import BusyTime, Reading
from inbox_app.integrations.calendars.troubles import UNREADABLE, CalendarTrouble, PasswordWrong, TooSlow
from inbox_app.live import topics
from inbox_app.services import calendar_sync, calendars
from inbox_app.services.calendar_access import sealed
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale, an_event, running_radicale
from tests.data.builders import NOW, a_member, rows_of
from tests.services.builders import an_admin, later, listening, told_of

pytestmark = pytest.mark.usefixtures("database")
A_MINUTE = timedelta(minutes=1)


async def connect(member: Member, radicale: Radicale, calendar: str) -> str:
    radicale.add_calendar(calendar, calendar)
    return await calendars.connect_caldav(radicale.address(calendar), ACCOUNT, PASSWORD, member=member, now=NOW)


async def run_for_a_minute(start: datetime) -> datetime:
    """All that a process does in the minute from then on, by a clock that is moved."""
    for second in range(0, 61, 5):
        await calendar_sync.run_due(now=start + timedelta(seconds=second))
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


async def test_a_recurring_event_blocks_its_times_within_a_minute(radicale: Radicale) -> None:
    ana = await a_member()
    await connect(ana, radicale, "recurring")
    weekly = an_event(later(minutes=60), later(minutes=90), more="RRULE:FREQ=WEEKLY;COUNT=3")
    radicale.put("recurring", "weekly", weekly)

    await run_for_a_minute(NOW)

    busy = sorted(row.start_at for row in await rows_of(BusyRow))
    assert busy == [later(minutes=60) + timedelta(weeks=week) for week in range(3)]
    radicale.remove("recurring", "weekly")
    await run_for_a_minute(NOW + A_MINUTE)
    assert await rows_of(BusyRow) == []


async def test_a_server_that_stops_is_told_within_a_minute_and_so_is_its_return(tmp_path) -> None:
    ana, root = await a_member(), await an_admin()
    with running_radicale(tmp_path / "radicale") as server:
        await connect(ana, server, "mine")
        server.put("mine", "e", an_event(later(minutes=60), later(minutes=90)))
        now = await run_for_a_minute(NOW)
        assert await status_of(ana) == ("ok", "")

        server.stop()
        async with listening(topics.agent(ana.id)) as changes:
            now = await run_for_a_minute(now)
            assert await told_of("calendar", changes) == [{}, {}]  # to the agent and to everyone, once
        status, problem = await status_of(ana)
        assert status == "broken"
        assert problem == UNREADABLE
        (health,) = await views.calendar_health(root)
        assert (health.agent_name, health.kind, health.status) == ("Ana", "caldav", "broken")
        assert await views.broken_calendars(ana) == (1, 0)
        assert await views.broken_calendars(root) == (0, 1)
        async with unit_of_work() as session:
            assert await stored.is_broken(session, ana.id)
        assert len(await rows_of(BusyRow)) == 1  # what is known stays known

        server.start()
        await run_for_a_minute(now)
        assert await status_of(ana) == ("ok", "")
        assert (await views.calendars(ana))[0].broken_since == ""


async def test_a_changed_password_is_told_and_since_when(tmp_path) -> None:
    ana = await a_member()
    with running_radicale(tmp_path / "radicale") as server:
        await connect(ana, server, "mine")
        server.stop()
        server.set_password("another-1")
        server.start()
        now = await run_for_a_minute(NOW)
        first = (await views.calendars(ana))[0].broken_since
        await run_for_a_minute(now)

    assert await status_of(ana) == ("broken", "The account or the password is not right. Connect it again.")
    assert (await views.calendars(ana))[0].broken_since == first != ""


async def test_temporary_failures_do_not_alarm_the_agent() -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana)
    outside.trouble = TooSlow()
    await calendar_sync.run_due(now=NOW, opener=outside.open)
    assert await status_of(ana) == ("ok", "")
    assert (await views.calendars(ana))[0].broken_since == ""

    outside.trouble = None
    await calendar_sync.run_due(now=NOW + calendar_sync.SOON, opener=outside.open)
    assert await status_of(ana) == ("ok", "")
    await calendar_sync.run_due(now=NOW + calendar_sync.ALARM_AFTER, opener=outside.open)
    assert await status_of(ana) == ("ok", "")

    outside.trouble = TooSlow()
    first = NOW + calendar_sync.SOON + calendar_sync.EVERY
    await calendar_sync.run_due(now=first, opener=outside.open)
    await calendar_sync.run_due(now=first + calendar_sync.SOON, opener=outside.open)
    assert await status_of(ana) == ("ok", "")
    await calendar_sync.run_due(now=first + calendar_sync.ALARM_AFTER, opener=outside.open)
    assert await status_of(ana) == ("broken", UNREADABLE)
    assert calendar_sync.EVERY + calendar_sync.ALARM_AFTER < A_MINUTE


async def test_a_wrong_password_stays_what_is_shown_whatever_fails_next() -> None:
    """The moment of a change would tell how long the try took."""
    ana, outside = await a_member(), Calendar()
    await a_row(ana)
    outside.trouble = PasswordWrong()
    await calendar_sync.run_due(now=NOW, opener=outside.open)
    outside.trouble = TooSlow()
    await run_for_a_minute(later(30))
    assert await status_of(ana) == ("broken", PasswordWrong.sentence)


@pytest.mark.parametrize(
    ("kind", "failure"),
    [("caldav", PasswordWrong()), ("google", PasswordWrong()), ("google", ValueError("of a library"))],
)
async def test_a_failure_that_will_not_pass_is_shown_at_once(kind: str, failure: CalendarTrouble) -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana, kind=kind)
    outside.trouble = failure
    await calendar_sync.run_due(now=NOW, opener=outside.open)
    assert (await status_of(ana))[0] == "broken"


async def test_an_unexpected_failure_breaks_a_calendar_too() -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana)
    outside.trouble = ValueError("of a library")
    await run_for_a_minute(NOW)
    assert await status_of(ana) == ("broken", UNREADABLE)


async def test_a_secret_of_another_key_is_a_broken_connection() -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana, secret="of another key")
    await calendar_sync.run_due(now=NOW, opener=outside.open)
    assert (await status_of(ana))[1].startswith("The key of this installation has changed")
    assert outside.asked == []


async def test_a_whole_year_is_known_and_read_anew_before_it_is_not() -> None:
    ana, outside = await a_member(), Calendar([BusyTime(later(minutes=60), later(minutes=90), "e")], "v1")
    await a_row(ana)
    await calendar_sync.run_due(now=NOW, opener=outside.open)
    outside.reading = Reading(None, "v1")
    await calendar_sync.run_due(now=later(30), opener=outside.open)
    await calendar_sync.run_due(now=NOW + timedelta(days=1, seconds=1), opener=outside.open)

    assert [version for _, _, version in outside.asked] == ["", "v1", ""]
    assert {end - start for start, end, _ in outside.asked} == {timedelta(days=366)}
    assert len(await rows_of(BusyRow)) == 1


async def test_of_several_processes_one_reads_it_and_a_killed_one_is_replaced() -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana)
    async with unit_of_work() as session:
        (taken,) = await stored.claim(session, is_broken=False, limit=5, now=NOW, until=NOW + calendar_sync.LEASE)
    assert await calendar_sync.run_due(now=later(1), opener=outside.open) == 0
    assert await calendar_sync.run_due(now=NOW + calendar_sync.LEASE, opener=outside.open) == 1

    await calendar_sync.check(taken, now=later(90), opener=outside.open)  # the first one wakes up: too late
    (row,) = await rows_of(CalendarRow)
    assert row.checked_at == NOW + calendar_sync.LEASE
    assert calendar_sync.LEASE < A_MINUTE


async def test_after_the_clock_was_set_back_a_calendar_is_read_at_once_whoever_had_taken_it() -> None:
    outside = Calendar()
    for member in (await a_member(), await a_member("Ben")):
        await a_row(member)
    async with unit_of_work() as session:
        await stored.claim(session, is_broken=False, limit=1, now=NOW, until=NOW + calendar_sync.LEASE)
    assert await calendar_sync.run_due(now=NOW, opener=outside.open) == 1
    assert await calendar_sync.run_due(now=NOW - timedelta(hours=1), opener=outside.open) == 2


async def test_what_was_read_with_the_old_password_says_nothing_of_the_new_one(radicale: Radicale) -> None:
    ana = await a_member()
    calendar_id = await connect(ana, radicale, "renewed")
    async with unit_of_work() as session:
        (await session.get_one(CalendarRow, calendar_id)).check_at = NOW
        (old,) = await stored.claim(session, is_broken=False, limit=5, now=NOW, until=later(40))
    await calendars.connect_caldav(radicale.address("renewed"), ACCOUNT, PASSWORD, member=ana, now=later(1))
    outside = Calendar()
    outside.trouble = PasswordWrong()

    await calendar_sync.check(old, now=later(2), opener=outside.open)

    assert await status_of(ana) == ("ok", "")


@asynccontextmanager
async def hanging(count: int) -> AsyncIterator["Hanging"]:
    """Calendars that do not answer until the block ends."""
    outside = Hanging(count)
    try:
        yield outside
    finally:
        outside.is_over.set()


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


async def test_calendars_that_hang_delay_no_other() -> None:
    slow = [await a_member(f"Slow{number}") for number in range(calendar_sync.AT_ONCE + 2)]
    ana, outside = await a_member(), Calendar([BusyTime(later(minutes=60), later(minutes=90), "e")])
    for member in slow:
        await a_row(member, status="broken", broken_since=NOW)
    await a_row(ana)
    async with hanging(calendar_sync.AT_ONCE) as hangs:

        async def open_by_owner(**of: object) -> Calendar:
            return outside if of["address"] == "https://c.example.com/ana" else hangs

        async with unit_of_work() as session:
            (await session.get_one(CalendarRow, f"c-{ana.id}")).address = "https://c.example.com/ana"
        running = asyncio.create_task(calendar_sync.run_due(now=NOW, opener=open_by_owner))
        await asyncio.wait_for(hangs.all_hang.wait(), 10)
        while not await rows_of(BusyRow):
            await asyncio.wait({running}, timeout=0.02)
            assert not running.done()
    await running
    assert await status_of(ana) == ("ok", "")


async def test_busy_times_without_a_name_do_not_hide_our_own_meeting(a_meeting_at) -> None:
    ana = await a_member()
    await a_meeting_at(ana, later(minutes=60), later(minutes=90))
    outside = Calendar([BusyTime(later(minutes=30), later(minutes=120))])
    await a_row(ana, kind="google")

    await calendar_sync.run_due(now=NOW, opener=outside.open)

    assert sorted((row.start_at, row.end_at) for row in await rows_of(BusyRow)) == [
        (later(minutes=30), later(minutes=60)), (later(minutes=90), later(minutes=120)),
    ]  # fmt: skip


async def test_calendars_of_a_disabled_agent_rest() -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana)
    async with unit_of_work() as session:
        (await session.get_one(MemberRow, ana.id)).disabled_at = NOW
    assert await calendar_sync.run_due(now=NOW, opener=outside.open) == 0
    assert await views.calendar_health(await an_admin()) == []
