"""The list of meetings (PRODUCT 4.5): whose, in which order, filtered, and what nobody else is shown."""

import pytest

from inbox_app.data import views
from inbox_app.data.models_meetings import MeetingView
from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.people import Member, Role
from inbox_app.services import bookings, conversations
from tests.data.builders import NOW, a_member
from tests.services.booking_builders import Share, a_meeting, a_share, at, set_meetings

pytestmark = pytest.mark.usefixtures("database")


async def listed(member: Member, **filters: object) -> list[MeetingView]:
    return (await views.meetings(member, now=NOW, **filters)).items  # type: ignore[arg-type]


async def booked(agent: Member, hour: int, days: int = 1) -> tuple[Share, MeetingView]:
    share = await a_share(agent)
    return share, await a_meeting(share, at(hour, days=days), name="Vera")


async def test_agents_see_their_own_and_readers_all() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    mia, root = await a_member("Mia", role=Role.MANAGER), await a_member("Root", role=Role.ADMIN)
    await booked(ana, 10)
    await booked(ben, 11)
    assert [one.agent_name for one in await listed(ana)] == ["Ana"]
    assert await listed(ana, agent=ben.id) == []
    for reader in (mia, root):
        assert [one.agent_name for one in await listed(reader)] == ["Ben", "Ana"]
        assert [one.agent_name for one in await listed(reader, agent=ana.id)] == ["Ana"]
        assert not any(one.can_change or one.is_mine for one in await listed(reader))


async def test_who_takes_no_chats_and_reads_no_history_sees_nothing() -> None:
    ana = await a_member("Ana")
    await booked(ana, 10)
    assert await listed(await a_member("Off", takes_chats=False)) == []


async def test_a_video_link_is_for_its_agent_alone() -> None:
    ana, mia = await a_member("Ana"), await a_member("Mia", role=Role.MANAGER)
    await set_meetings(ana, video_link="https://meet.example/secret")
    await booked(ana, 10)
    assert (await listed(ana))[0].video_link == "https://meet.example/secret"
    assert (await listed(mia))[0].video_link == ""


async def test_a_chat_of_another_agent_is_not_named_while_it_is_active() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    share = await a_share(ana, of=ben)
    await a_meeting(share, at(10))
    assert [one.conversation_id for one in await listed(ben)] == [""]
    await conversations.end(share.chat.id, member=ana, now=NOW)
    assert [one.conversation_id for one in await listed(ben)] == [share.chat.id]


async def test_filters_and_their_order() -> None:
    ana = await a_member()
    (_, first), (_, moved), (_, gone), (_, later) = [await booked(ana, hour) for hour in (10, 11, 12, 13)]
    await bookings.reschedule(moved.id, start=at(16).isoformat(), by=None, now=NOW)
    await bookings.cancel(gone.id, by=ana, now=NOW)
    expected = {
        "": [moved.id, later.id, gone.id, first.id], "upcoming": [first.id, later.id, moved.id],
        "scheduled": [first.id, later.id], "rescheduled": [moved.id], "cancelled": [gone.id], "passed": [],
    }  # fmt: skip
    for status, ids in expected.items():
        assert (status, [one.id for one in await listed(ana, status=status)]) == (status, ids)
    after = (await views.meetings(ana, now=at(14), status="passed")).items
    assert [(one.id, one.status) for one in after] == [(later.id, "passed"), (first.id, "passed")]
    with pytest.raises(InvalidInput) as wrong:
        await listed(ana, status="maybe")
    assert wrong.value.field == "status"


@pytest.mark.parametrize("status", ["", "upcoming"])
async def test_pages_hold_every_meeting_once(status: str) -> None:
    ana = await a_member()
    ids = [(await booked(ana, hour))[1].id for hour in (10, 11, 12, 13, 14)]
    found, before = [], ""
    while True:
        page = await views.meetings(ana, now=NOW, status=status, before=before, limit=2)
        found += [one.id for one in page.items]
        before = page.next
        if not before:
            break
    assert found == (ids if status else ids[::-1])
