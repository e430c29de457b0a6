"""A visitor books a slot of a shared calendar (PRODUCT 4.3, 4.4): what is taken, and what everyone has after it."""

from datetime import timedelta

import pytest

from inbox_app import live
from inbox_app.data.instants import iso
from inbox_app.data.tables import ActivityRow, AuditRow, EntryRow, MeetingRow, OutboxRow, VisitorRow
from inbox_app.domain.errors import (
    AlreadyBooked,
    InvalidInput,
    NotBookable,
    NotFound,
    ShareWithdrawn,
    SlotTaken,
)
from inbox_app.services import bookings, conversations, meeting_links, shares, visitors
from tests.data.builders import NOW, a_device, a_member, a_uuid, rows_of
from tests.services.booking_builders import (
    TOMORROW,
    a_calendar,
    a_meeting,
    a_share,
    at,
    book,
    disable,
    living,
    set_meetings,
    slots_of,
)
from tests.services.builders import listening, told

pytestmark = pytest.mark.usefixtures("database")


async def test_a_booked_slot_is_a_meeting_and_no_slot_any_more() -> None:
    share = await a_share(await a_member())
    assert (await slots_of(share)).slots[0] == iso(at(9, 30))
    meeting = await a_meeting(share, at(10), name="Vera", email="vera@example.com", time_zone="Europe/Paris")
    assert (meeting.start, meeting.end, meeting.status) == (iso(at(10)), iso(at(10, 30)), "scheduled")
    assert (meeting.visitor_name, meeting.visitor_email, meeting.time_zone) == (
        "Vera", "vera@example.com", "Europe/Paris",
    )  # fmt: skip
    assert iso(at(10)) not in (await slots_of(share)).slots
    (row,) = await rows_of(MeetingRow)
    assert (row.uid, row.sequence, row.agent_id) == (f"{row.id}@agent-inbox", 0, share.agent.id)


async def test_both_sides_see_a_card_and_the_visitor_has_an_activity() -> None:
    share = await a_share(await a_member())
    meeting = await a_meeting(share, at(10))
    *_, shared, booked = sorted(await rows_of(EntryRow, conversation_id=share.chat.id), key=lambda row: row.seq)
    assert (shared.kind, shared.seq, shared.sender) == ("calendar_share", 2, "agent")
    assert shared.details == {"id": share.id, "agent": {"id": share.agent.id, "name": "Ana"}, "withdrawn": False}
    assert (booked.kind, booked.seq, booked.sender) == ("meeting", 3, "visitor")
    assert booked.details == {
        "id": meeting.id, "share_id": share.id, "agent": {"id": share.agent.id, "name": "Ana"},
        "start": iso(at(10)), "end": iso(at(10, 30)), "status": "scheduled",
    }  # fmt: skip
    (activity,) = await rows_of(ActivityRow, type="scheduled_meeting")
    assert (activity.title, activity.conversation_id) == ("Ana · 2026-03-03 10:00 (UTC)", share.chat.id)
    assert {row.kind for row in await rows_of(OutboxRow)} == {"mail.visitor", "mail.agent", "calendar"}


async def test_all_whom_it_concerns_are_told_after_the_commit() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    share = await a_share(ana, of=ben)
    topics = [live.topics.conversation(share.chat.id), live.topics.agent(ana.id), live.topics.agent(ben.id)]
    async with listening(*topics, live.topics.meetings(), live.topics.visitor(share.device.visitor_id)) as changes:
        await a_meeting(share, at(10))
        events = [(event.topic, event.kind) for event in await told(changes)]
    assert [topic for topic, kind in events if kind == "meeting"] == [*topics, live.topics.meetings()]
    assert (live.topics.visitor(share.device.visitor_id), "activity") in events


async def test_an_ended_conversation_is_not_written_into_yet_its_share_is_bookable() -> None:
    ana = await a_member()
    share = await a_share(ana)
    await conversations.end(share.chat.id, member=ana, now=NOW)
    before = len(await rows_of(EntryRow))
    async with listening(live.topics.agent(ana.id)) as changes:
        await a_meeting(share, at(10))
        assert "meeting" in {event.kind for event in await told(changes)}
    assert len(await rows_of(EntryRow)) == before
    assert len(await rows_of(ActivityRow, type="scheduled_meeting")) == 1


