"""The visitor panel tells of the chat on the screen, also where several people share the record (PRODUCT 6.4)."""

import pytest

from inbox_app.data import views
from inbox_app.data.models import VisitorView
from inbox_app.data.tables import DeviceRow
from inbox_app.domain.errors import NotFound
from inbox_app.domain.people import Member
from inbox_app.services import merging
from tests.data.builders import NOW, Chat, a_chat, a_device, a_member, set_row
from tests.services.builders import come_back, later

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"
SIGNED, UNSIGNED = True, False
CHATS: dict[str, tuple[list[tuple[str, bool]], bool]] = {
    "one chat of the user": ([("active", SIGNED)], True),
    "one chat of somebody else": ([("active", UNSIGNED)], False),
    "the user's chat is the newer one": ([("active", UNSIGNED), ("active", SIGNED)], False),
    "the user's chat is the older one": ([("active", SIGNED), ("active", UNSIGNED)], False),
    "both are the user's": ([("active", SIGNED), ("active", SIGNED)], True),
    "somebody else's is over": ([("ended", UNSIGNED), ("active", SIGNED)], True),
    "the user's is over": ([("ended", SIGNED), ("active", UNSIGNED)], False),
    "all are over, the user's last": ([("ended", UNSIGNED), ("ended", SIGNED)], True),
    "all are over, somebody else's last": ([("ended", SIGNED), ("ended", UNSIGNED)], False),
    "somebody else's stayed open": ([("active", UNSIGNED), ("ended", SIGNED)], False),
}
"""State and browser of each chat, oldest first; whether the record alone may be said to be signed in."""


async def the_chats(agent: Member, *chats: tuple[str, bool], user_id: str = "42") -> list[Chat]:
    """Of one record: each from a browser of its own."""
    found: list[Chat] = []
    for number, (state, is_signed) in enumerate(chats):
        shared = found[0].visitor_id if found else None
        device = await a_device("Vera Lind", visitor_id=shared, email=VERA, user_id=user_id)
        if is_signed:
            await set_row(DeviceRow, {"user_id": user_id}, id=device.id)
        found.append(await a_chat(agent=agent, state=state, device=device, at=later(minutes=number)))
    return found


async def shown(member: Member, chat: Chat) -> VisitorView:
    return await views.visitor(member, chat.visitor_id, chat.id)


@pytest.mark.parametrize(("chats", "whole"), list(CHATS.values()), ids=list(CHATS))
async def test_signed_in_is_said_of_each_chat_and_of_the_record_only_if_all_are(
    chats: list[tuple[str, bool]], whole: bool
) -> None:
    ana = await a_member()
    found = await the_chats(ana, *chats)
    assert [(await shown(ana, chat)).is_signed_in for chat in found] == [is_signed for _, is_signed in chats]
    assert (await views.visitor(ana, found[0].visitor_id)).is_signed_in is whole


async def test_a_browser_signed_in_as_another_user_is_not_signed_in_as_this_one() -> None:
    ana = await a_member()
    (chat,) = await the_chats(ana, ("active", UNSIGNED))
    await set_row(DeviceRow, {"user_id": "43"}, id=chat.device.id)
    assert (await shown(ana, chat)).is_signed_in is False


async def test_the_address_is_not_confirmed_beside_a_chat_that_is_there_by_a_merge() -> None:
    ana = await a_member()
    known = await a_chat(agent=ana, device=await a_device("Vera Lind", email=VERA))
    claimant = await a_chat(agent=ana, device=await a_device("V", said_email=VERA))
    await merging.merge(claimant.visitor_id, known.visitor_id, member=ana, now=NOW)
    of_chats = [await views.visitor(ana, known.visitor_id, chat.id) for chat in (known, claimant)]
    assert [view.is_email_confirmed for view in of_chats] == [True, False]
    assert (await views.visitor(ana, known.visitor_id)).is_email_confirmed is True


async def test_each_chat_shows_its_own_words_and_nothing_of_the_others() -> None:
    ana = await a_member()
    device = await a_device("Ina", email=VERA, phone="INA")
    ina = await a_chat(agent=ana, device=device)
    words = {"said_name": "Jon", "said_more": {"phone": "JON"}}
    other = await a_device("Jon", visitor_id=ina.visitor_id)
    jon = await a_chat(agent=ana, device=other, at=later(60), **words)
    assert [(await shown(ana, chat)).said for chat in (ina, jon)] == [{}, {"name": "Jon", "phone": "JON"}]


async def test_each_chat_shows_the_page_and_the_presence_of_its_own_browser() -> None:
    ana = await a_member()
    one, two = await the_chats(ana, ("active", SIGNED), ("active", UNSIGNED))
    for chat, page, zone in ((one, "https://a.example/", "Europe/Oslo"), (two, "https://b.example/", "Asia/Tokyo")):
        await set_row(DeviceRow, {"page_url": page, "time_zone": zone, "language": "nb"}, id=chat.device.id)
    await come_back(two.device)
    views_shown = [await shown(ana, chat) for chat in (one, two)]
    assert [(view.page_url, view.time_zone, view.language, view.is_online) for view in views_shown] == [
        ("https://a.example/", "Europe/Oslo", "nb", False), ("https://b.example/", "Asia/Tokyo", "nb", True),
    ]  # fmt: skip
    assert (await views.visitor(ana, one.visitor_id)).is_online is True


async def test_a_browser_that_is_somebody_elses_now_tells_nothing_of_a_past_chat() -> None:
    ana = await a_member()
    device = await a_device("Vera", page_url="https://vera.example/")
    chat = await a_chat(agent=ana, state="ended", device=device)
    other = await a_device("Otto")
    await set_row(DeviceRow, {"visitor_id": other.visitor_id, "page_url": "https://otto.example/"}, id=device.id)
    await come_back(device)
    view = await shown(ana, chat)
    assert (view.page_url, view.is_online) == ("https://vera.example/", False)


async def test_a_chat_of_another_visitor_or_one_that_is_not_shown_is_not_found() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    past, active = await the_chats(ana, ("ended", SIGNED), ("active", SIGNED))
    waiting = await a_chat(device=past.device, state="waiting", at=later(120))
    others = await a_chat(agent=ana)
    for member, conversation_id in (
        (ana, others.id), (ana, waiting.id), (ana, "nothing"), (ana, ""), (ben, active.id),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await views.visitor(member, past.visitor_id, conversation_id)
    assert (await shown(ben, past)).id == past.visitor_id


async def test_another_agents_open_chat_is_not_told_of() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    (past,) = await the_chats(ana, ("ended", SIGNED))
    device = await a_device("Eve", visitor_id=past.visitor_id)
    await a_chat(agent=ben, device=device, at=later(60), said_name="Eve")
    view = await views.visitor(ana, past.visitor_id)
    assert (view.is_signed_in, view.said) == (True, {})
