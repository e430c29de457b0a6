"""What screens and the API read of meetings: as `data/models.py`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShareableAgent:
    """Somebody whose calendar can be shared, or can't: `why_not` is an English sentence, the key of its translation.

    `next_slot` empty: no free time.
    """

    id: str
    name: str
    initials: str
    colour: int
    is_me: bool
    is_bookable: bool
    why_not: str
    next_slot: str


@dataclass(frozen=True)
class SlotsView:
    """Free times of a shared calendar, on the days that were asked for.

    `next_slot`: where there are none on these days, the first one after them (empty: none at all). `last_day`: beyond
    it nothing can be booked. `why_not`: as of ShareableAgent; then there are none.
    """

    time_zone: str
    duration_minutes: int
    slots: list[str]
    next_slot: str
    last_day: str
    why_not: str = ""


@dataclass(frozen=True)
class MeetingView:
    """A meeting as its reader sees it. `status`: scheduled, rescheduled, cancelled or passed.

    `conversation_id` empty: it is none of the reader's. `video_link` empty: there is none, or it is not the reader's.
    `time_zone`: the visitor's. `agent_is_disabled`: nobody will come to it (needs attention).
    """

    id: str
    share_id: str
    conversation_id: str
    visitor_id: str
    visitor_name: str
    visitor_email: str
    email_confirmed: bool
    agent_id: str
    agent_name: str
    start: str
    end: str
    status: str
    time_zone: str
    video_link: str
    is_mine: bool
    can_change: bool
    agent_is_disabled: bool
    cancelled_by: str
    changed_at: str


@dataclass(frozen=True)
class ShareView:
    """A shared calendar as its visitor sees it. `meeting`: what was booked by it and is still to come."""

    id: str
    conversation_id: str
    agent_id: str
    agent_name: str
    withdrawn: bool
    why_not: str
    time_zone: str
    visitor_name: str
    visitor_email: str
    meeting: MeetingView | None = None