async def test_a_taken_slot_is_told_with_what_is_free() -> None:
    ana = await a_member()
    first, second = await a_share(ana), await a_share(ana)
    await a_meeting(first, at(10))
    with pytest.raises(SlotTaken) as refused:
        await book(second, at(10))
    fresh = refused.value.more
    assert iso(at(10)) not in fresh["slots"]
    assert iso(at(10, 30)) in fresh["slots"]
    assert (fresh["duration_minutes"], fresh["time_zone"]) == (30, "UTC")
    assert len(await living(ana)) == 1


async def test_who_is_refused_leaves_nothing_behind() -> None:
    ana = await a_member()
    await a_meeting(await a_share(ana), at(10))
    late = await a_share(ana)
    with pytest.raises(SlotTaken):
        await book(late, at(10), email="late@example.com", name="Late")
    assert await rows_of(VisitorRow, email="late@example.com") == []


async def test_busy_times_of_a_connected_calendar_are_taken() -> None:
    ana = await a_member()
    await a_calendar(ana, (at(9), at(16, 30)))
    share = await a_share(ana)
    assert (await slots_of(share)).slots == [iso(at(16, 30))]
    with pytest.raises(SlotTaken):
        await book(share, at(10))


async def test_a_full_day_is_taken() -> None:
    ana = await a_member()
    await set_meetings(ana, maximum_a_day=1)
    first, second = await a_share(ana), await a_share(ana)
    await a_meeting(first, at(10))
    assert (await slots_of(second)).slots == []
    with pytest.raises(SlotTaken):
        await book(second, at(15))


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (at(9, days=0), "This time has passed. Choose another one."),
        (at(9, 30, days=-400), "This time has passed. Choose another one."),
        (at(9), "This is too soon: a meeting is booked at least 24 hours ahead."),
        (at(9, days=64), "This is too far ahead: a meeting is booked at most 60 days ahead."),
        (at(10, 10), "This time cannot be booked. Choose one of those that are offered."),
        (at(18), "This time cannot be booked. Choose one of those that are offered."),
        (at(10, days=5), "This time cannot be booked. Choose one of those that are offered."),
        (at(10) + timedelta(seconds=1), "This time cannot be booked. Choose one of those that are offered."),
    ],
)
async def test_what_never_was_a_slot_is_refused_in_a_sentence(start: object, sentence: str) -> None:
    share = await a_share(await a_member())
    with pytest.raises(InvalidInput) as refused:
        await book(share, start)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.message) == ("start", sentence)


@pytest.mark.parametrize(
    "start",
    [
        "",
        "tomorrow",
        "2026-03-03",
        "2026-03-03T10:00",
        "0001-01-01T00:00:00+14:00",
        "2026-13-01T10:00Z",
        "x" * 500,
        "9999-12-31T23:59:59Z",
        "0001-01-02T00:00:00Z",
    ],
)
async def test_what_is_no_instant_is_refused(start: str) -> None:
    share = await a_share(await a_member())
    with pytest.raises(InvalidInput) as refused:
        await book(share, start)
    assert refused.value.field == "start"


async def test_an_email_is_needed_when_none_is_known() -> None:
    share = await a_share(await a_member())
    for email in ("", "vera", "vera@", "vera@example"):
        with pytest.raises(InvalidInput) as refused:
            await book(share, at(10), email=email)
        assert refused.value.field == "email"


async def test_a_known_email_is_not_asked_for() -> None:
    share = await a_share(await a_member(), email="vera@example.com")
    assert (await a_meeting(share, at(10), email="")).visitor_email == "vera@example.com"


async def test_an_address_that_only_an_agent_entered_is_neither_used_nor_read_out() -> None:
    ana = await a_member()
    share = await a_share(ana)
    await visitors.correct(share.device.visitor_id, field="email", value="vera@acme.com", member=ana, now=NOW)
    with pytest.raises(InvalidInput) as refused:
        await book(share, at(10), email="")
    assert refused.value.field == "email"
    meeting = await a_meeting(share, at(10), email="eve@example.com")
    assert (meeting.visitor_email, [row.visitor_email for row in await rows_of(MeetingRow)]) == (
        "eve@example.com", ["eve@example.com"],
    )  # fmt: skip


