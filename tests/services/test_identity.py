"""Whose browser it is (PRODUCT 6.4): claims stay with their browser, proof leads to the person's record."""

import asyncio

import pytest

from inbox_app.data import views
from inbox_app.data.tables import ActivityRow, ConversationRow, DeviceRow, OfflineMessageRow, VisitorRow
from inbox_app.domain.errors import NotFound
from inbox_app.domain.identity import Claims
from inbox_app.services import availability, chat, conversations, devices, visitors
from tests.data.builders import NOW, a_chat, a_device, a_member, a_uuid, rows_of
from tests.services.builders import a_busy_member, a_request, an_active_chat
from tests.services.visitor_sessions import a_secret, a_session, record

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"


async def test_an_anonymous_browser_gives_its_own_record_a_name_and_a_claimed_address() -> None:
    browser = await a_session()
    named = await a_session(browser.token, email=VERA, name="Vera")
    row = await record(named)
    assert (named.visitor_id, row.name, row.email, row.said_email) == (browser.visitor_id, "Vera", None, VERA)


async def test_one_may_rename_oneself() -> None:
    vera = await a_session(email=VERA, name="Vera")
    await a_session(vera.token, email=VERA, name="Vera Lind")
    assert (await record(vera)).name == "Vera Lind"


async def test_what_an_agent_corrected_is_not_overwritten_by_the_visitor() -> None:
    ana, vera = await a_member(), await a_session(email=VERA, name="vera")
    device = await devices.device(vera.token)
    chat_id = await an_active_chat(ana, device)
    await visitors.correct(vera.visitor_id, field="name", value="Vera Lind", member=ana, now=NOW)
    await a_session(vera.token, email=VERA, name="Mallory", phone="+666")
    row = await record(vera)
    assert (row.name, row.phone, (await views.conversation(ana, chat_id)).title) == ("Vera Lind", "", "Vera Lind")


@pytest.mark.parametrize("name", ["", "vera"], ids=["nameless", "named by herself"])
async def test_a_corrected_name_is_shown_to_agents_and_told_to_no_browser(name: str) -> None:
    ana, vera = await a_member(), await a_session(name=name)
    device = await devices.device(vera.token)
    chat_id = await an_active_chat(ana, device)

    await visitors.correct(vera.visitor_id, field="name", value="Vera Lind", member=ana, now=NOW)

    assert (await devices.device(vera.token)).visitor_name == name
    await chat.send(chat_id, client_id=a_uuid(), text="Hello?", device=await devices.device(vera.token), now=NOW)
    read = await views.transcript(ana, chat_id)
    assert (read.title, {one.sender_name for one in read.entries if one.text}) == ("Vera Lind", {"Vera Lind"})


async def test_a_correction_in_one_persons_chat_renames_nobody_who_shares_the_address() -> None:
    secret, ana = await a_secret(), await a_member(capacity=10)
    sharing = [
        await a_session(email=VERA, name=name, secret=secret, address_too=True) for name in ("Ina", "Jon", "Ida")
    ]
    assert len({one.visitor_id for one in sharing}) == 1
    chats = [
        await an_active_chat(ana, await devices.device(one.token), name=name)
        for one, name in zip(sharing, ("Ina", "Jon", "Ida"), strict=True)
    ]
    await conversations.end(chats[2], member=ana, now=NOW)

    await visitors.correct(sharing[0].visitor_id, field="name", value="Ina Lind", member=ana, now=NOW)

    titles = [(await views.conversation(ana, one)).title for one in chats]
    assert titles == ["Ina Lind", "Jon", "Ida"]
    told = [await a_session(one.token) for one in sharing]
    assert [one.name for one in told] == ["Ina", "Jon", "Ida"]


@pytest.mark.parametrize("is_over", [False, True], ids=["open", "over"])
async def test_what_was_said_in_a_chat_is_corrected_beside_it_and_nowhere_else(is_over: bool) -> None:
    ana, vera = await a_member(capacity=10), await a_session()
    device = await devices.device(vera.token)
    other = await an_active_chat(ana, device, name="Jhon", phone="+1")
    await visitors.correct(vera.visitor_id, field="crm_status", value="Lead", member=ana, now=NOW)
    chat_id = await an_active_chat(ana, device, name="Jhn", phone="+4")
    if is_over:
        await conversations.end(chat_id, member=ana, now=NOW)

    for field, value in (("name", "John"), ("phone", "+47")):
        await visitors.correct(vera.visitor_id, chat_id, field=field, value=value, member=ana, now=NOW)
        await visitors.correct(vera.visitor_id, chat_id, field=field, value=value, member=ana, now=NOW)

    assert (await views.conversation(ana, chat_id)).title == "John"
    assert (await views.visitor(ana, vera.visitor_id, chat_id)).said == {}
    assert (await views.conversation(ana, other)).title == "John"  # it goes by the record
    ben = await a_member("Ben", is_present=False)
    for member, wrong in ((ana, "nobody"), (ben, other)):
        with pytest.raises(NotFound):
            await visitors.correct(vera.visitor_id, wrong, field="name", value="X", member=member, now=NOW)


async def test_the_agent_sees_a_claim_beside_the_record_that_has_the_address() -> None:
    ana = await a_member()
    known = await a_device("Vera Lind", email=VERA, company="Acme")
    await a_chat(agent=ana, state="ended", device=known)
    stranger = await a_session()
    await an_active_chat(ana, await devices.device(stranger.token), name="V", email=VERA)
    shown = await views.visitor(ana, stranger.visitor_id)
    assert (shown.name, shown.email, shown.is_email_confirmed) == ("V", VERA, False)
    assert [(one.id, one.name, one.company, one.is_confirmed) for one in shown.same_address] == [
        (known.visitor_id, "Vera Lind", "Acme", True)
    ]
    assert (await views.visitor(ana, known.visitor_id)).same_address == []


