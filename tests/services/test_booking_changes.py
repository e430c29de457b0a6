"""A meeting is moved or cancelled (PRODUCT 4.4), by its visitor with the link of the mail or by its agent."""

from datetime import timedelta

import pytest

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.instants import iso
from inbox_app.data.tables import ActivityRow, AuditRow, EntryRow, MeetingRow, OutboxRow
from inbox_app.domain.errors import (
    InvalidInput,
    MeetingCancelled,
    MeetingPassed,
    NotAllowed,
    NotBookable,
    NotFound,
    SlotTaken,
)
from inbox_app.domain.people import Role
from inbox_app.services import bookings, conversations, meeting_links
from tests.data.builders import NOW, a_member, rows_of
from tests.services.booking_builders import (
    TOMORROW,
    a_meeting,
    a_share,
    at,
    disable,
    living,
    set_meetings,
)
from tests.services.builders import listening, told

pytestmark = pytest.mark.usefixtures("database")


async def row_of(meeting_id: str) -> MeetingRow:
    (row,) = await rows_of(MeetingRow, id=meeting_id)
    assert isinstance(row, MeetingRow)
    return row


async def test_a_moved_meeting_is_a_new_version_at_the_new_time() -> None:
    share = await a_share(await a_member())
    meeting = await a_meeting(share, at(10))
    await set_meetings(share.agent, duration_minutes=60, video_link="https://meet.example/new")
    await bookings.reschedule(meeting.id, start=iso(at(15)), by=None, now=NOW)
    row = await row_of(meeting.id)
    assert (row.start_at, row.end_at, row.status, row.sequence) == (at(15), at(16), "rescheduled", 1)
    assert row.video_link == "https://meet.example/new"
    entries = sorted(await rows_of(EntryRow, kind="meeting"), key=lambda entry: entry.seq)
    assert [entry.details["status"] for entry in entries] == ["scheduled", "rescheduled"]
    assert len(await rows_of(ActivityRow, type="rescheduled_meeting")) == 1
    assert {entry.payload["sequence"] for entry in await rows_of(OutboxRow)} == {0, 1}


async def test_to_the_time_that_it_has_nothing_happens() -> None:
    share = await a_share(await a_member())
    meeting = await a_meeting(share, at(10))
    soon = at(9)  # within the notice: the time that it has can be kept all the same
    await bookings.reschedule(meeting.id, start=iso(at(10)), by=None, now=soon)
    assert (await row_of(meeting.id)).sequence == 0
    assert len(await rows_of(ActivityRow, type="rescheduled_meeting")) == 0


async def test_a_meeting_is_not_in_its_own_way() -> None:
    share = await a_share(await a_member())
    await set_meetings(share.agent, duration_minutes=60, maximum_a_day=1, buffer_after_minutes=30)
    meeting = await a_meeting(share, at(10))
    days = {"first": TOMORROW, "last": TOMORROW, "time_zone": ""}
    free = await bookings.free_slots_of(meeting.id, now=NOW, **days)  # type: ignore[arg-type]
    assert iso(at(10, 30)) in free.slots
    await bookings.reschedule(meeting.id, start=iso(at(10, 30)), by=None, now=NOW)
    assert (await row_of(meeting.id)).start_at == at(10, 30)


async def test_the_rules_of_slots_hold_for_the_new_time() -> None:
    ana = await a_member()
    first, second = await a_share(ana), await a_share(ana)
    meeting = await a_meeting(first, at(10))
    await a_meeting(second, at(11))
    with pytest.raises(SlotTaken) as refused:
        await bookings.reschedule(meeting.id, start=iso(at(11)), by=None, now=NOW)
    assert iso(at(11)) not in refused.value.more["slots"]
    assert iso(at(10)) in refused.value.more["slots"]
    for wrong in (at(10, days=0), at(9), at(10, days=100), at(10, 1), at(20)):
        with pytest.raises(InvalidInput):
            await bookings.reschedule(meeting.id, start=iso(wrong), by=None, now=NOW)
    row = await row_of(meeting.id)
    assert (row.start_at, row.sequence) == (at(10), 0)


async def test_a_cancelled_meeting_frees_its_slot_and_stays_cancelled() -> None:
    ana = await a_member()
    share, other = await a_share(ana), await a_share(ana)
    meeting = await a_meeting(share, at(10))
    for _ in range(2):
        await bookings.cancel(meeting.id, by=None, now=NOW)
    row = await row_of(meeting.id)
    assert (row.status, row.sequence, row.cancelled_by) == ("cancelled", 1, "visitor")
    assert len(await rows_of(ActivityRow, type="cancelled_meeting")) == 1
    with pytest.raises(MeetingCancelled):
        await bookings.reschedule(meeting.id, start=iso(at(11)), by=None, now=NOW)
    await a_meeting(other, at(10))


