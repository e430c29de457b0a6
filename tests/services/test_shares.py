"""A calendar in a chat (PRODUCT 1.7): whose, by whom, and the system's own for who waited in vain (3.4)."""

from datetime import datetime
from typing import Any

import pytest

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.instants import iso
from inbox_app.data.tables import AccountRow, AuditRow, CalendarShareRow, EntryRow
from inbox_app.domain.errors import ConversationEnded, InvalidInput, NotAllowed, NotBookable, NotFound
from inbox_app.domain.people import Role
from inbox_app.services import bookings, chat_settings, conversations, people, shares
from tests.data.builders import NOW, a_chat, a_device, a_member, a_uuid, rows_of
from tests.services.booking_builders import (
    TODAY,
    TOMORROW,
    a_calendar,
    a_meeting,
    a_share,
    at,
    disable,
    set_meetings,
    slots_of,
)
from tests.services.builders import a_request, an_admin, listening, state_of, timeline_of, told_of

pytestmark = pytest.mark.usefixtures("database")
NO_HOURS: dict[str, Any] = {"blocks": []}


async def test_an_agent_shares_a_colleagues_calendar_in_the_own_chat() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    async with listening(live.topics.agent(ana.id)) as changes:
        share = await a_share(ana, of=ben)
        (told,) = await told_of("calendar_share", changes)
    assert told["details"] == {"id": share.id, "agent": {"id": ben.id, "name": "Ben"}, "withdrawn": False}
    (audited,) = await rows_of(AuditRow, action="calendar.shared")
    assert (audited.actor_id, audited.subject, audited.details["name"]) == (ana.id, ben.id, "Ben")


async def test_only_the_agent_of_an_active_chat_shares_in_it() -> None:
    ana, ben, mia = await a_member("Ana"), await a_member("Ben"), await a_member("Mia", role=Role.MANAGER)
    chat = await a_chat(agent=ana)
    for who, refusal in ((ben, NotFound), (mia, NotAllowed)):
        with pytest.raises(refusal):
            await shares.share(chat.id, ana.id, member=who, now=NOW)
    await conversations.end(chat.id, member=ana, now=NOW)
    with pytest.raises(ConversationEnded, match="The calendar was not shared"):
        await shares.share(chat.id, ana.id, member=ana, now=NOW)
    assert await rows_of(CalendarShareRow) == []


async def test_who_is_nobody_or_cannot_be_booked_is_refused_with_the_reason() -> None:
    ana = await a_member("Ana")
    chat = await a_chat(agent=ana)
    gone, mia = await a_member("Gone"), await a_member("Mia", role=Role.MANAGER)
    await disable(gone)
    for agent_id in ("unknown", "", gone.id):
        with pytest.raises(InvalidInput) as wrong:
            await shares.share(chat.id, agent_id, member=ana, now=NOW)
        assert wrong.value.field == "agent_id"
    closed = await a_member("Closed")
    await set_meetings(closed, **NO_HOURS)
    for member, sentence in (
        (mia, "This person takes no meetings any more."), (closed, "This agent has no hours for meetings."),
    ):  # fmt: skip
        with pytest.raises(NotBookable, match=sentence):
            await shares.share(chat.id, member.id, member=ana, now=NOW)
    assert await rows_of(CalendarShareRow) == []


async def test_the_choice_shows_ones_own_first_then_by_next_free_time_and_who_cannot_be_booked() -> None:
    ana, ben, cleo = await a_member("Ana"), await a_member("Ben"), await a_member("Cleo")
    dan, eva, fay = await a_member("Dan"), await a_member("Eva"), await a_member("Fay")
    await set_meetings(cleo, minimum_notice_hours=1)
    await set_meetings(dan, **NO_HOURS)
    await a_calendar(eva, status="broken")
    await set_meetings(eva, when_broken="stop")
    await a_calendar(fay, (NOW, at(0, days=400)))
    await disable(await a_member("Gone"))
    found = await views.shareable(ben, now=NOW)
    assert [(one.name, one.is_me, one.is_bookable, one.next_slot) for one in found] == [
        ("Ben", True, True, iso(at(9, 30))), ("Cleo", False, True, iso(at(10, 30, days=0))),
        ("Ana", False, True, iso(at(9, 30))), ("Dan", False, False, ""), ("Eva", False, False, ""),
        ("Fay", False, False, ""),
    ]  # fmt: skip
    assert [one.why_not for one in found[3:]] == [
        "This agent has no hours for meetings.",
        "A calendar of this agent does not answer, so no times are offered at present.",
        "This agent has no free time within the days that can be booked.",
    ]
    assert ana.id in {one.id for one in found}


async def test_the_next_free_time_is_found_also_far_ahead() -> None:
    ana = await a_member()
    await a_calendar(ana, (NOW, at(12, days=58)))
    (one,) = await views.shareable(ana, now=NOW)
    assert one.next_slot == iso(at(12, days=58))
    share = await a_share(ana)
    view = await slots_of(share)
    assert (view.slots, view.next_slot, view.last_day) == ([], iso(at(12, days=58)), "2026-05-01")


