"""The message path: `seq` without gaps, a `client_id` once, and nobody writes where they do not belong."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from inbox_app.data import messages
from inbox_app.data.tables import ConversationRow, EntryRow
from inbox_app.domain.conversation import Sender
from inbox_app.domain.errors import ConversationEnded, NotAllowed, NotFound
from tests.data.builders import NOW, Chat, a_chat, a_device, a_member, a_post, a_reply, rows_of

pytestmark = pytest.mark.usefixtures("database")


async def seqs(chat: Chat) -> list[int]:
    return sorted(entry.seq for entry in await rows_of(EntryRow, conversation_id=chat.id))


async def row_of(chat: Chat) -> ConversationRow:
    (row,) = await rows_of(ConversationRow, id=chat.id)
    return row


async def test_a_message_takes_the_next_seq() -> None:
    chat = await a_chat(agent=await a_member(), texts=("one", "two"))
    appended = await messages.append(a_post(chat, "three"))
    assert (appended.message.seq, appended.message.text, appended.is_new) == (3, "three", True)


async def test_200_parallel_messages_of_both_sides_leave_no_gap() -> None:
    chat = await a_chat(agent=await a_member(), texts=())
    posts = [(a_reply if number % 3 else a_post)(chat, f"message {number}") for number in range(200)]
    answers = await asyncio.gather(*(messages.append(post) for post in posts))
    assert await seqs(chat) == list(range(1, 201))
    assert sorted(answer.message.seq for answer in answers) == list(range(1, 201))
    stored = {entry.seq: entry.text for entry in await rows_of(EntryRow, conversation_id=chat.id)}
    assert all(stored[answer.message.seq] == answer.message.text for answer in answers)


async def test_parallel_conversations_each_have_their_own_seq() -> None:
    ana = await a_member()
    chats = [await a_chat(agent=ana, texts=()) for _ in range(10)]
    await asyncio.gather(*(messages.append(a_post(chat)) for _ in range(20) for chat in chats))
    for chat in chats:
        assert await seqs(chat) == list(range(1, 21))


async def test_the_same_client_id_20_times_in_parallel_is_one_row_and_no_gap() -> None:
    chat = await a_chat(agent=await a_member(), texts=())
    post = a_post(chat, client_id="once")
    answers = await asyncio.gather(*(messages.append(post) for _ in range(20)))
    await messages.append(a_post(chat, "next"))
    assert {answer.message.seq for answer in answers} == {1}
    assert [answer.is_new for answer in answers].count(True) == 1
    assert await seqs(chat) == [1, 2]
    assert (await row_of(chat)).unread == 2


async def test_a_repeated_client_id_gives_the_first_row_whatever_its_text() -> None:
    chat = await a_chat(agent=await a_member(), texts=())
    first = await messages.append(a_post(chat, "first", client_id="once"))
    again = await messages.append(a_post(chat, "other", client_id="once", at=NOW + timedelta(hours=1)))
    assert again.message == first.message
    assert not again.is_new


@pytest.mark.parametrize("others", [0, 5])
async def test_a_message_that_can_not_be_stored_leaves_nothing_behind_and_harms_no_other(others: int) -> None:
    """Half a character after the preview breaks the second statement of two. The API's gates let none through."""
    chat = await a_chat(agent=await a_member(), texts=("one",))
    posts = [a_post(chat, "x" * 300 + "\ud800"), *(a_post(chat) for _ in range(others))]
    broken, *stored = await asyncio.gather(*(messages.append(post) for post in posts), return_exceptions=True)
    assert isinstance(broken, Exception)
    assert "surrogates not allowed" in str(broken)
    assert sorted(one.message.seq for one in stored if isinstance(one, messages.Appended)) == [*range(2, 2 + others)]
    assert ((await row_of(chat)).last_seq, await seqs(chat)) == (1 + others, [*range(1, 2 + others)])


async def test_a_client_id_counts_once_in_a_conversation_not_in_all() -> None:
    ana = await a_member()
    for chat in (await a_chat(agent=ana, texts=()), await a_chat(agent=ana, texts=())):
        assert (await messages.append(a_post(chat, client_id="same"))).is_new


@pytest.mark.parametrize("sender", [Sender.VISITOR, Sender.AGENT])
async def test_a_stranger_can_neither_write_nor_tell_that_the_conversation_exists(sender: Sender) -> None:
    chat = await a_chat(agent=await a_member())
    stranger = (await a_device()).id if sender is Sender.VISITOR else (await a_member("Ben")).id
    for conversation_id in (chat.id, "unknown"):
        with pytest.raises(NotFound):
            await messages.append(a_post(chat, sender=sender, author_id=stranger, conversation_id=conversation_id))
    assert await seqs(chat) == [1]


