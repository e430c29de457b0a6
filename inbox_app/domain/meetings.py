"""Rules of a meeting's life (PRODUCT 4.3, 4.4): who can be booked, at which start, and what can be changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from inbox_app.domain.booking import Interval, MeetingStatus, slots
from inbox_app.domain.errors import (
    InvalidInput,
    MeetingCancelled,
    MeetingPassed,
    NotBookable,
    SlotTaken,
)
from inbox_app.domain.meeting_settings import MeetingSettings

MOMENT: Final = timedelta(microseconds=1)
AROUND: Final = timedelta(days=2)
"""What happens so long before and after a time can matter to it: buffers, and the other meetings of its day."""
YEARS: Final = range(1971, 9000)
"""Of days and instants that every zone can name, with room for what lies around them."""
NO_AGENT: Final = "This person takes no meetings any more."
NO_HOURS: Final = "This agent has no hours for meetings."
CALENDAR_BROKEN: Final = "A calendar of this agent does not answer, so no times are offered at present."
NO_TIME: Final = "This agent has no free time within the days that can be booked."
WHY_NOT: Final = (NO_AGENT, NO_HOURS, CALENDAR_BROKEN, NO_TIME)
"""Why a calendar can't be booked: English sentences, the keys of their translations."""


@dataclass(frozen=True)
class Diary:
    """All that decides when one agent can be met. `is_agent`: enabled and takes chats."""

    settings: MeetingSettings
    busy: Sequence[Interval] = ()
    booked: Sequence[Interval] = ()
    is_agent: bool = True
    is_broken: bool = False

    @property
    def why_not(self) -> str:
        """Why this agent can't be booked at any time; empty: can be."""
        if not self.is_agent:
            return NO_AGENT
        if self.is_broken and self.settings.when_broken == "stop":
            return CALENDAR_BROKEN
        schedule = self.settings.schedule
        return "" if any(schedule.week) or any(schedule.exceptions.values()) else NO_HOURS

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.settings.duration_minutes)

    def free(self, window: Interval, *, now: datetime) -> list[datetime]:
        """The starts inside the window; none while the agent can't be booked."""
        return [] if self.why_not else slots(self.settings, window, busy=self.busy, booked=self.booked, now=now)

    def last_day(self, zone: str, *, now: datetime) -> date:
        """The last day of the horizon."""
        return (now + timedelta(days=self.settings.horizon_days)).astimezone(ZoneInfo(zone)).date()


def check_bookable(diary: Diary) -> None:
    """Raises NotBookable with the reason."""
    if diary.why_not:
        raise NotBookable(diary.why_not)


def check_start(start: datetime, diary: Diary, *, now: datetime) -> Interval:
    """The meeting that begins then.

    Raises NotBookable; InvalidInput("start") for what never was a slot; SlotTaken for one that is not free any more.
    """
    check_bookable(diary)
    settings = diary.settings
    if start <= now:
        raise InvalidInput("start", "This time has passed. Choose another one.")
    if start < now + timedelta(hours=settings.minimum_notice_hours):
        raise InvalidInput("start", "This is too soon: a meeting is booked at least {hours} hours ahead.",
                           hours=settings.minimum_notice_hours)  # fmt: skip
    if start > now + timedelta(days=settings.horizon_days):
        raise InvalidInput("start", "This is too far ahead: a meeting is booked at most {days} days ahead.",
                           days=settings.horizon_days)  # fmt: skip
    window = Interval(start, start + MOMENT)
    if diary.free(window, now=now):
        return Interval(start, start + diary.duration)
    if replace(diary, busy=(), booked=()).free(window, now=now):
        raise SlotTaken
    raise InvalidInput("start", "This time cannot be booked. Choose one of those that are offered.")


def instant_of(text: object) -> datetime:
    """An instant as a client sends it: ISO 8601 with its offset from UTC. Raises InvalidInput("start")."""
    try:
        instant = datetime.fromisoformat(text) if isinstance(text, str) else None
        if instant is not None and instant.tzinfo is not None and instant.year in YEARS:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidInput("start", "Enter a time such as 2026-11-23T09:00:00Z.")


def check_changeable(status: str, start: datetime, *, now: datetime) -> None:
    """Raises MeetingPassed for what has begun, MeetingCancelled for what does not take place."""
    if start <= now:
        raise MeetingPassed
    if status == MeetingStatus.CANCELLED:
        raise MeetingCancelled


def has_passed(status: str, end: datetime, *, now: datetime) -> bool:
    """PRODUCT 4.5: took place, as far as we know."""
    return status != MeetingStatus.CANCELLED and end <= now
