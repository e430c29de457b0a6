"""From request to end (PRODUCT 3): what each side and the record have after every step."""

import asyncio

import pytest

from inbox_app.data import views
from inbox_app.data.tables import ActivityRow, ConversationRow, EntryRow, OfflineMessageRow
from inbox_app.data.views import chats
from inbox_app.domain.errors import ConversationEnded, InvalidInput, NotAllowed, NotFound
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Role
from inbox_app.services import chat, conversations, offers
from tests.data.builders import NOW, a_chat, a_device, a_member, a_uuid, rows_of
from tests.services.builders import a_busy_member, a_request, an_active_chat, ringing, state_of

pytestmark = pytest.mark.usefixtures("database")


async def test_a_chat_from_request_to_end_is_one_timeline() -> None:
    ana, vera = await a_member("Ana"), await a_device("Vera")
    chat_id = await a_request(vera, "Do you ship to Norway?")
    _, offer_id = await ringing(chat_id, ana)
    await offers.accept(offer_id, member=ana, now=NOW)
    await conversations.send(chat_id, client_id=a_uuid(), text="Yes, we do.", member=ana, now=NOW)
    await chat.send(chat_id, client_id=a_uuid(), text="Great!", device=vera, now=NOW)
    await conversations.end(chat_id, member=ana, now=NOW)

    timeline = (await views.transcript(ana, chat_id)).entries
    told = [(entry.seq, entry.kind, entry.sender_name, entry.text or entry.state) for entry in timeline]
    assert told == [
        (1, "message", "Vera", "Do you ship to Norway?"), (2, "state", "Ana", "active"),
        (3, "message", "Ana", "Yes, we do."), (4, "message", "Vera", "Great!"), (5, "state", "Ana", "ended"),
    ]  # fmt: skip


async def test_every_step_is_an_entry_and_those_of_agents_take_no_seq() -> None:
    ana = await a_member()
    chat_id = await an_active_chat(ana)
    await conversations.end(chat_id, member=ana, now=NOW)
    entries = sorted(await rows_of(EntryRow, conversation_id=chat_id), key=lambda entry: entry.id)
    assert [(entry.kind, entry.seq) for entry in entries] == [
        ("requested", None), ("message", 1), ("offered", None), ("state", 2), ("state", 3),
    ]  # fmt: skip


async def test_the_activity_history_tells_of_request_and_engagement() -> None:
    ana, vera = await a_member(), await a_device()
    await an_active_chat(ana, vera)
    types = [row.type for row in await rows_of(ActivityRow, visitor_id=vera.visitor_id)]
    assert types == ["requested_live_chat", "engaged_with_agent"]


async def test_why_me_is_stored_with_the_conversation() -> None:
    ana = await a_member()
    view = await views.conversation(ana, await an_active_chat(ana))
    assert "your turn" in view.why
    assert view.why_kind == "turn"


async def test_the_same_request_in_parallel_is_one_conversation() -> None:
    vera, client_id = await a_device(), a_uuid()
    asked = [chat.request(client_id=client_id, text="Hello", claims=Claims(), device=vera, now=NOW) for _ in range(5)]
    answers = await asyncio.gather(*asked)
    assert len({conversation_id for conversation_id, _ in answers}) == 1
    assert [is_new for _, is_new in answers].count(True) == 1
    assert len(await rows_of(ConversationRow)) == 1


async def test_a_visitor_who_stops_waiting_cancels_and_the_offer_is_gone() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await a_request(vera)
    await chat.end(chat_id, device=vera, now=NOW)
    assert await state_of(chat_id) == "cancelled"
    assert await views.pending_offers(ana) == []


async def test_ending_twice_changes_nothing() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await an_active_chat(ana, vera)
    for _ in range(2):
        await conversations.end(chat_id, member=ana, now=NOW)
        await chat.end(chat_id, device=vera, now=NOW)
    (row,) = await rows_of(ConversationRow)
    assert (row.end_reason, row.last_seq) == ("agent", 3)


async def test_after_the_end_both_sides_are_refused() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await an_active_chat(ana, vera)
    await chat.end(chat_id, device=vera, now=NOW)
    with pytest.raises(ConversationEnded):
        await chat.send(chat_id, client_id=a_uuid(), text="Wait!", device=vera, now=NOW)
    with pytest.raises(ConversationEnded):
        await conversations.send(chat_id, client_id=a_uuid(), text="Wait!", member=ana, now=NOW)


