"""The two lists of /meetings: what is coming, soonest first; what is past, latest first (PRODUCT 4.5)."""

from datetime import datetime, timedelta

import pytest

from inbox_app.data import views
from inbox_app.domain.people import Member
from inbox_app.services import bookings
from tests.data.builders import NOW, a_member
from tests.services.booking_builders import a_meeting, a_share, at

pytestmark = pytest.mark.usefixtures("database")
LATER = NOW + timedelta(days=2)
"""Between the meetings of tomorrow and those after it."""


async def starts(member: Member, now: datetime = NOW, **filters: str) -> list[tuple[str, str]]:
    """(Day and hour, status) of each line, in order."""
    page = await views.meetings(member, now=now, **filters)  # type: ignore[arg-type]
    return [(one.start[8:13], one.status) for one in page.items]


async def three(agent: Member) -> None:
    """Tomorrow at 10 and (cancelled) at 11, and in three days."""
    for start in (at(10, days=3), at(10)):
        await a_meeting(await a_share(agent), start)
    cancelled = await a_meeting(await a_share(agent), at(11))
    await bookings.cancel(cancelled.id, by=None, now=NOW)


async def test_what_is_coming_begins_with_the_next_one() -> None:
    ana = await a_member()
    await three(ana)
    all_of_them = [("03T10", "scheduled"), ("03T11", "cancelled"), ("05T10", "scheduled")]
    assert await starts(ana, when="coming") == all_of_them
    assert await starts(ana, when="coming", status="scheduled") == [all_of_them[0], all_of_them[2]]
    assert await starts(ana, when="coming", status="cancelled") == [all_of_them[1]]
    assert await starts(ana, LATER, when="coming") == [all_of_them[2]]
    assert await starts(ana, when="past") == []


async def test_what_is_past_begins_with_the_latest_one() -> None:
    ana = await a_member()
    await three(ana)
    assert await starts(ana, LATER, when="past") == [("03T11", "cancelled"), ("03T10", "passed")]
    assert await starts(ana, LATER, when="past", status="passed") == [("03T10", "passed")]
    assert await starts(ana, LATER, when="past", status="cancelled") == [("03T11", "cancelled")]


async def test_a_meeting_that_goes_on_is_not_past_yet() -> None:
    ana = await a_member()
    await a_meeting(await a_share(ana), at(10))
    assert await starts(ana, at(10, 29), when="coming") == [("03T10", "scheduled")]
    assert await starts(ana, at(10, 30), when="coming") == []
    assert await starts(ana, at(10, 30), when="past") == [("03T10", "passed")]


@pytest.mark.parametrize(("when", "now"), [("coming", NOW), ("past", NOW + timedelta(days=9))])
async def test_pages_hold_every_meeting_once_and_in_order(when: str, now: datetime) -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    for start in (at(10), at(11), at(12), at(10, days=3)):
        await a_meeting(await a_share(ana), start)
        if start.hour == 10:
            await a_meeting(await a_share(ana, of=ben), start)
    admin = await a_member("Root", role="admin")
    seen, before = [], ""
    for _ in range(3):
        page = await views.meetings(admin, now=now, when=when, before=before, limit=2)
        seen += page.items
        before = page.next
    assert before == ""
    assert len({one.id for one in seen}) == 6
    assert [one.start for one in seen] == sorted((one.start for one in seen), reverse=when == "past")
