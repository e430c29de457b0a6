"""The coming slots on /settings: of what is typed, by the real rule, with what takes the agent's time now."""

from datetime import timedelta
from typing import Any

import pytest

from inbox_app.data.tables import MemberRow
from inbox_app.domain.errors import InvalidInput, NotAllowed
from inbox_app.domain.meetings import CALENDAR_BROKEN, NO_HOURS, NO_TIME
from inbox_app.domain.people import Member, Role
from inbox_app.domain.schedule import DAYS
from inbox_app.domain.slots_preview import DAYS_SHOWN, TIMES_SHOWN
from inbox_app.services import meeting_settings
from tests.data.builders import NOW, a_member, rows_of
from tests.services.booking_builders import a_calendar, a_meeting, a_share, at, set_meetings

pytestmark = pytest.mark.usefixtures("database")
MORNINGS = [{"day": day, "from": "09:00", "to": "11:00"} for day in DAYS]
TYPED: dict[str, Any] = {"time_zone": "UTC", "blocks": MORNINGS, "minimum_notice_hours": 0}


async def shown(agent: Member, **changes: Any) -> dict[str, list[str]]:
    """The days with their times; NOW is Monday 2026-03-02, 09:30 UTC."""
    coming = await meeting_settings.preview(TYPED | changes, member=agent, now=NOW)
    assert not coming.why_none
    return {day.date[5:]: day.times for day in coming.days}


async def test_the_next_days_begin_now_and_are_whole() -> None:
    ana = await a_member()

    days = await shown(ana)

    assert list(days) == ["03-02", "03-03", "03-04", "03-05", "03-06"]
    assert days["03-02"] == ["09:30", "10:00", "10:30"]
    assert all(times == ["09:00", "09:30", "10:00", "10:30"] for day, times in days.items() if day != "03-02")


async def test_what_is_busy_and_what_is_booked_is_not_shown() -> None:
    ana = await a_member()
    await a_calendar(ana, (at(9), at(9, 45)))
    await set_meetings(ana, minimum_notice_hours=0)
    await a_meeting(await a_share(ana), at(10, days=2))

    days = await shown(ana)

    assert days["03-03"] == ["10:00", "10:30"]
    assert days["03-04"] == ["09:00", "09:30", "10:30"]
    assert (await shown(ana, maximum_a_day=1)).keys() == {"03-02", "03-03", "03-05", "03-06", "03-07"}


async def test_times_are_those_of_the_zone_that_is_typed() -> None:
    ana = await a_member(time_zone="Asia/Tokyo")

    days = await shown(ana, time_zone="America/New_York")

    assert next(iter(days.items())) == ("03-02", ["09:00", "09:30", "10:00", "10:30"])


async def test_rare_days_are_looked_for_until_the_horizon() -> None:
    ana = await a_member()
    once = [{"date": "2026-04-20", "blocks": [{"from": "09:00", "to": "09:30"}]}]

    assert await shown(ana, blocks=[], exceptions=once) == {"04-20": ["09:00"]}
    near = await meeting_settings.preview(
        TYPED | {"blocks": [], "exceptions": once, "horizon_days": 14}, member=ana, now=NOW
    )
    assert (near.days, near.why_none) == ([], NO_TIME)


async def test_a_long_day_shows_its_first_times_and_how_many_more_there_are() -> None:
    around = [{"day": day, "from": "00:00", "to": "24:00"} for day in DAYS]
    coming = await meeting_settings.preview(TYPED | {"blocks": around}, member=await a_member(), now=NOW)

    assert len(coming.days) == DAYS_SHOWN
    assert (len(coming.days[1].times), coming.days[1].more) == (TIMES_SHOWN, 48 - TIMES_SHOWN)


async def test_it_says_why_there_is_nothing() -> None:
    ana = await a_member()
    none = await meeting_settings.preview(TYPED | {"blocks": []}, member=ana, now=NOW)
    assert (none.days, none.why_none) == ([], NO_HOURS)

    await a_calendar(ana, status="broken")
    stopped = await meeting_settings.preview(TYPED | {"when_broken": "stop"}, member=ana, now=NOW)
    assert (stopped.days, stopped.why_none) == ([], CALENDAR_BROKEN)
    assert len(await shown(ana, when_broken="keep")) == DAYS_SHOWN


async def test_looking_keeps_nothing_and_what_is_no_settings_is_refused() -> None:
    ana = await a_member()
    await shown(ana, duration_minutes=60)
    (row,) = await rows_of(MemberRow, id=ana.id)
    assert row.meeting_settings is None

    with pytest.raises(InvalidInput) as refused:
        await meeting_settings.preview(TYPED | {"duration_minutes": None}, member=ana, now=NOW)
    assert refused.value.field == "duration_minutes"
    with pytest.raises(NotAllowed):
        await meeting_settings.preview(TYPED, member=await a_member("Mia", role=Role.MANAGER), now=NOW)


async def test_the_horizon_ends_the_days() -> None:
    days = await shown(await a_member(), horizon_days=2)

    assert list(days) == [f"{(NOW + timedelta(days=step)).date():%m-%d}" for step in range(3)]
