"""Several at one slot: exactly one gets it, whatever they do and on each kind of database (PRODUCT 4.3)."""

import asyncio
import contextlib
import itertools
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox_app.data.engine import use_database
from inbox_app.data.instants import iso
from inbox_app.data.tables import ActivityRow, EntryRow, MeetingRow, OutboxRow
from inbox_app.domain.errors import AlreadyBooked, Conflict, DomainError, SlotTaken
from inbox_app.domain.people import Member
from inbox_app.services import bookings, people, shares
from tests.data.builders import NOW, a_member, a_uuid, rows_of
from tests.databases import SqliteTemplate
from tests.services.booking_builders import Share, a_calendar, a_meeting, a_share, at, book, living, set_meetings
from tests.services.builders import an_admin

KNOWN_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


async def outcomes(*acts: Coroutine[Any, Any, Any]) -> list[Any]:
    """All at once; a refusal by its class. Whatever is no refusal of ours is an error of the test."""
    found = await asyncio.gather(*acts, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, DomainError):
            raise one
    return [type(one) if isinstance(one, DomainError) else one for one in found]


@pytest.mark.usefixtures("database")
async def test_twenty_visitors_on_one_slot_are_one_meeting() -> None:
    ana = await a_member(capacity=10)
    rivals = [await a_share(ana) for _ in range(20)]
    found = await outcomes(*(book(share, at(10)) for share in rivals))
    assert found.count(SlotTaken) == 19
    assert len(await living(ana)) == len(await rows_of(MeetingRow)) == 1
    assert len(await rows_of(ActivityRow, type="scheduled_meeting")) == 1
    assert len(await rows_of(EntryRow, kind="meeting")) == 1
    assert len(await rows_of(OutboxRow)) == 3


@pytest.mark.usefixtures("database")
async def test_two_overlapping_starts_are_one_meeting() -> None:
    ana = await a_member()
    await set_meetings(ana, duration_minutes=60, step_minutes=15)
    rivals = [await a_share(ana) for _ in range(8)]
    starts = [at(10) + timedelta(minutes=15 * (number % 4)) for number in range(8)]
    found = await outcomes(*(book(share, start) for share, start in zip(rivals, starts, strict=True)))
    assert found.count(SlotTaken) == 7
    assert len(await living(ana)) == 1


@pytest.mark.usefixtures("database")
async def test_the_same_booking_five_times_at_once_is_one_meeting() -> None:
    share = await a_share(await a_member())
    found = await outcomes(*(book(share, at(10), client_id=a_uuid("once")) for _ in range(5)))
    assert sorted(is_new for _, is_new in found) == [False] * 4 + [True]
    assert len({meeting.id for meeting, _ in found}) == 1
    assert len(await rows_of(MeetingRow)) == 1


@pytest.mark.usefixtures("database")
async def test_two_tabs_of_one_visitor_do_not_get_two_meetings_by_one_share() -> None:
    share = await a_share(await a_member())
    found = await outcomes(*(book(share, at(10 + number)) for number in range(5)))
    assert found.count(AlreadyBooked) == 4
    assert len(await rows_of(MeetingRow)) == 1


@pytest.mark.usefixtures("database")
async def test_of_those_who_move_and_those_who_book_one_gets_the_slot() -> None:
    ana = await a_member()
    await set_meetings(ana, minimum_notice_hours=1)
    there = [await a_meeting(await a_share(ana), at(hour)) for hour in (11, 12, 13, 14)]
    comers = [await a_share(ana) for _ in range(4)]
    found = await outcomes(
        *(bookings.reschedule(meeting.id, start=iso(at(10)), by=None, now=NOW) for meeting in there),
        *(book(share, at(10)) for share in comers),
    )
    assert found.count(SlotTaken) == 7
    assert [row.start_at for row in await living(ana)].count(at(10)) == 1
    assert len(await rows_of(ActivityRow, type="rescheduled_meeting")) in {0, 1}


@pytest.mark.usefixtures("database")
async def test_a_cancelled_meeting_is_cancelled_once_whoever_does_it() -> None:
    ana = await a_member()
    meeting = await a_meeting(await a_share(ana), at(10))
    await outcomes(*(bookings.cancel(meeting.id, by=by, now=NOW) for by in (None, ana, None, ana, None)))
    (row,) = await rows_of(MeetingRow)
    assert (row.status, row.sequence) == ("cancelled", 1)
    assert len(await rows_of(ActivityRow, type="cancelled_meeting")) == 1


