"""An agent who is gone (PRODUCT 3.8): after two minutes others are offered the chats with their thread.

Removed: at once.
"""

import pytest

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.ids import new_id
from inbox_app.data.tables import ConversationRow, MemberRow, OfferRow
from inbox_app.domain.people import Member
from inbox_app.services import (
    availability,
    chat,
    chat_settings,
    offers,
    people,
    presence,
    routing_admin,
    sweeper,
    waiting,
)
from tests.data.builders import NOW, a_device, a_member, a_uuid, rows_of
from tests.services.builders import (
    a_request,
    an_active_chat,
    an_admin,
    come_back,
    later,
    leave,
    listening,
    ringing,
    state_of,
    told_of,
)

pytestmark = pytest.mark.usefixtures("database")


async def goes_away(member: Member, seconds: float = 0) -> None:
    """The last page is closed, and it is noticed."""
    await leave(member)
    await waiting.agent_is_away(member.id, now=later(seconds))


async def test_after_two_minutes_the_chats_of_who_is_gone_are_offered_to_others() -> None:
    ana = await a_member("Ana")
    chat_id, ben = await an_active_chat(ana), await a_member("Ben")
    await goes_away(ana)
    await sweeper.run_due(now=later(119))
    assert await state_of(chat_id) == "active"
    await sweeper.run_due(now=later(120))
    assert (await ringing(chat_id, ana, ben))[0] is ben


async def test_the_thread_is_kept_and_both_sides_see_what_happens() -> None:
    ana, vera = await a_member("Ana"), await a_device("Vera")
    chat_id, ben = await an_active_chat(ana, vera), await a_member("Ben")
    await chat.send(chat_id, client_id=a_uuid(), text="Anybody?", device=vera, now=NOW)
    await goes_away(ana)
    await sweeper.run_due(now=later(120))
    _, offer_id = await ringing(chat_id, ben)
    await offers.accept(offer_id, member=ben, now=later(125))
    entries = await views.messages(ben, chat_id)
    told = [(entry.seq, entry.text or entry.state) for entry in entries]
    assert told == [(1, "Hello"), (2, "active"), (3, "Anybody?"), (4, "waiting"), (5, "active")]


async def test_the_visitor_is_told_of_the_wait_and_can_write_meanwhile() -> None:
    ana, vera = await a_member("Ana"), await a_device("Vera")
    chat_id, _ = await an_active_chat(ana, vera), await a_member("Ben")
    await goes_away(ana)
    async with listening(live.topics.conversation(chat_id)) as changes:
        await sweeper.run_due(now=later(120))
        assert [event["state"] for event in await told_of("state", changes)] == ["waiting"]
    written = await chat.send(chat_id, client_id=a_uuid(), text="Hello?", device=vera, now=later(121))
    assert written.message.seq == 4


async def test_who_is_gone_no_longer_sees_the_chat_of_another() -> None:
    ana = await a_member("Ana")
    chat_id, ben = await an_active_chat(ana), await a_member("Ben")
    await goes_away(ana)
    async with listening(live.topics.agent(ana.id)) as changes:
        await sweeper.run_due(now=later(120))
        assert (chat_id, "waiting") in [(e["id"], e["state"]) for e in await told_of("conversation", changes)]
    _, offer_id = await ringing(chat_id, ben)
    await offers.accept(offer_id, member=ben, now=later(125))
    assert [row.id for row in (await views.conversation_rows(ana, only="all")).items] == []


async def test_who_comes_back_in_time_keeps_them() -> None:
    ana = await a_member("Ana")
    chat_id, _ = await an_active_chat(ana), await a_member("Ben")
    await goes_away(ana)
    await come_back(ana)
    await sweeper.run_due(now=later(120))
    (row,) = await rows_of(ConversationRow, id=chat_id)
    assert (row.state, row.agent_id) == ("active", ana.id)


async def opens_and_closes_a_page(member: Member) -> None:
    async with presence.present(member.id, is_agent=True):
        pass


async def test_a_restart_does_not_give_who_was_gone_already_more_time() -> None:
    ana = await a_member("Ana")
    chat_id, _ = await an_active_chat(ana), await a_member("Ben")
    await goes_away(ana)
    await waiting.plan_after_start(now=later(90))
    await waiting.agent_is_away(ana.id, now=later(100))  # the lease of the process before has run out
    await sweeper.run_due(now=later(119))
    assert await state_of(chat_id) == "active"
    await sweeper.run_due(now=later(120))
    assert await state_of(chat_id) == "offered"


async def test_who_was_there_until_a_restart_has_two_minutes_from_it_whenever_they_were_gone_before() -> None:
    ana = await a_member("Ana")
    chat_id, _ = await an_active_chat(ana), await a_member("Ben")
    await goes_away(ana)
    await opens_and_closes_a_page(ana)
    await leave(ana)  # a kill tells nobody
    await waiting.plan_after_start(now=later(90))
    await sweeper.run_due(now=later(209))
    assert await state_of(chat_id) == "active"
    await sweeper.run_due(now=later(210))
    assert await state_of(chat_id) == "offered"


async def test_the_two_minutes_begin_anew_with_each_leaving() -> None:
    ana = await a_member("Ana")
    chat_id, _ = await an_active_chat(ana), await a_member("Ben")
    await goes_away(ana)
    await opens_and_closes_a_page(ana)
    await goes_away(ana, 100)
    await sweeper.run_due(now=later(120))
    assert await state_of(chat_id) == "active"
    await sweeper.run_due(now=later(220))
    assert await state_of(chat_id) == "offered"


