"""PRODUCT 4.3 against a model that looks at every minute: no slot that is none, and none is missing.

In any pair of zones, across the weeks in which clocks jump.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox_app.domain.booking import Interval, days_between, slots
from inbox_app.domain.meeting_settings import MeetingSettings
from tests.domain.wall import MINUTE, beginnings, minutes_into_blocks, schedules, zones

DAYS = 3
STEPS = (5, 7, 15, 20, 30, 45, 60, 90)
meeting_settings = st.builds(
    MeetingSettings, schedule=schedules(), duration_minutes=st.sampled_from((5, 15, 25, 30, 60, 120, 480)),
    step_minutes=st.sampled_from(STEPS), buffer_before_minutes=st.sampled_from((0, 5, 10, 60)),
    buffer_after_minutes=st.sampled_from((0, 5, 15, 90)), minimum_notice_hours=st.sampled_from((0, 1, 24, 40)),
    horizon_days=st.sampled_from((1, 2, 60)), maximum_a_day=st.sampled_from((None, None, 1, 2)),
)  # fmt: skip


@st.composite
def intervals(draw: st.DrawFn, begin: datetime) -> list[Interval]:
    """Some that may overlap and touch each other, one that lasts no time among them."""
    starts = st.integers(-600, (DAYS + 1) * 24 * 60).map(lambda minutes: begin + minutes * MINUTE)
    lengths = st.sampled_from((0, 5, 30, 45, 60, 240, 1_440))
    made = st.builds(lambda start, length: Interval(start, start + length * MINUTE), starts, lengths)
    return draw(st.lists(made, max_size=6))


@st.composite
def meetings(draw: st.DrawFn, begin: datetime) -> list[Interval]:
    """As `intervals`; a meeting lasts."""
    return [meeting for meeting in draw(intervals(begin)) if meeting.end > meeting.start]


def every_minute(window: Interval) -> Iterator[datetime]:
    at = window.start
    while at < window.end:
        yield at
        at += MINUTE


def touch(one: Interval, other: Interval) -> bool:
    return one.start < other.end and other.start < one.end and other.start < other.end


def allowed(
    rules: MeetingSettings, window: Interval, busy: list[Interval], booked: list[Interval], now: datetime
) -> list[datetime]:
    """The model: a table of all minutes of the hours, and each rule as its sentence says."""
    schedule, duration = rules.schedule, rules.duration_minutes * MINUTE
    before, after = rules.buffer_before_minutes * MINUTE, rules.buffer_after_minutes * MINUTE
    table = {
        at: list(minutes_into_blocks(schedule, at))
        for at in every_minute(Interval(window.start, window.end + duration))
    }
    a_day = Counter(meeting.start.astimezone(schedule.zone).date() for meeting in booked)

    def is_allowed(start: datetime) -> bool:
        meeting = Interval(start, start + duration)
        kept_free = Interval(start - before, meeting.end + after)
        return (
            any(minutes % rules.step_minutes == 0 for minutes in table[start])
            and all(table[at] for at in every_minute(meeting))
            and start >= now + timedelta(hours=rules.minimum_notice_hours)
            and start <= now + timedelta(days=rules.horizon_days)
            and not any(touch(kept_free, other) for other in busy)
            and not any(touch(kept_free, other) for other in booked)
            and not any(touch(meeting, Interval(other.start - before, other.end + after)) for other in booked)
            and (rules.maximum_a_day is None or a_day[start.astimezone(schedule.zone).date()] < rules.maximum_a_day)
        )

    return [start for start in every_minute(window) if is_allowed(start)]


@settings(max_examples=120, deadline=None)
@given(st.data(), meeting_settings, beginnings, zones)
def test_slots_are_exactly_the_minutes_that_the_rules_allow(
    data: st.DataObject, rules: MeetingSettings, begin: datetime, visitors_zone: str
) -> None:
    """The window is made of days of the visitor's zone, as a visitor asks."""
    busy, booked = data.draw(intervals(begin)), data.draw(meetings(begin))
    now = begin + timedelta(minutes=data.draw(st.integers(-2_000, 1_000)), seconds=data.draw(st.integers(0, 59)))
    first = begin.astimezone(ZoneInfo(visitors_zone)).date()
    window = days_between(first, first + timedelta(days=DAYS - 1), visitors_zone)

    found = slots(rules, window, busy=busy, booked=booked, now=now)

    assert found == allowed(rules, window, busy, booked, now)


@settings(max_examples=60, deadline=None)
@given(st.data(), meeting_settings, beginnings, zones)
def test_days_asked_one_by_one_are_the_slots_of_all_of_them(
    data: st.DataObject, rules: MeetingSettings, begin: datetime, visitors_zone: str
) -> None:
    """Whoever pages through days loses none at the edges and sees none twice."""
    busy, booked = data.draw(intervals(begin)), data.draw(meetings(begin))
    first = begin.astimezone(ZoneInfo(visitors_zone)).date()
    days = [first + timedelta(days=step) for step in range(5)]

    whole = slots(rules, days_between(days[0], days[-1], visitors_zone), busy=busy, booked=booked, now=begin)

    single = [
        start
        for day in days
        for start in slots(rules, days_between(day, day, visitors_zone), busy=busy, booked=booked, now=begin)
    ]
    assert whole == single
    zone = ZoneInfo(visitors_zone)
    assert {start.astimezone(zone).date() for start in whole} <= set(days)


@settings(max_examples=40, deadline=None)
@given(st.data(), meeting_settings, beginnings)
def test_booking_slot_after_slot_never_makes_two_meetings_meet(
    data: st.DataObject, rules: MeetingSettings, begin: datetime
) -> None:
    """However visitors choose, meetings keep the buffers of each other and the maximum a day."""
    busy = data.draw(intervals(begin))
    window, booked = Interval(begin, begin + timedelta(days=DAYS)), list[Interval]()
    for _ in range(data.draw(st.integers(1, 8))):
        free = slots(rules, window, busy=busy, booked=booked, now=begin)
        if not free:
            break
        start = data.draw(st.sampled_from(free))
        booked.append(Interval(start, start + rules.duration_minutes * MINUTE))

    gap = max(rules.buffer_before_minutes, rules.buffer_after_minutes) * MINUTE
    in_order = sorted(booked)
    assert all(later.start - earlier.end >= gap for earlier, later in itertools.pairwise(in_order))
    a_day = Counter(meeting.start.astimezone(rules.schedule.zone).date() for meeting in booked)
    assert max(a_day.values(), default=0) <= (rules.maximum_a_day or len(booked))
    assert not any(touch(meeting, other) for meeting in booked for other in busy)