async def test_what_has_begun_can_be_neither_moved_nor_cancelled() -> None:
    ana = await a_member()
    meeting = await a_meeting(await a_share(ana), at(10))
    for now in (at(10), at(10, 15), at(10, days=9)):
        with pytest.raises(MeetingPassed):
            await bookings.reschedule(meeting.id, start=iso(at(10, days=14)), by=None, now=now)
        for by in (None, ana):
            with pytest.raises(MeetingPassed):
                await bookings.cancel(meeting.id, by=by, now=now)


async def test_its_agent_moves_and_cancels_which_is_in_the_audit_log() -> None:
    ana = await a_member()
    meeting = await a_meeting(await a_share(ana), at(10))
    await bookings.reschedule(meeting.id, start=iso(at(11)), by=ana, now=NOW)
    await bookings.cancel(meeting.id, by=ana, now=NOW)
    assert (await row_of(meeting.id)).cancelled_by == "agent"
    acts = [row.action for row in await rows_of(AuditRow, actor_id=ana.id)]
    assert acts == ["calendar.shared", "meeting.rescheduled", "meeting.cancelled"]
    *_, entry = sorted(await rows_of(EntryRow, kind="meeting"), key=lambda row: row.seq)
    assert (entry.sender, entry.actor_name) == ("agent", "Ana")


async def test_nobody_else_moves_or_cancels_it() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    mia = await a_member("Mia", role=Role.MANAGER)
    root = await a_member("Root", role=Role.ADMIN)
    chief = await a_member("Chief", role=Role.ADMIN, takes_chats=True)
    meeting = await a_meeting(await a_share(ana), at(10))
    for who, refusal in ((ben, NotFound), (mia, NotAllowed), (root, NotAllowed), (chief, NotAllowed)):
        with pytest.raises(refusal):
            await bookings.cancel(meeting.id, by=who, now=NOW)
        with pytest.raises(refusal):
            await bookings.reschedule(meeting.id, start=iso(at(11)), by=who, now=NOW)
    with pytest.raises(NotFound):
        await bookings.cancel("unknown", by=ana, now=NOW)
    assert len(await living(ana)) == 1


async def test_an_admin_who_takes_chats_cancels_for_somebody_who_is_no_longer_here() -> None:
    ana, chief = await a_member("Ana"), await a_member("Chief", role=Role.ADMIN, takes_chats=True)
    meeting = await a_meeting(await a_share(ana), at(10))
    await disable(ana)
    with pytest.raises(NotBookable):
        await bookings.reschedule(meeting.id, start=iso(at(11)), by=None, now=NOW)
    (listed,) = (await views.meetings(chief, now=NOW)).items
    assert (listed.agent_is_disabled, listed.can_change, listed.is_mine) == (True, True, False)
    await bookings.cancel(meeting.id, by=chief, now=NOW)
    assert (await row_of(meeting.id)).status == "cancelled"


async def test_a_change_after_the_end_of_the_chat_writes_no_entry_and_is_told() -> None:
    ana = await a_member()
    share = await a_share(ana)
    meeting = await a_meeting(share, at(10))
    await conversations.end(share.chat.id, member=ana, now=NOW)
    before = len(await rows_of(EntryRow))
    async with listening(live.topics.agent(ana.id), live.topics.meetings()) as changes:
        await bookings.cancel(meeting.id, by=None, now=NOW)
        assert [event.kind for event in await told(changes)] == ["meeting", "meeting"]
    assert len(await rows_of(EntryRow)) == before


async def test_a_link_is_good_until_the_end_of_the_meeting_also_of_a_cancelled_one() -> None:
    share = await a_share(await a_member())
    meeting = await a_meeting(share, at(10))
    token = meeting_links.token_of(meeting.id, now=NOW)
    await bookings.reschedule(meeting.id, start=iso(at(10, days=7)), by=None, now=NOW)
    view = await meeting_links.meeting_of(token, now=at(10, 29, days=7))
    assert (view.id, view.status, view.can_change) == (meeting.id, "rescheduled", False)
    with pytest.raises(NotFound, match="This meeting is over"):
        await meeting_links.meeting_of(token, now=at(10, 30, days=7))
    await bookings.cancel(meeting.id, by=None, now=NOW)
    assert (await meeting_links.meeting_of(token, now=NOW)).status == "cancelled"


@pytest.mark.parametrize("token", ["", "x", "x" * 5_000, "é", "gAAAAA==", "\ud800"])
async def test_a_forged_link_is_refused_in_a_sentence(token: str) -> None:
    with pytest.raises(NotFound, match="This link doesn’t work"):
        await meeting_links.meeting_of(token, now=NOW)


async def test_a_changed_letter_spoils_a_link() -> None:
    token = meeting_links.token_of("01ARZ3NDEKTSV4RRFFQ69G5FAV", now=NOW)
    changed = token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:]
    for wrong in (changed, token + "A", token):  # the last one is whole, of a meeting that is not there
        with pytest.raises(NotFound):
            await meeting_links.meeting_of(wrong, now=NOW + timedelta(days=1))
