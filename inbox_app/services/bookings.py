"""A visitor books, moves or cancels a meeting (PRODUCT 4.3, 4.4). A slot is got by exactly one.

Everyone who changes a meeting takes the routing lock first, since an email may move conversations to another visitor,
then the conversation, then the agent's row: one booking of an agent at a time. The index `uq_meeting_start` has the
last word.
"""

import logging
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from inbox_app.data import conversations, meetings
from inbox_app.data.engine import reading_session
from inbox_app.data.ids import new_id
from inbox_app.data.instants import iso
from inbox_app.data.models_meetings import MeetingView, SlotsView
from inbox_app.data.tables import CalendarShareRow, DeviceRow, MeetingRow, MemberRow
from inbox_app.data.views.meetings import may_change, visitors_meeting
from inbox_app.domain.booking import DAYS_AT_MOST, Interval, MeetingStatus, days_between
from inbox_app.domain.errors import AlreadyBooked, InvalidInput, NotAllowed, NotFound, ShareWithdrawn, SlotTaken
from inbox_app.domain.identity import Claims
from inbox_app.domain.meetings import MOMENT, YEARS, Diary, check_bookable, check_changeable, check_start, instant_of
from inbox_app.domain.people import Device, Member, visitor_title
from inbox_app.domain.permissions import require_agent
from inbox_app.domain.schedule import clean_time_zone
from inbox_app.services import meeting_steps
from inbox_app.services.conversations import clean_client_id
from inbox_app.services.identity import mention
from inbox_app.services.meeting_links import token_of
from inbox_app.services.use_case import UseCase, use_case
from inbox_app.texts.catalogue import closest_language

log = logging.getLogger(__name__)


async def free_slots(
    share_id: str, *, first: date | None, last: date | None, time_zone: str, device: Device, now: datetime
) -> SlotsView:
    """Free times of a shared calendar on these days of a zone (empty: the browser's own), at most 31 of them.

    Without days: from today on. Raises NotFound, ShareWithdrawn, NotBookable, InvalidInput naming the field.
    """
    async with reading_session() as session:
        share = await meetings.share_of_device(session, share_id, device.id)
        if share is None:
            raise NotFound
        if share.withdrawn_at is not None:
            raise ShareWithdrawn
        return await _free(session, share.agent_id, first, last, zone_of(time_zone, device.time_zone), now=now)


async def free_slots_of(
    meeting_id: str, *, first: date | None, last: date | None, time_zone: str, now: datetime
) -> SlotsView:
    """Where a meeting can be moved to: it is not in its own way."""
    async with reading_session() as session:
        meeting = await session.get(MeetingRow, meeting_id)
        if meeting is None:
            raise NotFound
        check_changeable(meeting.status, meeting.start_at, now=now)
        zone = zone_of(time_zone, meeting.time_zone)
        return await _free(session, meeting.agent_id, first, last, zone, without=meeting_id, now=now)


def zone_of(wanted: str, known: str) -> str:
    """The zone that is asked for; else the one that is known, if it is one. Raises InvalidInput("time_zone")."""
    if wanted:
        return clean_time_zone(wanted)
    try:
        return clean_time_zone(known)
    except InvalidInput:
        return "UTC"


async def _free(
    session: AsyncSession, agent_id: str, first: date | None, last: date | None, zone: str, *, now: datetime,
    without: str = "",
) -> SlotsView:  # fmt: skip
    first, last = _days(first, last, now.astimezone(ZoneInfo(zone)).date())
    window = days_between(first, last, zone)
    agent = await session.get_one(MemberRow, agent_id)
    diary = await meetings.diary_of(session, agent, window, without=without)
    if not diary.is_agent:
        check_bookable(diary)
    found = diary.free(window, now=now)
    later = None
    if not found and not diary.why_not:
        later = await meetings.first_free(session, agent, after=window.end, without=without, now=now)
    return SlotsView(
        time_zone=zone, duration_minutes=diary.settings.duration_minutes, slots=[iso(start) for start in found],
        next_slot=iso(later), last_day=diary.last_day(zone, now=now).isoformat(), why_not=diary.why_not,
    )  # fmt: skip