async def test_nobody_ends_another_ones_chat() -> None:
    ana = await a_member("Ana", override=None)
    chat_id = await an_active_chat(ana)
    with pytest.raises(NotFound):
        await conversations.end(chat_id, member=await a_member("Ben"), now=NOW)
    with pytest.raises(NotFound):
        await chat.end(chat_id, device=await a_device(), now=NOW)
    assert await state_of(chat_id) == "active"


async def test_a_manager_changes_nothing() -> None:
    ana, mia = await a_member(), await a_member("Mia", role=Role.MANAGER)
    chat_id = await an_active_chat(ana)
    for act in (
        conversations.end(chat_id, member=mia, now=NOW),
        conversations.send(chat_id, client_id=a_uuid(), text="Hi", member=mia, now=NOW),
        conversations.mark_seen(chat_id, 1, member=mia),
        conversations.save_draft(chat_id, "Hi", member=mia, now=NOW),
        conversations.set_score(chat_id, 3, member=mia, now=NOW),
        conversations.typing(chat_id, is_active=True, member=mia),
    ):
        with pytest.raises(NotAllowed):
            await act


async def test_seen_is_told_and_counts_down() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await an_active_chat(ana, vera)
    await conversations.mark_seen(chat_id, 2, member=ana)
    await chat.mark_seen(chat_id, 2, device=vera)
    view = await chats.chat(chat_id, vera.id)
    assert view is not None
    assert (view.seen_by_agent, view.seen_by_visitor) == (2, 2)
    assert await views.unread_total(ana) == 0


NO_UUIDS = ["", "1", "x" * 65, "a\nb", "\x00", "\ud800", "01ARZ3NDEKTSV4RRFFQ69G5FAV", f"urn:uuid:{a_uuid('1')}"]


@pytest.mark.parametrize("client_id", NO_UUIDS)
async def test_a_client_id_is_a_uuid(client_id: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await chat.request(client_id=client_id, text="Hello", claims=Claims(), device=await a_device(), now=NOW)
    assert refused.value.field == "client_id"


async def test_the_queue_counts_from_one_oldest_first() -> None:
    await a_busy_member()
    first, second = await a_device(), await a_device()
    ids = [await a_request(first), await a_request(second)]
    positions = []
    for chat_id, device in zip(ids, (first, second), strict=True):
        view = await chats.chat(chat_id, device.id)
        positions.append(view.queue_position if view else None)
    assert positions == [1, 2]


async def test_a_draft_is_kept_for_its_agent_and_forgotten_when_empty() -> None:
    ana = await a_member()
    chat_id = await an_active_chat(ana)
    for text in ("Dear V", "Dear Vera", ""):
        await conversations.save_draft(chat_id, text, member=ana, now=NOW)
        assert (await views.conversation(ana, chat_id)).draft == text


async def test_a_draft_too_long_to_send_is_refused() -> None:
    ana = await a_member()
    with pytest.raises(InvalidInput):
        await conversations.save_draft((await a_chat(agent=ana)).id, "x" * 4_001, member=ana, now=NOW)


async def test_a_score_is_set_by_its_agent_only() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    past = await a_chat(agent=ana, state="ended")
    await conversations.set_score(past.id, 3, member=ana, now=NOW)
    with pytest.raises(NotAllowed):
        await conversations.set_score(past.id, 0, member=ben, now=NOW)
    assert (await views.conversation(ana, past.id)).score == 3


async def test_a_message_left_when_nobody_could_come_is_kept_with_its_person() -> None:
    vera = await a_device("")
    claims = Claims(name="Vera", email="vera@example.com")
    await chat.leave_message(text="Call me", claims=claims, conversation_id=None, device=vera, now=NOW)
    (left,) = await rows_of(OfflineMessageRow)
    assert (left.text, left.visitor_id) == ("Call me", vera.visitor_id)


async def test_a_message_cannot_be_left_in_another_ones_conversation() -> None:
    theirs = await a_chat(state="missed")
    with pytest.raises(NotFound):
        await chat.leave_message(
            text="Me too", claims=Claims(), conversation_id=theirs.id, device=await a_device(), now=NOW
        )
    assert await rows_of(OfflineMessageRow) == []
