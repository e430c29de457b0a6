"""Who is asked, and who wins (PRODUCT 3.2, 3.3, 3.5): in strict order, under capacity, exactly one."""

import asyncio
from collections import Counter

import pytest

from inbox_app.data import views
from inbox_app.data.tables import ActivityRow, ConversationRow, OfferRow
from inbox_app.domain.errors import NotAllowed, OfferGone
from inbox_app.domain.people import Role
from inbox_app.services import availability, chat, chat_settings, conversations, offers, people, presence, waiting
from tests.data.builders import NOW, a_device, a_member, rows_of
from tests.services.builders import a_busy_member, a_request, an_active_chat, leave, offers_of, ringing, state_of

pytestmark = pytest.mark.usefixtures("database")


async def test_15_chats_over_5_agents_are_3_each_in_strict_order() -> None:
    team = [await a_member(name) for name in ("Ana", "Ben", "Cleo", "Dan", "Eva")]
    asked = [(await ringing(await a_request(), *team))[0].id for _ in range(15)]
    assert Counter(asked) == {member.id: 3 for member in team}
    assert asked[:5] * 3 == asked


async def test_15_chats_at_once_are_3_each_too() -> None:
    team = [await a_member(name) for name in ("Ana", "Ben", "Cleo", "Dan", "Eva")]
    devices = [await a_device() for _ in range(15)]
    await asyncio.gather(*(a_request(device) for device in devices))
    assert Counter(member.id for member, _ in await offers_of(*team)) == {member.id: 3 for member in team}


async def test_an_agent_is_never_asked_over_capacity() -> None:
    await a_member("Ana", capacity=2)
    ids = [await a_request() for _ in range(4)]
    assert [await state_of(chat_id) for chat_id in ids] == ["offered", "offered", "waiting", "waiting"]


async def test_five_chats_are_the_capacity_unless_said_otherwise() -> None:
    ana = await a_member()
    for _ in range(6):
        await a_request()
    assert len(await views.pending_offers(ana)) == 5


async def test_an_end_makes_room_for_the_one_who_waited_longest() -> None:
    ana = await a_member("Ana", capacity=1)
    active = await an_active_chat(ana)
    second, third = await a_request(), await a_request()
    await conversations.end(active, member=ana, now=NOW)
    assert [await state_of(chat_id) for chat_id in (second, third)] == ["offered", "waiting"]


async def test_a_declined_chat_goes_to_the_next_and_never_back() -> None:
    team = [await a_member("Ana"), await a_member("Ben")]
    chat_id = await a_request()
    first, offer_id = await ringing(chat_id, *team)
    await offers.decline(offer_id, member=first, now=NOW)
    second, _ = await ringing(chat_id, *team)
    assert {first.id, second.id} == {member.id for member in team}


async def test_it_is_missed_at_once_when_all_have_declined() -> None:
    team, vera = [await a_member("Ana"), await a_member("Ben")], await a_device()
    chat_id = await a_request(vera)
    for _ in team:
        member, offer_id = await ringing(chat_id, *team)
        await offers.decline(offer_id, member=member, now=NOW)
    assert await state_of(chat_id) == "missed"
    assert [row.type for row in await rows_of(ActivityRow)] == ["requested_live_chat", "missed_chat"]


async def test_it_waits_for_a_busy_agent_who_was_not_asked() -> None:
    ana, ben = await a_member("Ana", capacity=1), await a_member("Ben")
    await a_request()
    chat_id = await a_request()
    member, offer_id = await ringing(chat_id, ana, ben)
    await offers.decline(offer_id, member=member, now=NOW)
    assert (member.id, await state_of(chat_id)) == (ben.id, "waiting")


async def test_it_is_missed_at_once_when_nobody_is_available() -> None:
    ana = await a_member()
    await availability.set_available(False, member=ana, now=NOW)
    assert await state_of(await a_request()) == "missed"


async def test_it_is_missed_at_once_when_nobody_is_there() -> None:
    await a_member("Ana", is_present=False)
    assert await state_of(await a_request()) == "missed"


async def test_an_unavailable_agent_is_not_asked_until_the_switch_is_on() -> None:
    await a_member("Ana", capacity=1)
    ben = await a_member("Ben")
    await availability.set_available(False, member=ben, now=NOW)
    await a_request()
    chat_id = await a_request()
    assert await state_of(chat_id) == "waiting"
    await availability.set_available(True, member=ben, now=NOW)
    assert (await ringing(chat_id, ben))[0] is ben


async def test_switching_off_leaves_active_chats_alone() -> None:
    ana = await a_member()
    chat_id = await an_active_chat(ana)
    await availability.set_available(False, member=ana, now=NOW)
    assert await state_of(chat_id) == "active"


async def test_only_the_present_are_asked() -> None:
    await a_member("Ana", is_present=False)
    ben = await a_member("Ben")
    for _ in range(2):
        assert (await ringing(await a_request(), ben))[0] is ben


async def test_the_absent_are_asked_after_the_present_where_the_setting_says_so() -> None:
    root = await a_member("Root", role=Role.ADMIN)
    await chat_settings.change({"offer_to_absent": True}, member=root, now=NOW)
    ana, ben = await a_member("Ana", is_present=False), await a_member("Ben", capacity=1)
    asked = [(await ringing(await a_request(), ana, ben))[0] for _ in range(2)]
    assert asked == [ben, ana]