async def test_slots_are_of_the_days_of_the_visitors_zone() -> None:
    ana = await a_member(time_zone="Pacific/Auckland")  # 13 hours ahead: its Tuesday begins at 20:00 UTC on Monday
    share = await a_share(ana)
    await set_meetings(ana, time_zone="Pacific/Auckland", minimum_notice_hours=0)
    assert (await slots_of(share, TODAY, TODAY, "UTC")).slots[0] == iso(at(20, days=0))
    assert (await slots_of(share, TOMORROW, TOMORROW, "Pacific/Auckland")).slots[0] == iso(at(20, days=0))
    assert (await slots_of(share, TODAY, TODAY, "Pacific/Auckland")).slots == []


async def test_without_a_zone_it_is_the_one_that_the_browser_told() -> None:
    ana = await a_member()
    for told, used in (("America/Lima", "America/Lima"), ("Mars/Olympus", "UTC"), ("", "UTC")):
        share = await a_share(ana, device=await a_device(time_zone=told))
        assert (await slots_of(share, zone="")).time_zone == used
    with pytest.raises(InvalidInput) as wrong:
        await slots_of(share, zone="Mars/Olympus")
    assert wrong.value.field == "time_zone"


async def test_a_withdrawn_calendar_is_a_new_card_and_its_meeting_stays() -> None:
    ana, ben, eve = await a_member("Ana"), await a_member("Ben"), await a_member("Eve")
    share = await a_share(ana, of=ben)
    await a_meeting(share, at(10))
    for who, refusal in ((eve, NotFound), (await a_member("Mia", role=Role.MANAGER), NotAllowed)):
        with pytest.raises(refusal):
            await shares.withdraw(share.id, member=who, now=NOW)
    for _ in range(2):
        await shares.withdraw(share.id, member=ben, now=NOW)
    cards = sorted(await rows_of(EntryRow, kind="calendar_share"), key=lambda row: row.seq)
    assert [(card.seq, card.details["withdrawn"]) for card in cards] == [(2, False), (4, True)]
    assert len((await views.meetings(ben, now=NOW, status="scheduled")).items) == 1


async def test_a_calendar_is_withdrawn_also_after_the_end_without_an_entry() -> None:
    ana = await a_member()
    share = await a_share(ana)
    await conversations.end(share.chat.id, member=ana, now=NOW)
    before = len(await rows_of(EntryRow))
    await shares.withdraw(share.id, member=ana, now=NOW)
    assert len(await rows_of(EntryRow)) == before
    (row,) = await rows_of(CalendarShareRow)
    assert row.withdrawn_at == NOW


async def missed_by_all(now: datetime = NOW, **claims: str) -> str:
    chat_id = await a_request(now=now, **claims)
    assert await state_of(chat_id) == "missed"
    return chat_id


async def test_who_waited_in_vain_is_shown_a_calendar_before_the_end() -> None:
    await chat_settings.change({"fallback_meeting": True}, member=await an_admin(), now=NOW)
    ana = await a_member("Ana", override=False)
    device = await a_device()
    chat_id = await a_request(device)
    assert await timeline_of(chat_id) == ["requested", "message", "calendar_share", "missed"]
    (share,) = await rows_of(CalendarShareRow)
    assert (share.agent_id, share.shared_by) == (ana.id, None)
    (card,) = await rows_of(EntryRow, kind="calendar_share")
    assert (card.seq, card.sender, card.actor_name) == (2, "system", "")
    meeting, _ = await bookings.book(
        share.id, client_id=a_uuid("1"), start=iso(at(10)), email="vera@example.com", device=device, now=NOW
    )
    assert meeting.agent_id == ana.id


async def test_whose_it_is_follows_the_rules_of_routing() -> None:
    await chat_settings.change({"fallback_meeting": True}, member=await an_admin(), now=NOW)
    first = await a_member("First", override=False, turn=1)
    owner = await a_member("Owner", override=False, turn=9)
    async with unit_of_work() as session:
        session.add(AccountRow(id="1", name="Acme", domain="acme.example", owner_id=owner.id))
    await missed_by_all()
    await missed_by_all(company="Acme")
    await set_meetings(owner, **NO_HOURS)
    await missed_by_all(company="Acme")
    found = sorted(await rows_of(CalendarShareRow), key=lambda row: row.id)
    assert [share.agent_id for share in found] == [first.id, owner.id, first.id]


async def test_no_calendar_is_shown_where_it_is_not_set_or_nobody_can_be_booked() -> None:
    ana = await a_member("Ana", override=False)
    assert await timeline_of(await missed_by_all()) == ["requested", "message", "missed"]
    await chat_settings.change({"fallback_meeting": True}, member=await an_admin(), now=NOW)
    await set_meetings(ana, **NO_HOURS)
    assert await timeline_of(await missed_by_all()) == ["requested", "message", "missed"]


async def test_disabling_somebody_with_meetings_ahead_notes_them_for_admins() -> None:
    ana, root = await a_member("Ana"), await an_admin()
    await a_meeting(await a_share(ana), at(10))
    await people.change(ana.id, {"is_disabled": True}, member=root, now=NOW)
    (noted,) = await rows_of(AuditRow, action="meetings.unattended")
    assert (noted.subject, noted.details["meetings"]) == (ana.id, 1)
    (listed,) = (await views.meetings(root, now=NOW)).items
    assert (listed.agent_is_disabled, listed.can_change) == (True, False)