async def test_a_chat_stays_while_nobody_else_is_there_and_goes_when_somebody_comes() -> None:
    ana = await a_member("Ana")
    chat_id = await an_active_chat(ana)
    await goes_away(ana)
    await sweeper.run_due(now=later(120))
    assert await state_of(chat_id) == "active"
    await a_member("Ben")
    await sweeper.run_due(now=later(150))
    assert await state_of(chat_id) == "offered"


async def test_a_chat_stays_while_the_others_were_asked_already() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    first, offer_id = await ringing(chat_id, ana, ben)
    await offers.decline(offer_id, member=first, now=NOW)
    second, offer_id = await ringing(chat_id, ana, ben)
    await offers.accept(offer_id, member=second, now=NOW)
    await goes_away(second)
    await sweeper.run_due(now=later(120))
    assert await state_of(chat_id) == "active"


async def test_a_chat_stays_while_nobody_of_its_rule_is_there() -> None:
    root, ana = await an_admin(), await a_member("Ana")
    rule = {"name": "French", "agents": [ana.id], "priority": 1}
    french = [{"attribute": "email_domain", "operator": "is", "value": "exemple.fr"}]
    await routing_admin.save_rule(rule | {"conditions": french}, member=root, now=NOW)
    chat_id = await an_active_chat(ana, email="vera@exemple.fr")
    await a_member("Ben")
    await goes_away(ana)
    await sweeper.run_due(now=later(120))
    assert await state_of(chat_id) == "active"


async def test_only_what_others_can_take_is_given_away() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben", is_present=False)
    kept, given = await an_active_chat(ana), await an_active_chat(ana)
    await come_back(ben)
    await an_offer_declined(kept, ben)
    await goes_away(ana)
    await sweeper.run_due(now=later(120))
    assert [await state_of(one) for one in (kept, given)] == ["active", "offered"]


async def an_offer_declined(chat_id: str, by: Member) -> None:
    async with unit_of_work() as session:
        session.add(OfferRow(id=new_id(), conversation_id=chat_id, agent_id=by.id, state="declined", offered_at=NOW))


async def test_the_gone_minutes_of_the_settings_are_taken() -> None:
    root, ana = await an_admin(), await a_member("Ana")
    chat_id, _ = await an_active_chat(ana), await a_member("Ben")
    await chat_settings.change({"gone_minutes": 5}, member=root, now=NOW)
    await goes_away(ana)
    await sweeper.run_due(now=later(minutes=4.9))
    assert await state_of(chat_id) == "active"
    await sweeper.run_due(now=later(minutes=5))
    assert await state_of(chat_id) == "offered"


async def test_an_unavailable_agent_who_is_there_keeps_the_chats() -> None:
    ana = await a_member("Ana")
    chat_id, _ = await an_active_chat(ana), await a_member("Ben")
    await availability.set_available(False, member=ana, now=NOW)
    await sweeper.run_due(now=later(300))
    assert await state_of(chat_id) == "active"


async def test_a_given_chat_that_nobody_takes_is_missed_after_the_wait_limit() -> None:
    ana = await a_member("Ana")
    chat_id = await an_active_chat(ana)
    for name in ("Ben", "Cleo", "Dan", "Eva"):
        await a_member(name)
    await goes_away(ana)
    for seconds in (120, 150, 180, 210, 219):
        await sweeper.run_due(now=later(seconds))
    assert await state_of(chat_id) == "offered"
    await sweeper.run_due(now=later(220))
    assert await state_of(chat_id) == "missed"


async def test_a_chat_that_was_given_away_ends_by_its_new_agents_lull() -> None:
    ana = await a_member("Ana")
    chat_id, ben = await an_active_chat(ana), await a_member("Ben")
    await goes_away(ana)
    await sweeper.run_due(now=later(120))
    _, offer_id = await ringing(chat_id, ben)
    await offers.accept(offer_id, member=ben, now=later(125))
    await sweeper.run_due(now=later(minutes=10))
    assert await state_of(chat_id) == "active"


@pytest.mark.parametrize("change", [{"is_disabled": True}, {"takes_chats": False}])
async def test_the_chats_of_a_removed_agent_are_offered_at_once(change: dict[str, bool]) -> None:
    root, ana = await an_admin(), await a_member("Ana")
    chat_id, ben = await an_active_chat(ana), await a_member("Ben")
    await people.change(ana.id, change, member=root, now=later(5))
    assert (await ringing(chat_id, ana, ben))[0] is ben


async def test_what_rings_at_a_removed_agent_is_offered_at_once() -> None:
    root, ana = await an_admin(), await a_member("Ana")
    chat_id, ben = await a_request(), await a_member("Ben")
    await people.change(ana.id, {"is_disabled": True}, member=root, now=later(5))
    assert (await ringing(chat_id, ana, ben))[0] is ben


async def test_an_agent_who_becomes_a_manager_takes_no_chats_any_more() -> None:
    root, ana = await an_admin(), await a_member("Ana")
    chat_id, ben = await an_active_chat(ana), await a_member("Ben")
    await people.change(ana.id, {"role": "manager"}, member=root, now=later(5))
    assert (await ringing(chat_id, ana, ben))[0] is ben
    assert [row.takes_chats for row in await rows_of(MemberRow, id=ana.id)] == [False]


async def test_the_chats_of_a_removed_agent_are_missed_when_nobody_could_come() -> None:
    ana = await a_member("Ana")
    chat_id = await an_active_chat(ana)
    await people.disable(ana.email, now=later(5))
    assert await state_of(chat_id) == "missed"