def _days(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days that are meant: as many as one question may have, from today on, where none are said."""
    for field, day in (("from", first), ("to", last)):
        if day is not None and day.year not in YEARS:
            raise InvalidInput(field, "Enter a date such as 2026-11-23.")
    if first is None:
        first = today if last is None else min(today, last)
    return first, last or first + timedelta(days=DAYS_AT_MOST - 1)


@dataclass(frozen=True)
class _Wish:
    """What a visitor wants to book, checked."""

    client_id: str
    start: datetime
    claims: Claims
    time_zone: str


async def book(
    share_id: str, *, client_id: str, start: str, email: str = "", name: str = "", time_zone: str = "",
    device: Device, now: datetime,
) -> tuple[MeetingView, bool]:  # fmt: skip
    """The meeting, and whether it is new: a `client_id` counts once.

    Raises NotFound, ShareWithdrawn, NotBookable, AlreadyBooked, SlotTaken with fresh slots, InvalidInput.
    """
    zone = clean_time_zone(time_zone) if time_zone else ""
    wish = _Wish(clean_client_id(client_id), instant_of(start), Claims(name=name, email=email).cleaned(), zone)
    try:
        async with use_case() as case:
            await conversations.begin_routing(case.session)
            meeting, is_new = await _book(case, share_id, wish, device, now=now)
    except (SlotTaken, IntegrityError) as error:
        raise await _taken(share_id, wish.start, zone, device, now=now) from error
    if is_new:
        log.info("booked meeting=%s agent=%s", meeting.id, meeting.agent_id)
    return await visitors_meeting(meeting.id, now=now), is_new


async def _taken(share_id: str, start: datetime, zone: str, device: Device, *, now: datetime) -> SlotTaken:
    """With what is free from today on, or around a time that lies further ahead."""
    near = start < now + timedelta(days=DAYS_AT_MOST - 2)
    first = None if near else (start - timedelta(days=DAYS_AT_MOST // 2)).date()
    fresh = await free_slots(share_id, first=first, last=None, time_zone=zone, device=device, now=now)
    return SlotTaken(asdict(fresh))


async def _book(case: UseCase, share_id: str, wish: _Wish, device: Device, *, now: datetime) -> tuple[MeetingRow, bool]:
    share = await meetings.share_of_device(case.session, share_id, device.id)
    if share is None:
        raise NotFound
    known = await meetings.by_client_id(case.session, share_id, wish.client_id)
    if known is not None:
        return known, False
    if share.withdrawn_at is not None:
        raise ShareWithdrawn
    living = await meetings.living_of(case.session, share_id, now=now)
    if living is not None:
        raise AlreadyBooked(living.id, token_of(living.id, now=now))
    booker, claims = await _booker(case, device.id, wish.claims, share.conversation_id)
    await conversations.get(case.session, share.conversation_id)
    agent = await meetings.lock_agent(case.session, share.agent_id)
    diary = await meetings.diary_of(case.session, agent, Interval(wish.start, wish.start + MOMENT))
    time = check_start(wish.start, diary, now=now)
    meeting = _row(share, replace(wish, claims=claims), booker, time, diary, now=now)
    case.session.add(meeting)
    await case.session.flush()
    await meeting_steps.record(case, meeting, agent, by=None, now=now)
    return meeting, True


async def _booker(case: UseCase, device_id: str, claims: Claims, conversation_id: str) -> tuple[DeviceRow, Claims]:
    """Which browser books, and the name and address of the invitation: as typed now, else as this browser said before.

    The answer and the mail tell them to whoever uses the browser, so nothing comes from the record: an agent may have
    entered another address there. Raises InvalidInput("email").
    """
    _, own = await mention(case, device_id, claims, conversation_id=conversation_id)
    device = await case.session.get_one(DeviceRow, device_id)
    email = claims.email or own.email
    if not email:
        raise InvalidInput("email", "Enter your email address: the invitation is sent there.")
    return device, Claims(name=claims.name or own.name or visitor_title("", device.shown_id), email=email)


def _row(
    share: CalendarShareRow, wish: _Wish, device: DeviceRow, time: Interval, diary: Diary, *, now: datetime
) -> MeetingRow:
    meeting_id = new_id()
    return MeetingRow(
        id=meeting_id, uid=f"{meeting_id}@agent-inbox", share_id=share.id, conversation_id=share.conversation_id,
        visitor_id=device.visitor_id, agent_id=share.agent_id, client_id=wish.client_id, start_at=time.start,
        end_at=time.end, status=MeetingStatus.SCHEDULED, visitor_name=wish.claims.name, visitor_email=wish.claims.email,
        time_zone=wish.time_zone or zone_of("", device.time_zone),
        language=closest_language(device.language), invitation_text=diary.settings.invitation_text,
        video_link=diary.settings.video_link, created_at=now, changed_at=now,
    )  # fmt: skip


async def reschedule(meeting_id: str, *, start: str, by: Member | None, now: datetime) -> None:
    """To another time, by the rules of slots. To the time that it has: nothing happens. `by` None: the visitor.

    Raises NotFound, MeetingPassed, MeetingCancelled, NotBookable, SlotTaken with fresh slots, InvalidInput.
    """
    wanted = instant_of(start)
    try:
        async with use_case() as case:
            await conversations.begin_routing(case.session)
            await _move(case, meeting_id, wanted, by, now=now)
    except (SlotTaken, IntegrityError) as error:
        near = wanted < now + timedelta(days=DAYS_AT_MOST - 2)
        first = None if near else (wanted - timedelta(days=DAYS_AT_MOST // 2)).date()
        fresh = await free_slots_of(meeting_id, first=first, last=None, time_zone="", now=now)
        raise SlotTaken(asdict(fresh)) from error


async def _move(case: UseCase, meeting_id: str, start: datetime, by: Member | None, *, now: datetime) -> None:
    meeting = await _changeable(case, meeting_id, by)
    check_changeable(meeting.status, meeting.start_at, now=now)
    if meeting.start_at == start:
        return
    agent = await meetings.lock_agent(case.session, meeting.agent_id)
    diary = await meetings.diary_of(case.session, agent, Interval(start, start + MOMENT), without=meeting.id)
    time = check_start(start, diary, now=now)
    meeting.start_at, meeting.end_at = time.start, time.end
    meeting.invitation_text, meeting.video_link = diary.settings.invitation_text, diary.settings.video_link
    await _step(case, meeting, MeetingStatus.RESCHEDULED, agent, by, now=now)


async def cancel(meeting_id: str, *, by: Member | None, now: datetime) -> None:
    """Cancelled already: nothing happens. `by` None: the visitor. Raises NotFound, NotAllowed, MeetingPassed."""
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        meeting = await _changeable(case, meeting_id, by)
        if meeting.status == MeetingStatus.CANCELLED:
            return
        check_changeable(meeting.status, meeting.start_at, now=now)
        agent = await meetings.lock_agent(case.session, meeting.agent_id)
        meeting.cancelled_by = "agent" if by else "visitor"
        await _step(case, meeting, MeetingStatus.CANCELLED, agent, by, now=now)


async def _changeable(case: UseCase, meeting_id: str, by: Member | None) -> MeetingRow:
    """The meeting, locked after its conversation. Its agent may change it, and its visitor, who has shown the link."""
    found = await case.session.get(MeetingRow, meeting_id)
    if found is None:
        raise NotFound
    await conversations.get(case.session, found.conversation_id)
    meeting = await meetings.get(case.session, meeting_id)
    if meeting is None:
        raise NotFound
    if by is not None:
        agent = await case.session.get_one(MemberRow, meeting.agent_id)
        require_agent(by)
        if not may_change(by, meeting.agent_id, is_disabled=agent.disabled_at is not None):
            raise NotAllowed("This meeting is another agent's.") if by.reads_history else NotFound()
    return meeting


async def _step(
    case: UseCase, meeting: MeetingRow, status: MeetingStatus, agent: MemberRow, by: Member | None, *, now: datetime
) -> None:
    meeting.status, meeting.sequence, meeting.changed_at = status, meeting.sequence + 1, now
    await case.session.flush()
    await meeting_steps.record(case, meeting, agent, by=by, now=now)
    if by is not None:
        case.audit(f"meeting.{status}", by=by.id, now=now, subject=meeting.id, name=meeting.visitor_name)
    log.info("%s meeting=%s", status, meeting.id)