async def test_a_stranger_does_not_get_a_stored_message_by_its_client_id() -> None:
    chat = await a_chat(agent=await a_member())
    await messages.append(a_post(chat, client_id="once"))
    with pytest.raises(NotFound):
        await messages.append(a_post(chat, client_id="once", author_id=(await a_device()).id))


@pytest.mark.parametrize("state", ["ended", "missed", "cancelled"])
async def test_after_the_end_a_message_is_refused(state: str) -> None:
    chat = await a_chat(agent=await a_member(), state=state)
    with pytest.raises(ConversationEnded):
        await messages.append(a_post(chat))
    assert await seqs(chat) == [1]


async def test_what_was_stored_before_the_end_is_answered_after_it() -> None:
    chat = await a_chat(agent=await a_member(), texts=())
    first = await messages.append(a_post(chat, client_id="once"))
    from inbox_app.data.engine import unit_of_work

    async with unit_of_work() as session:
        (await session.get_one(ConversationRow, chat.id)).state = "ended"
    assert (await messages.append(a_post(chat, client_id="once"))).message == first.message


@pytest.mark.parametrize("state", ["waiting", "offered"])
async def test_a_visitor_may_write_while_waiting(state: str) -> None:
    chat = await a_chat(state=state)
    assert (await messages.append(a_post(chat))).message.seq == 2


async def test_an_agent_writes_only_after_accepting() -> None:
    ana = await a_member()
    chat = await a_chat(agent=ana, state="offered")
    with pytest.raises(NotAllowed, match="Accept"):
        await messages.append(a_reply(chat))


async def test_a_visitors_message_makes_the_agents_list_wait_and_count() -> None:
    chat = await a_chat(agent=await a_member(), texts=(), waiting_since=None)
    await messages.append(a_post(chat, "one\n  two " + "x" * 300, at=NOW))
    await messages.append(a_post(chat, "last", at=NOW + timedelta(minutes=2)))
    row = await row_of(chat)
    assert (row.unread, row.waiting_since, row.activity_at) == (2, NOW, NOW + timedelta(minutes=2))
    assert (row.last_text, row.last_sender) == ("last", "visitor")


async def test_a_long_message_is_listed_as_one_short_line() -> None:
    chat = await a_chat(agent=await a_member())
    await messages.append(a_post(chat, "one\n\n  two " + "x" * 300))
    assert (await row_of(chat)).last_text == ("one two " + "x" * 300)[:120]


async def test_an_agents_message_ends_the_waiting_and_is_the_first_reply() -> None:
    chat = await a_chat(agent=await a_member())
    await messages.append(a_reply(chat, at=NOW + timedelta(seconds=30)))
    await messages.append(a_reply(chat, at=NOW + timedelta(seconds=60)))
    row = await row_of(chat)
    assert (row.waiting_since, row.first_reply_at) == (None, NOW + timedelta(seconds=30))


async def seen(chat: Chat, seq: int, *, sender: Sender = Sender.AGENT) -> tuple[int, str | None] | None:
    assert chat.agent is not None
    author = chat.agent.id if sender is Sender.AGENT else chat.device.id
    return await messages.store().mark_seen(chat.id, sender=sender, author_id=author, seq=seq)


async def test_seen_counts_what_is_still_unread() -> None:
    chat = await a_chat(agent=await a_member(), texts=("one", "two", "three"))
    assert await seen(chat, 2) == (2, chat.agent.id if chat.agent else "")
    assert (await row_of(chat)).unread == 1


async def test_seen_never_moves_back_nor_past_the_last() -> None:
    chat = await a_chat(agent=await a_member(), texts=("one", "two", "three"))
    assert await seen(chat, 99) is not None
    assert await seen(chat, 1) is None
    assert ((await row_of(chat)).agent_seen_seq, (await row_of(chat)).unread) == (3, 0)


async def test_a_stranger_sees_nothing_for_the_visitor() -> None:
    chat = await a_chat(agent=await a_member())
    stranger = replace(chat, device=await a_device())
    assert await seen(stranger, 1, sender=Sender.VISITOR) is None
    assert (await row_of(chat)).visitor_seen_seq == 0


async def test_a_message_that_cannot_be_stored_harms_no_other() -> None:
    chat = await a_chat(agent=await a_member(), texts=())
    broken = a_post(chat, "half \ud83d")
    good = [a_post(chat, f"message {number}") for number in range(5)]
    answers = await asyncio.wait_for(
        asyncio.gather(*(messages.append(post) for post in [broken, *good]), return_exceptions=True), timeout=5
    )
    assert [isinstance(answer, Exception) for answer in answers] == [True] + [False] * 5
    assert await seqs(chat) == [1, 2, 3, 4, 5]