@pytest.mark.usefixtures("database")
async def test_bookings_moves_withdrawals_and_a_removal_at_once_wait_in_no_circle() -> None:
    ana, ben, root = await a_member("Ana"), await a_member("Ben"), await an_admin()
    known = await a_share(ana, email="vera@example.com")
    meetings = [await a_meeting(await a_share(ana, of=ben), at(hour)) for hour in (10, 11, 12)]
    rivals = [await a_share(ana, of=ben) for _ in range(8)]
    acts: list[Coroutine[Any, Any, Any]] = [book(share, at(14), email="vera@example.com") for share in rivals]
    acts += [bookings.reschedule(meeting.id, start=iso(at(15)), by=None, now=NOW) for meeting in meetings]
    acts += [shares.withdraw(share.id, member=ana, now=NOW) for share in rivals[:4]]
    acts += [people.change(ben.id, {"is_disabled": True}, member=root, now=NOW), book(known, at(10), email="")]
    found = await asyncio.wait_for(outcomes(*acts), 30)
    assert all(one is None or isinstance(one, tuple) or issubclass(one, Conflict) for one in found)
    starts = [row.start_at for row in await living(ben)]
    assert len(starts) == len(set(starts))


@dataclass
class World:
    """Two agents with different hours, and the visitors to whom a calendar was shown."""

    team: list[Member]
    buffers: tuple[int, int]
    duration: int
    maximum: int | None
    now: datetime = NOW
    given: list[Share] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)

    async def does(self, deed: str, choice: int) -> None:
        """What is refused by a rule is refused; everything else is an error."""
        with contextlib.suppress(DomainError):
            await getattr(self, f"_{deed}")(choice)

    async def _share(self, choice: int) -> None:
        self.given.append(await a_share(self.team[choice % 2]))

    async def _book(self, choice: int) -> None:
        if self.given:
            share = self.given[choice % len(self.given)]
            await book(share, _start(choice), client_id=a_uuid(str(choice % 7)), now=self.now)

    async def _move(self, choice: int) -> None:
        rows = await rows_of(MeetingRow)
        if rows:
            row = rows[choice % len(rows)]
            await bookings.reschedule(row.id, start=iso(_start(choice)), by=None, now=self.now)

    async def _cancel(self, choice: int) -> None:
        rows = await rows_of(MeetingRow)
        if rows:
            await bookings.cancel(rows[choice % len(rows)].id, by=None, now=self.now)

    async def _time(self, choice: int) -> None:
        self.now += timedelta(minutes=(1, 30, 240, 1_440)[choice % 4])

    async def holds(self) -> None:
        """No two of an agent's meetings too close, none while busy, not too many a day, one a share; versions grow."""
        rows = await rows_of(MeetingRow)
        for agent in self.team:
            self._fits([row for row in rows if row.agent_id == agent.id and row.status != "cancelled"])
        ahead = [row.share_id for row in rows if row.status != "cancelled" and row.end_at > self.now]
        assert len(ahead) == len(set(ahead))
        for row in rows:
            assert row.sequence >= self.versions.get(row.id, 0)
            self.versions[row.id] = row.sequence

    def _fits(self, rows: list[Any]) -> None:
        gap = timedelta(minutes=max(self.buffers))
        before, after = (timedelta(minutes=minutes) for minutes in self.buffers)
        ordered = sorted(rows, key=lambda row: row.start_at)
        for first, second in itertools.pairwise(ordered):
            assert second.start_at - first.end_at >= gap
        for row in rows:
            assert row.end_at - row.start_at == timedelta(minutes=self.duration)
            assert row.end_at + after <= BUSY[0] or row.start_at - before >= BUSY[1]
        days = [row.start_at.date() for row in rows]
        assert not days or self.maximum is None or max(days.count(day) for day in days) <= self.maximum


BUSY = (at(12, 10), at(13, 20))


def _start(choice: int) -> datetime:
    """On the grid, or beside it, on one of a few days."""
    return at(9, days=choice % 3) + timedelta(minutes=5 * (choice % 97))


deeds = st.lists(
    st.tuples(st.sampled_from(("share", "share", "book", "book", "book", "move", "move", "cancel", "time")),
              st.integers(0, 5_000)),
    min_size=5, max_size=40,
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=KNOWN_SLOW)
@given(
    deeds, st.sampled_from([(0, 0), (0, 15), (30, 5)]), st.sampled_from([15, 30, 50]), st.sampled_from([None, 2]),
)  # fmt: skip
async def test_whatever_is_booked_moved_and_cancelled_no_two_meetings_are_too_close(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, int]],
    buffers: tuple[int, int], duration: int, maximum: int | None,
) -> None:  # fmt: skip
    await use_database(sqlite_template.copy(tmp_path_factory.mktemp("world")))
    try:
        world = World([await a_member("Ana"), await a_member("Ben")], buffers, duration, maximum)
        for agent in world.team:
            await set_meetings(
                agent, duration_minutes=duration, step_minutes=5, buffer_before_minutes=buffers[0],
                buffer_after_minutes=buffers[1], maximum_a_day=maximum, minimum_notice_hours=1,
            )  # fmt: skip
            await a_calendar(agent, BUSY)
        for deed, choice in done:
            await world.does(deed, choice)
            await world.holds()
    finally:
        await use_database(None)
