"""What happened is told after the commit, to those whom it concerns, and never when it was rolled back."""

import asyncio

import pytest

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.tables import SettingRow
from inbox_app.domain.errors import DomainError
from inbox_app.services import availability, chat, conversations, offers, visitors
from inbox_app.services.use_case import use_case
from tests.data.builders import NOW, a_device, a_member, a_uuid, rows_of
from tests.services.builders import a_busy_member, a_request, an_active_chat, listening, ringing, told

pytestmark = pytest.mark.usefixtures("database")


async def test_news_are_told_only_after_the_commit() -> None:
    async with listening("a") as changes:
        async with use_case() as case:
            case.session.add(SettingRow(key="k", value=1))
            case.tell("a", "changed")
            await case.session.flush()
            assert await told(changes) == []
        assert [event.kind for event in await told(changes)] == ["changed"]


async def test_who_hears_the_news_finds_them_in_the_database() -> None:
    async with listening("a") as changes:

        async def hear_and_look() -> list[SettingRow]:
            await changes.next()
            return await rows_of(SettingRow, key="k")

        looking = asyncio.create_task(hear_and_look())
        async with use_case() as case:
            case.session.add(SettingRow(key="k", value=1))
            case.tell("a", "changed")
        assert [row.value for row in await looking] == [1]


async def test_nothing_is_told_when_it_was_rolled_back() -> None:
    async with listening("a") as changes:
        with pytest.raises(DomainError):
            await changed_and_failed()
        assert await told(changes) == []
    assert await rows_of(SettingRow) == []


async def changed_and_failed() -> None:
    async with use_case() as case:
        case.session.add(SettingRow(key="k", value=1))
        case.tell("a", "changed")
        raise DomainError("Something else came first.")


async def test_a_message_is_told_to_the_chat_and_to_its_agent_and_to_nobody_else() -> None:
    ana, ben, vera = await a_member("Ana"), await a_member("Ben"), await a_device()
    await availability.set_available(False, member=ben, now=NOW)
    chat_id = await an_active_chat(ana, vera)
    topics = [live.topics.agent(ana.id), live.topics.agent(ben.id), live.topics.conversation(chat_id)]
    async with listening(*topics, live.topics.everyone(), live.topics.past()) as changes:
        await chat.send(chat_id, client_id=a_uuid(), text="Hello?", device=vera, now=NOW)
        events = await told(changes)
    assert {event.topic for event in events} == {topics[0], topics[2]}
    assert {(event.kind, event.data["seq"], event.data["text"]) for event in events} == {("message", 3, "Hello?")}


async def test_a_repeated_message_is_told_once() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await an_active_chat(ana, vera)
    async with listening(live.topics.conversation(chat_id)) as changes:
        posts = [chat.send(chat_id, client_id=a_uuid("1"), text="Hello?", device=vera, now=NOW) for _ in range(5)]
        await asyncio.gather(*posts)
        assert [event.kind for event in await told(changes)] == ["message"]


async def test_an_offer_is_told_to_the_asked_agent_alone() -> None:
    team = [await a_member("Ana"), await a_member("Ben")]
    async with listening(*(live.topics.agent(one.id) for one in team)) as changes:
        chat_id = await a_request(text="Do you ship?")
        events = await told(changes)
    member, offer_id = await ringing(chat_id, *team)
    assert [(event.topic, event.kind) for event in events] == [(live.topics.agent(member.id), "offer")]
    assert (events[0].data["id"], events[0].data["text"]) == (offer_id, "Do you ship?")


async def test_an_accept_is_told_to_all_tabs_and_to_the_visitor() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await a_request(vera)
    _, offer_id = await ringing(chat_id, ana)
    mine, theirs = live.topics.agent(ana.id), live.topics.conversation(chat_id)
    async with listening(mine, theirs, live.topics.visitor(vera.visitor_id)) as changes:
        await offers.accept(offer_id, member=ana, now=NOW)
        kinds = [(event.topic, event.kind) for event in await told(changes)]
    assert kinds.count((mine, "offer_gone")) == kinds.count((theirs, "state")) == 1
    assert (mine, "conversation") in kinds
    assert (live.topics.visitor(vera.visitor_id), "activity") in kinds


async def test_an_end_is_told_to_everyone_who_lists_the_past() -> None:
    ana = await a_member()
    chat_id = await an_active_chat(ana)
    async with listening(live.topics.past()) as changes:
        await conversations.end(chat_id, member=ana, now=NOW)
        assert [(event.kind, event.data["id"]) for event in await told(changes)] == [("conversation", chat_id)]


async def test_those_who_wait_hear_that_they_move_up() -> None:
    await a_busy_member()
    first, second = await a_device(), await a_device()
    ids = [await a_request(first), await a_request(second)]
    async with listening(live.topics.conversation(ids[1])) as changes:
        await chat.end(ids[0], device=first, now=NOW)
        assert {event.data["position"] for event in await told(changes) if event.kind == "queue"} == {1}


async def test_typing_is_told_and_not_stored() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await an_active_chat(ana, vera)
    before = (await views.conversation(ana, chat_id)).last_seq
    async with listening(live.topics.conversation(chat_id)) as changes:
        await chat.typing(chat_id, is_active=True, device=vera)
        await conversations.typing(chat_id, is_active=False, member=ana)
        events = [(event.data["by"], event.data["active"]) for event in await told(changes)]
    assert events == [("visitor", True), ("agent", False)]
    assert (await views.conversation(ana, chat_id)).last_seq == before


async def test_a_correction_is_told_to_open_panels_and_lists() -> None:
    ana, vera = await a_member(), await a_device()
    await an_active_chat(ana, vera)
    topics = live.topics.visitor(vera.visitor_id), live.topics.agent(ana.id)
    async with listening(*topics) as changes:
        await visitors.correct(vera.visitor_id, field="name", value="Vera Lind", member=ana, now=NOW)
        assert [event.topic for event in await told(changes)] == list(topics)