async def test_of_two_who_only_claim_an_address_the_later_one_is_shown_beside_the_earlier() -> None:
    ana = await a_member()
    sessions = [await a_session(name=name, email=VERA) for name in ("First", "Second")]
    for session in sessions:
        await an_active_chat(ana, await devices.device(session.token))
    first, second = [await views.visitor(ana, session.visitor_id) for session in sessions]
    assert ([one.name for one in second.same_address], first.same_address) == (["First"], [])


async def test_whom_only_a_colleague_talks_to_is_not_shown_beside_a_claim() -> None:
    """PRODUCT 1.1: not even that the other chat exists."""
    ana, ben = await a_member("Ana"), await a_member("Ben", is_present=False)
    await a_chat(agent=ben, device=await a_device("Vera Lind", email=VERA))
    stranger = await a_session()
    await an_active_chat(ana, await devices.device(stranger.token), email=VERA)
    assert (await views.visitor(ana, stranger.visitor_id)).same_address == []


async def test_another_address_is_another_person_and_the_earlier_chat_stays_hers() -> None:
    vera = await a_session(email=VERA, name="Vera", page="/prices")
    past = await a_chat(device=await devices.device(vera.token), state="ended")
    otto = await a_session(vera.token, email="otto@example.com", name="Otto")
    assert (otto.visitor_id != vera.visitor_id, otto.name) == (True, "Otto")
    assert ((await record(vera)).name, (await record(otto)).page_url) == ("Vera", "/prices")
    (kept,) = await rows_of(ConversationRow, id=past.id)
    assert kept.visitor_id == vera.visitor_id


async def test_words_of_a_browser_whose_record_others_vouch_for_stay_in_the_conversation() -> None:
    ana = await a_member()
    known = await a_device("Vera Lind", email=VERA)
    chat_id = await an_active_chat(ana, known, name="Bob", email=VERA, phone="+666")
    (row,) = await rows_of(VisitorRow)
    assert (row.name, row.phone) == ("Vera Lind", "")
    shown = await views.visitor(ana, known.visitor_id)
    assert (shown.name, shown.said) == ("Vera Lind", {"name": "Bob", "phone": "+666"})
    assert (await views.conversation(ana, chat_id)).title == "Bob"


async def test_a_left_message_is_answered_at_the_address_that_was_typed_with_it() -> None:
    ana, session = await a_member(is_present=False), await a_session(name="Vera", email=VERA)
    device = await devices.device(session.token)
    chat_id = await a_request(device)
    await chat.leave_message(
        text="Call me", claims=Claims(name="Otto", email="otto@example.com"), conversation_id=chat_id, device=device,
        now=NOW,
    )  # fmt: skip
    (line,) = await views.missed(ana, now=NOW)
    assert (line.title, line.email) == ("Otto", "otto@example.com")
    assert ((await record(session)).name, (await record(session)).said_email) == ("Vera", VERA)


async def test_what_an_anonymous_browser_did_moves_to_the_person_it_proves_to_be() -> None:
    secret, ana = await a_secret(), await a_member()
    known = await a_session(user_id="42", secret=secret, name="Vera Lind")
    browser = await a_session(page="https://example.com/prices")
    device = await devices.device(browser.token)
    await chat.leave_message(text="Call me", claims=Claims(), conversation_id=None, device=device, now=NOW)
    chat_id = await an_active_chat(ana, device, name="Vee")
    await a_session(browser.token, user_id="42", secret=secret)
    moved = [await rows_of(table) for table in (ConversationRow, ActivityRow, OfflineMessageRow)]
    assert {row.visitor_id for rows in moved for row in rows} == {known.visitor_id}
    assert await rows_of(VisitorRow, id=browser.visitor_id) == []
    assert (await views.conversation(ana, chat_id)).title == "Vee"  # the name that was given in this chat


async def test_a_chat_under_another_claimed_address_stays_where_it_was() -> None:
    secret = await a_secret()
    bob = await a_session(name="Bob", email="bob@example.com")
    past = await a_chat(device=await devices.device(bob.token), state="ended")
    vera = await a_session(bob.token, user_id="42", secret=secret, email=VERA)
    (kept,) = await rows_of(ConversationRow, id=past.id)
    assert (kept.visitor_id, vera.visitor_id != bob.visitor_id) == (bob.visitor_id, True)


async def test_two_browsers_that_prove_one_address_at_once_are_one_person() -> None:
    secret = await a_secret()
    sessions = [await a_session(email=VERA) for _ in range(4)]
    began = [a_session(one.token, user_id="42", secret=secret, email=VERA, address_too=True) for one in sessions]
    await asyncio.gather(*began)
    (person,) = await rows_of(VisitorRow)
    assert {row.visitor_id for row in await rows_of(DeviceRow)} == {person.id}


async def test_proving_an_address_while_chats_are_routed_ends_well() -> None:
    secret, ana, _ = await a_secret(), await a_member("Ana", capacity=10), await a_busy_member()
    sessions = [await a_session() for _ in range(6)]
    browsers = [await devices.device(session.token) for session in sessions]
    await availability.set_available(False, member=ana, now=NOW)
    for browser in browsers:
        await a_request(browser)
    named = [a_session(one.token, user_id="42", secret=secret) for one in sessions]
    more = [a_request(browser, email=VERA) for browser in browsers]
    await asyncio.gather(*named, availability.set_available(True, member=ana, now=NOW), *more)
    assert len(await rows_of(ConversationRow, state="offered")) == 10