async def test_what_rings_at_an_agent_who_leaves_goes_on_to_the_next() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    leaving, _ = await ringing(chat_id, ana, ben)
    await leave(leaving)
    await waiting.agent_is_away(leaving.id, now=NOW)
    assert (await ringing(chat_id, ana, ben))[0] is (ben if leaving is ana else ana)


async def test_an_agent_who_arrives_is_asked_for_one_who_waits() -> None:
    await a_member("Ana", capacity=1)
    ben = await a_member("Ben", is_present=False)
    await a_request()
    chat_id = await a_request()
    async with presence.present(ben.id, is_agent=True):
        assert (await ringing(chat_id, ben))[0] is ben


async def test_50_parallel_accepts_of_one_offer_have_one_winner() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    member, offer_id = await ringing(chat_id, ana, ben)
    tabs = [
        offers.accept(offer_id, member=one, now=NOW) for one in [member] * 40 + [ana if member is ben else ben] * 10
    ]
    answers = await asyncio.gather(*tabs, return_exceptions=True)
    assert [answer for answer in answers if not isinstance(answer, OfferGone)] == [chat_id]
    (row,) = await rows_of(ConversationRow)
    assert (row.state, row.agent_id, row.last_seq) == ("active", member.id, 2)


async def test_accepts_and_declines_of_one_offer_have_one_winner() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    member, offer_id = await ringing(chat_id, ana, ben)
    acts = [act(offer_id, member=member, now=NOW) for act in [offers.accept, offers.decline] * 10]
    answers = await asyncio.gather(*acts, return_exceptions=True)
    assert sum(not isinstance(answer, OfferGone) for answer in answers) == 1
    assert [row.state for row in await rows_of(OfferRow, id=offer_id)] in (["accepted"], ["declined"])


async def test_an_agent_who_accepts_while_the_visitor_leaves_gets_a_clear_answer() -> None:
    ana = await a_member("Ana", capacity=10)
    devices = [await a_device() for _ in range(10)]
    ids = [await a_request(device) for device in devices]
    ringing_now = [await ringing(chat_id, ana) for chat_id in ids]
    acts = [offers.accept(offer_id, member=ana, now=NOW) for _, offer_id in ringing_now]
    acts += [chat.end(chat_id, device=device, now=NOW) for chat_id, device in zip(ids, devices, strict=True)]
    answers = await asyncio.gather(*acts, return_exceptions=True)
    assert [answer for answer in answers if isinstance(answer, Exception) and type(answer) is not OfferGone] == []
    assert {await state_of(chat_id) for chat_id in ids} <= {"ended", "cancelled"}
    assert await views.pending_offers(ana) == []


async def test_who_left_is_never_offered_again() -> None:
    ana, _ = await a_member("Ana", capacity=10), await a_busy_member()
    await availability.set_available(False, member=ana, now=NOW)
    devices = [await a_device() for _ in range(8)]
    ids = [await a_request(device) for device in devices]
    assert {await state_of(chat_id) for chat_id in ids} == {"waiting"}
    acts = [chat.end(chat_id, device=device, now=NOW) for chat_id, device in zip(ids, devices, strict=True)]
    await asyncio.gather(*acts, availability.set_available(True, member=ana, now=NOW))
    assert {await state_of(chat_id) for chat_id in ids} == {"cancelled"}
    assert await views.pending_offers(ana) == []


async def test_managers_accept_and_decline_nothing() -> None:
    ana, mia = await a_member(), await a_member("Mia", role=Role.MANAGER)
    _, offer_id = await ringing(await a_request(), ana)
    for act in (offers.accept, offers.decline):
        with pytest.raises(NotAllowed):
            await act(offer_id, member=mia, now=NOW)


async def test_another_agents_offer_cannot_be_taken() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    member, offer_id = await ringing(await a_request(), ana, ben)
    for act in (offers.accept, offers.decline):
        with pytest.raises(OfferGone):
            await act(offer_id, member=ana if member is ben else ben, now=NOW)


async def test_a_chat_that_rings_at_a_disabled_agent_goes_to_the_next() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    member, _ = await ringing(chat_id, ana, ben)
    await people.disable(member.email, now=NOW)
    assert (await ringing(chat_id, ana, ben))[0] is (ana if member is ben else ben)


async def test_a_switch_is_written_to_the_status_log() -> None:
    from inbox_app.data.tables import AvailabilityChangeRow

    ana = await a_member()
    for to in (False, True, True):
        await availability.set_available(to, member=ana, now=NOW)
    log = [(row.is_available, row.reason, row.at) for row in await rows_of(AvailabilityChangeRow, member_id=ana.id)]
    assert log == [(False, "override", NOW), (True, "override", NOW)]


async def test_who_declines_is_asked_for_the_next_who_waits() -> None:
    await a_busy_member()
    ana = await a_member("Ana", capacity=1)
    first, second = await a_request(), await a_request()
    _, offer_id = await ringing(first, ana)
    await offers.decline(offer_id, member=ana, now=NOW)
    assert await ringing(second, ana)
    assert (await state_of(first), await state_of(second)) == ("waiting", "offered")
