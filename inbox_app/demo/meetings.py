"""Calendars that were shared in past chats, and the meetings that came of them, as the services write them.

Without mails: nothing is planned in the outbox. `tests/demo/test_meetings.py` compares cards and history with what the
services make of the same rows.
"""

import itertools
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from inbox_app.data.tables import ActivityRow, CalendarShareRow, MeetingRow, MemberRow
from inbox_app.demo.timeline import Timeline
from inbox_app.demo.visitors import Guest
from inbox_app.domain.booking import MeetingStatus
from inbox_app.domain.conversation import EntryKind, Sender
from inbox_app.services import meeting_steps, shares
from inbox_app.texts.catalogue import closest_language

LASTS: Final = timedelta(minutes=30)
HOURS: Final = range(9, 17)  # of the default settings, which the demo's agents have
NOTICE: Final = timedelta(hours=24)
RECENT: Final = timedelta(days=10)
"""Meetings of chats not older than this are still to come, those of older ones have passed."""
ONE_OF: Final = 4  # older chats that could lead to a meeting


class Fates:
    """Which chats lead to a meeting, and what becomes of it: in turn, so that there is some of each at any time."""

    def __init__(self, now: datetime) -> None:
        turn = (MeetingStatus.SCHEDULED, MeetingStatus.RESCHEDULED, MeetingStatus.CANCELLED, MeetingStatus.SCHEDULED)
        self._now = now
        self._ahead, self._past, self._older = itertools.cycle(turn), itertools.cycle(turn), itertools.count()

    def of(self, at: datetime) -> MeetingStatus | None:
        """Of the meeting that a chat at that time leads to, if it does."""
        if at > self._now - RECENT:
            return next(self._ahead)
        return None if next(self._older) % ONE_OF else next(self._past)


class Diary:
    """When the agents are met: on weekdays in their own hours, each time once."""

    def __init__(self, now: datetime, dice: random.Random) -> None:
        self._now, self._dice = now, dice
        self._taken: set[tuple[str, datetime]] = set()

    def take(self, agent: MemberRow, *, asked_at: datetime) -> datetime:
        """A free start within the days after a chat; of a recent one, within the days to come."""
        is_ahead = asked_at > self._now - RECENT
        earliest = (self._now if is_ahead else asked_at) + NOTICE
        free = [
            start
            for start in _starts(agent, earliest, earliest + RECENT - 2 * NOTICE)
            if (agent.id, start) not in self._taken
        ]
        start = self._dice.choice(free)
        self._taken.add((agent.id, start))
        return start


def _starts(agent: MemberRow, first: datetime, last: datetime) -> list[datetime]:
    """All between two instants."""
    zone = ZoneInfo(agent.time_zone)
    day, end = first.astimezone(zone).date(), last.astimezone(zone).date()
    found: list[datetime] = []
    while day <= end:
        if day.weekday() < 5:
            found += [
                datetime.combine(day, time(hour, minute), zone).astimezone(UTC) for hour in HOURS for minute in (0, 30)
            ]
        day += timedelta(days=1)
    return [start for start in found if first <= start <= last]


@dataclass
class Booking:
    """One shared calendar and its meeting. While the chat is open each step leaves its card there."""

    timeline: Timeline
    agent: MemberRow
    guest: Guest
    shares: list[CalendarShareRow] = field(default_factory=list)
    meetings: list[MeetingRow] = field(default_factory=list)
    activities: list[ActivityRow] = field(default_factory=list)

    def share(self, *, at: datetime) -> None:
        """As `services.shares.share`: the agent's own calendar."""
        row = CalendarShareRow(
            id=self.timeline.ids.at(at), conversation_id=self.timeline.row.id, agent_id=self.agent.id,
            shared_by=self.agent.id, shared_at=at,
        )  # fmt: skip
        self.shares.append(row)
        self.timeline.card(EntryKind.CALENDAR_SHARE, shares.card(row, self.agent), sender=Sender.AGENT, at=at)

    def book(self, start: datetime, *, at: datetime) -> None:
        """As `services.bookings.book`."""
        meeting_id, country = self.timeline.ids.at(at), self.guest.country
        self.meetings.append(
            MeetingRow(
                id=meeting_id, uid=f"{meeting_id}@agent-inbox", share_id=self.shares[-1].id,
                conversation_id=self.timeline.row.id, visitor_id=self.timeline.row.visitor_id, agent_id=self.agent.id,
                client_id=self.timeline.ids.client(), start_at=start, end_at=start + LASTS,
                status=MeetingStatus.SCHEDULED, visitor_name=self.guest.name, visitor_email=self.guest.email,
                time_zone=country.time_zone, language=closest_language(country.locale), created_at=at, changed_at=at,
            )
        )  # fmt: skip
        self._record(at)

    def move(self, start: datetime, *, at: datetime) -> None:
        """By the visitor."""
        meeting = self.meetings[-1]
        meeting.start_at, meeting.end_at = start, start + LASTS
        self._step(MeetingStatus.RESCHEDULED, at)

    def cancel(self, *, at: datetime) -> None:
        """By the visitor."""
        self.meetings[-1].cancelled_by = "visitor"
        self._step(MeetingStatus.CANCELLED, at)

    def _step(self, status: MeetingStatus, at: datetime) -> None:
        meeting = self.meetings[-1]
        meeting.status, meeting.sequence, meeting.changed_at = status, meeting.sequence + 1, at
        self._record(at)

    def _record(self, at: datetime) -> None:
        """As `services.meeting_steps.record`: an ended chat is immutable."""
        meeting, timeline = self.meetings[-1], self.timeline
        if timeline.row.ended_at is None:
            details = meeting_steps.card(meeting, self.agent)
            timeline.card(EntryKind.MEETING, details, sender=Sender.VISITOR, at=at)
        kind = meeting_steps.ACTIVITIES[MeetingStatus(meeting.status)]
        self.activities.append(
            ActivityRow(
                visitor_id=meeting.visitor_id, type=kind, title=meeting_steps.title(meeting, self.agent),
                conversation_id=meeting.conversation_id, at=at,
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What a chat leads to, known before it is played. `start`: as booked; `other`: where a moved one goes."""

    fate: MeetingStatus
    start: datetime
    other: datetime | None = None

    @property
    def moves_in_chat(self) -> bool:
        """Rather than later, by the link of the mail: if the visitor found the better time at once."""
        return self.other is not None and self.other < self.start


def plan(fates: Fates, diary: Diary, agent: MemberRow, *, at: datetime) -> Plan | None:
    """For a chat that begins then, if it leads to a meeting."""
    fate = fates.of(at)
    if fate is None:
        return None
    start = diary.take(agent, asked_at=at)
    return Plan(fate, start, diary.take(agent, asked_at=at) if fate is MeetingStatus.RESCHEDULED else None)


def settle(booking: Booking, plan: Plan, *, now: datetime, dice: random.Random) -> None:
    """What the visitor did with the meeting after the chat."""
    ended = booking.timeline.row.ended_at
    if ended is None:
        raise ValueError("the chat is still open")
    later = ended + (min(plan.start, now) - ended) * dice.uniform(0.1, 0.9)
    if plan.fate is MeetingStatus.CANCELLED:
        booking.cancel(at=later)
    elif plan.other is not None and not plan.moves_in_chat:
        booking.move(plan.other, at=later)
