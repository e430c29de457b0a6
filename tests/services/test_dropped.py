"""PRODUCT 3.4: an agent whose connection dropped within the last minute still counts as there for those who wait."""

import pytest

from inbox_app import clock
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import SignInRow
from inbox_app.domain.people import Member
from inbox_app.services import availability, offers, presence, sign_in, sweeper, waiting
from tests.data.builders import NOW, PASSWORD, a_device, a_member
from tests.services.builders import a_request, come_back, later, leave, offers_of, ringing, state_of

pytestmark = pytest.mark.usefixtures("database")


async def a_signed_in_member(name: str = "Ana", **changes: object) -> Member:
    member = await a_member(name, **changes)
    await sign_in.sign_in(member.email, PASSWORD, now=NOW)
    return member


async def drops(member: Member, seconds: float = 0) -> None:
    """The network of the last page is gone, and it is noticed."""
    await leave(member)
    await waiting.agent_is_away(member.id, now=later(seconds))


async def returns(member: Member) -> None:
    """A page connects again."""
    async with presence.present(member.id, is_agent=True):
        await come_back(member)  # and stays


async def test_both_visitors_who_ring_keep_waiting_and_ring_again_when_the_agent_is_back() -> None:
    ana = await a_signed_in_member()
    chats = [await a_request(), await a_request()]
    before = {offer.id for _, offer in await offers_of(ana)}
    await drops(ana)
    assert [await state_of(one) for one in chats] == ["waiting", "waiting"]
    await sweeper.run_due(now=later(9))
    await returns(ana)
    assert [await state_of(one) for one in chats] == ["offered", "offered"]
    assert before.isdisjoint({offer.id for _, offer in await offers_of(ana)})
    for chat_id in chats:
        await offers.accept((await ringing(chat_id, ana))[1], member=ana, now=later(10))
    assert [await state_of(one) for one in chats] == ["active", "active"]


async def test_a_visitor_who_asks_during_the_outage_waits_too() -> None:
    ana = await a_signed_in_member()
    await drops(ana)
    chat_id = await a_request(now=later(5))
    assert await state_of(chat_id) == "waiting"
    await returns(ana)
    assert await state_of(chat_id) == "offered"


@pytest.mark.parametrize(("seconds", "state"), [(0, "waiting"), (59, "waiting"), (60, "missed")])
async def test_after_a_minute_the_visitor_gets_the_fallback(seconds: int, state: str) -> None:
    ana = await a_signed_in_member()
    chat_id = await a_request()
    await drops(ana)
    await sweeper.run_due(now=later(seconds))
    assert await state_of(chat_id) == state


async def test_the_wait_limit_ends_the_wait_sooner() -> None:
    ana = await a_signed_in_member()
    chat_id = await a_request()
    await drops(ana, 50)
    await sweeper.run_due(now=later(99))
    assert await state_of(chat_id) == "waiting"
    await sweeper.run_due(now=later(100))
    assert await state_of(chat_id) == "missed"


async def test_every_outage_has_its_own_minute() -> None:
    ana = await a_signed_in_member()
    await drops(ana)
    await returns(ana)
    chat_id = await a_request(now=later(55))
    await drops(ana, 56)
    await sweeper.run_due(now=later(61))
    assert await state_of(chat_id) == "waiting"


async def test_another_agent_who_is_there_is_asked_at_once() -> None:
    ana = await a_signed_in_member()
    chat_id = await a_request()
    ben = await a_member("Ben")
    await drops(ana)
    assert (await ringing(chat_id, ana, ben))[0] is ben


async def test_an_agent_who_declined_or_did_not_answer_is_not_asked_again_after_an_outage() -> None:
    ana, ben = await a_signed_in_member(), await a_signed_in_member("Ben", turn=1)
    chat_id = await a_request()
    first, offer_id = await ringing(chat_id, ana, ben)
    await offers.decline(offer_id, member=first, now=NOW)
    await drops(first)
    await returns(first)
    assert await offers_of(first) == []


@pytest.mark.parametrize("why", ["signed out", "switched off", "expired"])
async def test_visitors_do_not_wait_for_an_agent_who_cannot_come_back(why: str) -> None:
    ana = await a_member()
    if why == "expired":
        row = SignInRow(id="old", member_id=ana.id, created_at=NOW, expires_at=NOW, used_at=NOW)
        async with unit_of_work() as session:
            session.add(row)
    if why == "switched off":
        await sign_in.sign_in(ana.email, PASSWORD, now=NOW)
    chat_id = await a_request(await a_device())
    if why == "switched off":
        await availability.set_available(False, member=ana, now=NOW)
    await drops(ana)
    assert await state_of(chat_id) == "missed"


async def test_a_restart_of_the_server_is_an_outage_of_its_agents() -> None:
    ana = await a_member(is_present=False)
    await sign_in.sign_in(ana.email, PASSWORD, now=clock.now())
    async with presence.present(ana.id, is_agent=True):
        await presence.end_process()
        assert await state_of(await a_request(now=clock.now())) == "waiting"
