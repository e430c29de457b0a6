"""Visitors who wait (PRODUCT 3.4): in order, at most so long, and what becomes of them; missed ones are followed up."""

import asyncio

import pytest

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.tables import ActivityRow, ConversationRow
from inbox_app.data.views import chats
from inbox_app.domain.errors import Conflict, NotAllowed, NotFound
from inbox_app.domain.people import Role
from inbox_app.services import availability, chat_settings, conversations, presence, sweeper, waiting
from tests.data.builders import NOW, a_chat, a_device, a_member, rows_of
from tests.services.builders import (
    a_busy_member,
    a_request,
    an_active_chat,
    an_admin,
    come_back,
    later,
    listening,
    ringing,
    state_of,
    told,
    told_of,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_a_visitor_waits_100_seconds_and_then_it_is_missed() -> None:
    await a_busy_member()
    chat_id = await a_request()
    await sweeper.run_due(now=later(99.9))
    assert await state_of(chat_id) == "waiting"
    await sweeper.run_due(now=later(100))
    assert await state_of(chat_id) == "missed"


async def test_the_limit_ends_the_waiting_also_while_it_rings() -> None:
    team = [await a_member(name) for name in ("Ana", "Ben", "Cleo", "Dan", "Eva")]
    chat_id = await a_request()
    for seconds in (30, 60, 90):
        await sweeper.run_due(now=later(seconds))
    member, offer_id = await ringing(chat_id, *team)
    async with listening(live.topics.agent(member.id)) as changes:
        await sweeper.run_due(now=later(100))
        assert await told_of("offer_gone", changes) == [{"id": offer_id}]
    assert await state_of(chat_id) == "missed"


async def test_the_wait_limit_of_the_settings_is_taken() -> None:
    root, _ = await an_admin(), await a_busy_member()
    await chat_settings.change({"wait_limit_seconds": 20}, member=root, now=NOW)
    chat_id = await a_request()
    await sweeper.run_due(now=later(20))
    assert await state_of(chat_id) == "missed"


async def test_an_accepted_chat_has_no_limit() -> None:
    ana = await a_member()
    chat_id = await an_active_chat(ana)
    await sweeper.run_due(now=later(100))
    assert await state_of(chat_id) == "active"


async def test_a_missed_chat_is_told_to_the_visitor_and_to_all_who_follow_up() -> None:
    await a_busy_member()
    chat_id = await a_request()
    async with listening(live.topics.conversation(chat_id), live.topics.past()) as changes:
        await sweeper.run_due(now=later(100))
        heard = await told(changes)
    assert [event.data["seq"] for event in heard if event.kind == "state"] == [2]
    assert [event.data["state"] for event in heard if event.kind == "conversation"] == ["missed"]


async def test_a_missed_chat_is_a_line_of_the_activity_history_and_of_the_follow_up_list() -> None:
    ana, vera = await a_busy_member(), await a_device("Vera")
    chat_id = await a_request(vera, "Do you ship?", email="vera@example.com")
    await sweeper.run_due(now=later(100))
    assert "missed_chat" in [row.type for row in await rows_of(ActivityRow, visitor_id=vera.visitor_id)]
    (line,) = await views.missed(ana, now=later(101))
    assert (line.id, line.title, line.email, line.text, line.claimed_by) == (
        chat_id, "Vera", "vera@example.com", "Do you ship?", "",
    )  # fmt: skip


async def test_the_others_hear_that_they_move_up_when_one_is_missed() -> None:
    await a_busy_member()
    await a_request()
    second = await a_request(now=later(50))
    async with listening(live.topics.conversation(second)) as changes:
        await sweeper.run_due(now=later(100))
        assert [event["position"] for event in await told_of("queue", changes)][-1:] == [1]


async def test_an_agent_who_switches_on_is_asked_for_who_waited_longest() -> None:
    ben, _ = await a_member("Ben", capacity=1), await a_busy_member()
    await availability.set_available(False, member=ben, now=NOW)
    first, second = await a_request(now=later(1)), await a_request(now=later(2))
    await availability.set_available(True, member=ben, now=later(3))
    assert [await state_of(chat_id) for chat_id in (first, second)] == ["offered", "waiting"]


async def test_an_agent_who_opens_the_page_is_asked_at_once() -> None:
    ben, _ = await a_member("Ben", is_present=False), await a_busy_member()
    chat_id = await a_request()
    async with presence.present(ben.id, is_agent=True):
        assert (await ringing(chat_id, ben))[0] is ben


async def test_a_larger_capacity_is_in_force_at_once() -> None:
    root, ana = await an_admin(), await a_member()
    await chat_settings.change({"capacity": 1}, member=root, now=NOW)
    await an_active_chat(ana)
    chat_id = await a_request()
    assert await state_of(chat_id) == "waiting"
    await chat_settings.change({"capacity": 2}, member=root, now=NOW)
    assert await state_of(chat_id) == "offered"


async def test_a_visitor_who_leaves_while_waiting_is_cancelled_after_30_seconds() -> None:
    vera, _ = await a_device(), await a_busy_member()
    chat_id = await a_request(vera)
    await waiting.devices_are_gone([vera.id], now=NOW)
    await sweeper.run_due(now=later(29.9))
    assert await state_of(chat_id) == "waiting"
    await sweeper.run_due(now=later(30))
    assert await state_of(chat_id) == "cancelled"


async def test_a_visitor_who_leaves_while_it_rings_frees_the_agent() -> None:
    root, ana, vera = await an_admin(), await a_member("Ana", capacity=1), await a_device()
    await chat_settings.change({"offer_seconds": 60}, member=root, now=NOW)
    chat_id = await a_request(vera)
    other = await a_request()
    await waiting.devices_are_gone([vera.id], now=NOW)
    await sweeper.run_due(now=later(30))
    assert [await state_of(one) for one in (chat_id, other)] == ["cancelled", "offered"]
    assert (await ringing(other, ana))[0] is ana


async def test_a_visitor_who_comes_back_goes_on_waiting() -> None:
    vera, _ = await a_device(), await a_busy_member()
    chat_id = await a_request(vera)
    await waiting.devices_are_gone([vera.id], now=NOW)
    await come_back(vera)
    await sweeper.run_due(now=later(30))
    assert await state_of(chat_id) == "waiting"


async def test_an_active_chat_of_a_visitor_who_left_stays() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await an_active_chat(ana, vera)
    await waiting.devices_are_gone([vera.id], now=NOW)
    await sweeper.run_due(now=later(30))
    assert await state_of(chat_id) == "active"


async def test_the_sweeper_needs_no_second_connection_while_it_holds_the_routing_lock(
    database: str,
) -> None:
    """Those who wait for the lock hold connections: who has it must not need another one."""
    from inbox_app.data.engine import database as current

    if current().is_sqlite:
        pytest.skip("SQLite has one writer, and readers do not wait for it")
    ana, vera, _ = await a_member(), await a_device(), await a_busy_member()
    chat_id = await a_request(vera)
    await waiting.devices_are_gone([vera.id], now=NOW)
    await waiting.agent_is_away(ana.id, now=NOW)
    held = [await current().engine.connect() for _ in range(15)]
    try:
        async with asyncio.timeout(10):
            await sweeper.run_due(now=later(minutes=2))
    finally:
        for connection in held:
            await connection.close()
    assert await state_of(chat_id) == "cancelled"


async def test_one_of_20_claims_of_a_missed_chat_wins() -> None:
    team = [await a_member(f"Agent {n}") for n in range(4)]
    missed = await a_chat(state="missed")
    claims = [waiting.claim(missed.id, member=member, now=NOW) for member in team * 5]
    answers = await asyncio.gather(*claims, return_exceptions=True)
    assert sorted(str(type(answer).__name__) for answer in answers) == ["Conflict"] * 19 + ["NoneType"]
    (row,) = await rows_of(ConversationRow, id=missed.id)
    assert row.claimed_by == team[answers.index(None) % 4].id


async def test_who_follows_up_is_shown_to_all_at_once() -> None:
    ana, ben, missed = await a_member("Ana"), await a_member("Ben"), await a_chat(state="missed")
    async with listening(live.topics.past()) as changes:
        await waiting.claim(missed.id, member=ana, now=NOW)
        assert [event["id"] for event in await told_of("conversation", changes)] == [missed.id]
    lines = [line for member in (ana, ben) for line in await views.missed(member, now=later(1))]
    assert [(line.claimed_by, line.is_mine) for line in lines] == [("Ana", True), ("Ana", False)]


@pytest.mark.parametrize("state", ["waiting", "active", "ended", "cancelled"])
async def test_only_a_missed_chat_can_be_claimed(state: str) -> None:
    ana = await a_member("Ana")
    other = await a_chat(agent=ana if state in {"active", "ended"} else None, state=state)
    with pytest.raises(NotFound):
        await waiting.claim(other.id, member=ana, now=NOW)


async def test_a_manager_claims_nothing() -> None:
    mia, missed = await a_member("Mia", role=Role.MANAGER), await a_chat(state="missed")
    with pytest.raises(NotAllowed):
        await waiting.claim(missed.id, member=mia, now=NOW)


async def test_a_second_claim_says_that_somebody_has_it() -> None:
    ana, ben, missed = await a_member("Ana"), await a_member("Ben"), await a_chat(state="missed")
    await waiting.claim(missed.id, member=ana, now=NOW)
    with pytest.raises(Conflict, match="Another agent"):
        await waiting.claim(missed.id, member=ben, now=NOW)


async def test_a_visitor_who_was_missed_can_ask_again() -> None:
    ana, vera = await a_member("Ana"), await a_device()
    await availability.set_available(False, member=ana, now=NOW)
    missed = await a_request(vera)
    await availability.set_available(True, member=ana, now=NOW)
    again = await a_request(vera)
    assert [await state_of(one) for one in (missed, again)] == ["missed", "offered"]
    view = await chats.chat(missed, vera.id)
    assert view is not None
    assert view.queue_position == 0


async def test_where_it_rang_until_the_limit_the_next_is_offered() -> None:
    ana = await a_member("Ana", capacity=1)
    chat_id = await an_active_chat(ana)
    first, second = await a_request(), await a_request(now=later(50))
    await conversations.end(chat_id, member=ana, now=later(90))
    assert await ringing(first, ana)
    await sweeper.run_due(now=later(100))
    assert (await state_of(first), await state_of(second)) == ("missed", "offered")
    assert await ringing(second, ana)