async def test_the_invitation_goes_to_the_address_that_was_typed_and_the_record_of_its_owner_is_left_alone() -> None:
    ana = await a_member()
    known = await a_device("Vera", email="vera@example.com")
    share = await a_share(ana)
    await a_meeting(share, at(10), email="Vera@Example.com ")
    (meeting,) = await rows_of(MeetingRow)
    assert (meeting.visitor_id, meeting.visitor_email) == (share.device.visitor_id, "vera@example.com")
    assert await rows_of(ActivityRow, visitor_id=known.visitor_id) == []


async def test_a_booking_for_a_colleague_leaves_the_browser_its_owner() -> None:
    ana = await a_member()
    share = await a_share(ana, email="vera@example.com")
    await a_meeting(share, at(10), email="boss@example.com", name="The boss")
    (meeting,) = await rows_of(MeetingRow)
    assert (meeting.visitor_name, meeting.visitor_email) == ("The boss", "boss@example.com")
    (vera,) = await rows_of(VisitorRow)
    assert (meeting.visitor_id, vera.name, vera.email) == (vera.id, "Vera", "vera@example.com")


async def test_the_same_client_id_is_the_same_meeting() -> None:
    share = await a_share(await a_member())
    first, is_new = await book(share, at(10), client_id=a_uuid("one"))
    again, is_new_again = await book(share, at(15), client_id=a_uuid("one"))
    assert (is_new, is_new_again, again.id, again.start) == (True, False, first.id, first.start)
    assert len(await rows_of(MeetingRow)) == len(await rows_of(ActivityRow, type="scheduled_meeting")) == 1


async def test_a_share_gives_one_meeting_at_a_time() -> None:
    share = await a_share(await a_member())
    meeting = await a_meeting(share, at(10))
    with pytest.raises(AlreadyBooked) as refused:
        await book(share, at(11))
    token = refused.value.more["token"]
    assert (await meeting_links.meeting_of(token, now=NOW)).id == meeting.id
    await bookings.cancel(meeting.id, by=None, now=NOW)
    assert (await a_meeting(share, at(10))).id != meeting.id


async def test_another_visitors_share_is_not_found() -> None:
    share, stranger = await a_share(await a_member()), await a_device("Eve")
    with pytest.raises(NotFound):
        await bookings.book(
            share.id, client_id=a_uuid("1"), start=iso(at(10)), email="eve@example.com", device=stranger, now=NOW
        )
    with pytest.raises(NotFound):
        await bookings.free_slots(share.id, first=TOMORROW, last=TOMORROW, time_zone="", device=stranger, now=NOW)


async def test_a_withdrawn_share_is_not_bookable() -> None:
    ana = await a_member()
    share = await a_share(ana)
    await shares.withdraw(share.id, member=ana, now=NOW)
    with pytest.raises(ShareWithdrawn):
        await book(share, at(10))
    with pytest.raises(ShareWithdrawn):
        await slots_of(share)


async def test_a_disabled_agent_is_not_bookable_and_the_meetings_stay() -> None:
    ana = await a_member()
    first, second = await a_share(ana), await a_share(ana)
    await a_meeting(first, at(10))
    await disable(ana)
    with pytest.raises(NotBookable) as refused:
        await book(second, at(11))
    assert refused.value.message == "This person takes no meetings any more."
    assert len(await living(ana)) == 1


async def test_a_broken_calendar_stops_bookings_only_where_it_is_set_so() -> None:
    ana = await a_member()
    share = await a_share(ana)
    await a_calendar(ana, status="broken")
    assert (await slots_of(share)).slots
    await set_meetings(ana, when_broken="stop")
    view = await slots_of(share)
    assert (view.slots, view.why_not) == (
        [], "A calendar of this agent does not answer, so no times are offered at present.",
    )  # fmt: skip
    with pytest.raises(NotBookable):
        await book(share, at(10))


async def test_visitors_leave_no_line_in_the_audit_log() -> None:
    share = await a_share(await a_member())
    await a_meeting(share, at(10))
    assert {row.action for row in await rows_of(AuditRow)} == {"calendar.shared"}
