"""Busy times outside are known within a minute, and one process reads each calendar (PRODUCT 4.1)."""

import asyncio
from datetime import timedelta

import pytest

from inbox_app.data import calendars as stored
from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import BusyRow, CalendarRow, MemberRow
from inbox_app.integrations.calendars import BusyTime, Reading
from inbox_app.integrations.calendars.troubles import PasswordWrong
from inbox_app.services import calendar_sync, calendars
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale, an_event
from tests.data.builders import NOW, a_member, rows_of
from tests.services.builders import an_admin, later
from tests.services.outside_calendars import A_MINUTE, Calendar, a_row, connect, hanging, run_for_a_minute, status_of

pytestmark = pytest.mark.usefixtures("database")


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
