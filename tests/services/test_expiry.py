"""An offer that nobody answers (PRODUCT 3.3): the next agent is asked, never one twice; three misses switch off."""

import pytest

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.tables import AvailabilityChangeRow, MemberRow, OfferRow
from inbox_app.domain.people import Member
from inbox_app.services import availability, chat_settings, offers, sweeper, waiting
from tests.data.builders import NOW, a_member, rows_of
from tests.services.builders import (
    a_busy_member,
    a_request,
    an_active_chat,
    an_admin,
    later,
    leave,
    listening,
    ringing,
    state_of,
    timeline_of,
    told_of,
)

pytestmark = pytest.mark.usefixtures("database")


async def misses_of(member: Member) -> int:
    (row,) = await rows_of(MemberRow, id=member.id)
    return int(row.misses)


async def missed_in_a_row(member: Member, times: int) -> None:
    """Asked and silent, so many times."""
    for _ in range(times):
        await ringing(await a_request(), member)
        await sweeper.run_due(now=later(30))


async def test_an_offer_rings_for_30_seconds_and_then_at_the_next() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    first, _ = await ringing(chat_id, ana, ben)
    await sweeper.run_due(now=later(29.9))
    assert (await ringing(chat_id, ana, ben))[0] is first
    await sweeper.run_due(now=later(30))
    assert (await ringing(chat_id, ana, ben))[0] is (ben if first is ana else ana)


async def test_the_next_offer_rings_for_its_own_30_seconds() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    await sweeper.run_due(now=later(40))
    await sweeper.run_due(now=later(69))
    _, offer_id = await ringing(chat_id, ana, ben)
    (row,) = await rows_of(OfferRow, id=offer_id)
    assert (row.expires_at, await state_of(chat_id)) == (later(70), "offered")


async def test_nobody_is_asked_twice_and_then_it_is_missed() -> None:
    await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    for seconds in (30, 60, 90):
        await sweeper.run_due(now=later(seconds))
    assert await timeline_of(chat_id) == ["requested", "message", "offered", "expired", "offered", "expired", "missed"]
    assert len({row.agent_id for row in await rows_of(OfferRow)}) == 2


async def test_an_expired_offer_is_told_as_gone_and_can_no_longer_be_accepted() -> None:
    ana, _ = await a_member(), await a_busy_member()
    _, offer_id = await ringing(await a_request(), ana)
    async with listening(live.topics.agent(ana.id)) as changes:
        await sweeper.run_due(now=later(30))
        assert await told_of("offer_gone", changes) == [{"id": offer_id}]
    with pytest.raises(offers.OfferGone):
        await offers.accept(offer_id, member=ana, now=later(31))


async def test_an_accepted_offer_does_not_expire() -> None:
    ana = await a_member()
    chat_id = await an_active_chat(ana)
    await sweeper.run_due(now=later(30))
    assert (await state_of(chat_id), await misses_of(ana)) == ("active", 0)


async def test_a_new_offer_time_counts_from_the_next_offer_on() -> None:
    root, ana = await an_admin(), await a_member()
    before = await a_request()
    await chat_settings.change({"offer_seconds": 10}, member=root, now=NOW)
    after = await a_request()
    ends = {row.conversation_id: row.expires_at for row in await rows_of(OfferRow, agent_id=ana.id)}
    assert ends == {before: later(30), after: later(10)}


async def test_three_misses_in_a_row_make_an_agent_unavailable_with_a_message_that_says_so() -> None:
    ana = await a_member()
    await missed_in_a_row(ana, 2)
    assert (await views.agent(ana.id, now=NOW)).available
    async with listening(live.topics.agent(ana.id)) as changes:
        await missed_in_a_row(ana, 1)
        (news,) = await told_of("availability", changes)
    assert (news["available"], news["cause"]) == (False, "misses")
    assert not (await views.agent(ana.id, now=NOW)).available
    log = [(row.is_available, row.reason) for row in await rows_of(AvailabilityChangeRow, member_id=ana.id)]
    assert log == [(False, "misses")]


async def test_after_three_misses_what_still_rings_there_goes_on() -> None:
    ana = await a_member("Ana")
    for seconds in (0, 1, 2):
        await a_request(now=later(seconds))
    last, ben = await a_request(now=later(20)), await a_member("Ben")
    await sweeper.run_due(now=later(32))
    assert await views.pending_offers(ana) == []
    assert (await ringing(last, ben))[0] is ben


@pytest.mark.parametrize("answer", [offers.accept, offers.decline])
async def test_an_answer_forgets_the_misses(answer: object) -> None:
    ana, _ = await a_member(), await a_busy_member()
    await missed_in_a_row(ana, 2)
    _, offer_id = await ringing(await a_request(), ana)
    await answer(offer_id, member=ana, now=NOW)  # type: ignore[operator]
    await missed_in_a_row(ana, 2)
    assert (await views.agent(ana.id, now=NOW)).available


async def test_who_switches_on_again_after_three_misses_begins_at_none() -> None:
    ana = await a_member()
    await missed_in_a_row(ana, 3)
    await availability.set_available(True, member=ana, now=later(60))
    await missed_in_a_row(ana, 2)
    assert (await views.agent(ana.id, now=later(60))).available


async def test_who_switches_off_while_it_rings_passes_it_on_and_misses_nothing() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    first, offer_id = await ringing(chat_id, ana, ben)
    async with listening(live.topics.agent(first.id)) as changes:
        await availability.set_available(False, member=first, now=later(5))
        assert await told_of("offer_gone", changes) == [{"id": offer_id}]
    assert (await ringing(chat_id, ana, ben))[0] is (ben if first is ana else ana)
    assert await misses_of(first) == 0


async def test_who_leaves_while_it_rings_passes_it_on_and_misses_nothing() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    first, _ = await ringing(chat_id, ana, ben)
    await leave(first)
    await waiting.agent_is_away(first.id, now=later(5))
    await sweeper.run_due(now=later(31))
    assert (await ringing(chat_id, ana, ben))[0] is (ben if first is ana else ana)
    assert await misses_of(first) == 0


async def test_nobody_is_asked_again_who_switched_off_and_on_while_it_rang() -> None:
    ana, _ = await a_member(), await a_busy_member()
    chat_id = await a_request()
    for to in (False, True):
        await availability.set_available(to, member=ana, now=later(5))
    assert (await state_of(chat_id), await views.pending_offers(ana)) == ("waiting", [])
