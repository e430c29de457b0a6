"""What every step of a meeting leaves behind: a card, an activity, what has to be done outside, news."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from inbox_app import live
from inbox_app.data import conversations
from inbox_app.data.instants import iso
from inbox_app.data.members import meeting_settings_of
from inbox_app.data.tables import ActivityRow, MeetingRow, MemberRow
from inbox_app.domain import conversation as rules
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.booking import MeetingStatus
from inbox_app.domain.conversation import EntryKind, Sender
from inbox_app.domain.people import Member, visitor_title
from inbox_app.services import after_booking
from inbox_app.services.use_case import UseCase

ACTIVITIES: Final = {
    MeetingStatus.SCHEDULED: ActivityType.SCHEDULED_MEETING,
    MeetingStatus.RESCHEDULED: ActivityType.RESCHEDULED_MEETING,
    MeetingStatus.CANCELLED: ActivityType.CANCELLED_MEETING,
}


async def record(case: UseCase, meeting: MeetingRow, agent: MemberRow, *, by: Member | None, now: datetime) -> None:
    """After it was booked, moved or cancelled. `by` None: the visitor did it."""
    conversation = await conversations.get(case.session, meeting.conversation_id)
    if conversation is None:
        raise ValueError("a meeting without its conversation")
    details = card(meeting, agent)
    told: set[str | None] = set()
    if conversation.is_open:  # an ended one is immutable (PRODUCT 1.5)
        step = rules.add_card(
            conversation, EntryKind.MEETING, details, sender=Sender.AGENT if by else Sender.VISITOR,
            by=by.id if by else None, now=now,
            name=by.name if by else visitor_title(meeting.visitor_name, meeting.visitor_id),
        )  # fmt: skip
        entry = await conversations.save(case.session, step)
        if entry:
            case.tell_entry(conversation.id, conversation.agent_id, entry)
            told.add(conversation.agent_id)
    for agent_id in {meeting.agent_id, conversation.agent_id} - told:
        if agent_id:
            case.tell(live.topics.agent(agent_id), "meeting", conversation_id=conversation.id, details=details)
    case.tell(live.topics.meetings(), "meeting", id=meeting.id, status=meeting.status)
    case.session.add(
        ActivityRow(
            visitor_id=meeting.visitor_id, type=ACTIVITIES[MeetingStatus(meeting.status)],
            title=title(meeting, agent), at=now,
            conversation_id=conversation.id if conversation.visitor_id == meeting.visitor_id else None,
        )
    )  # fmt: skip
    case.tell(live.topics.visitor(meeting.visitor_id), "activity")
    await after_booking.plan(case, meeting, now=now)


def card(meeting: MeetingRow, agent: MemberRow) -> dict[str, Any]:
    """What the timeline keeps of a meeting."""
    return {
        "id": meeting.id, "share_id": meeting.share_id, "agent": {"id": agent.id, "name": agent.name},
        "start": iso(meeting.start_at), "end": iso(meeting.end_at), "status": meeting.status,
    }  # fmt: skip


def title(meeting: MeetingRow, agent: MemberRow) -> str:
    """With whom and when, in the agent's own zone: a line of the activity history is read by agents."""
    zone = meeting_settings_of(agent).schedule.time_zone
    return f"{agent.name} · {meeting.start_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
