"""Keyset pages: everything once, newest first, also where instants are equal; and what is no cursor."""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from inbox_app.data import views
from inbox_app.data.models import Page
from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.people import Member, Role
from tests.data.builders import NOW, a_chat, a_member

pytestmark = pytest.mark.usefixtures("database")
Reading = Callable[..., Awaitable[Page[Any]]]


async def walk(read: Reading, member: Member, **how: Any) -> AsyncIterator[Page[Any]]:
    """Every page, from the first to the last."""
    page = await read(member, **how)
    yield page
    while page.next:
        page = await read(member, before=page.next, **how)
        yield page


async def test_the_list_walks_everything_once_with_equal_instants() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    shown = [await a_chat(agent=ana, at=NOW + timedelta(seconds=n // 9)) for n in range(18)]
    shown += [await a_chat(agent=ben, state="ended", at=NOW + timedelta(seconds=n // 9)) for n in range(18)]
    await a_chat(agent=ben)
    pages = [page async for page in walk(views.conversation_rows, ana, only="all", limit=5)]
    ids = [row.id for page in pages for row in page.items]
    assert sorted(ids) == sorted(chat.id for chat in shown)
    order = [(row.at, row.id) for page in pages for row in page.items]
    assert order == sorted(order, reverse=True)
    assert {len(page.items) for page in pages[:-1]} == {5}


async def test_the_history_walks_everything_once_with_equal_instants() -> None:
    mia = await a_member("Mia", role=Role.MANAGER)
    past = [await a_chat(state=state, at=NOW) for state in ("ended", "missed", "cancelled") * 5]
    await a_chat(state="waiting", at=NOW)
    pages = [page async for page in walk(views.history, mia, limit=4)]
    ids = [row.id for page in pages for row in page.items]
    assert ids == sorted((chat.id for chat in past), reverse=True)


async def test_an_instant_of_microseconds_survives_the_cursor() -> None:
    ana = await a_member()
    chats = [await a_chat(agent=ana, at=NOW + timedelta(microseconds=n)) for n in range(3)]
    pages = [page async for page in walk(views.conversation_rows, ana, only="active", limit=1)]
    assert [page.items[0].id for page in pages] == [chat.id for chat in reversed(chats)]


async def test_a_conversation_that_moves_up_meanwhile_moves_nothing_else() -> None:
    ana = await a_member()
    chats = [await a_chat(agent=ana, at=NOW + timedelta(minutes=n)) for n in range(4)]
    first = await views.conversation_rows(ana, only="active", limit=2)
    newest = await a_chat(agent=ana, at=NOW + timedelta(hours=1))
    second = await views.conversation_rows(ana, only="active", limit=2, before=first.next)
    assert [row.id for row in second.items] == [chats[1].id, chats[0].id]
    assert newest.id not in [row.id for row in second.items]


async def test_a_full_last_page_has_no_next() -> None:
    ana = await a_member()
    for _ in range(3):
        await a_chat(agent=ana)
    assert (await views.conversation_rows(ana, only="active", limit=3)).next == ""


async def test_a_page_holds_50_at_most() -> None:
    ana = await a_member()
    for _ in range(52):
        await a_chat(agent=ana)
    assert len((await views.conversation_rows(ana, only="active", limit=1_000)).items) == 50


async def test_messages_are_paged_back_and_forth() -> None:
    ana = await a_member()
    chat = await a_chat(agent=ana, texts=tuple(f"message {n}" for n in range(1, 26)))

    async def seqs(**how: Any) -> list[int]:
        return [entry.seq for entry in await views.messages(ana, chat.id, **how)]

    assert await seqs(limit=10) == list(range(16, 26))
    assert await seqs(before=16, limit=10) == list(range(6, 16))
    assert await seqs(after=20) == [21, 22, 23, 24, 25]
    assert await seqs(after=25) == []


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


GARBAGE = {
    "words": "garbage", "not base64": "%%%", "not ascii": "é", "one": "A", "empty": encoded(""),
    "number": encoded(5), "object": encoded({}), "one part": encoded([1]), "three parts": encoded([1, "a", "b"]),
    "null": encoded([None, "a"]), "text for time": encoded(["x", "a"]), "too late": encoded([1e30, "a"]),
    "never": encoded([float("nan"), "a"]),
    "infinite": encoded([float("inf"), "a"]),
    "nul": encoded([1.0, "\x00"]), "half a character": encoded([1.0, "\ud800"]),
    "list for id": encoded([1.0, ["a"]]), "deep": base64.urlsafe_b64encode(b"[" * 6_000).decode(),
    "before time": encoded([-1e13, "a"]),
}  # fmt: skip


@pytest.mark.parametrize("cursor", GARBAGE.values(), ids=GARBAGE.keys())
async def test_what_is_no_cursor_is_refused_by_name(cursor: str) -> None:
    ana, mia = await a_member("Ana"), await a_member("Mia", role=Role.MANAGER)
    for read in (views.conversation_rows(ana, only="all", before=cursor), views.history(mia, before=cursor)):
        with pytest.raises(InvalidInput) as refused:
            await read
        assert refused.value.field == "before"


async def test_an_unknown_filter_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput) as refused:
        await views.conversation_rows(await a_member(), only="mine")  # type: ignore[arg-type]
    assert refused.value.field == "filter"
