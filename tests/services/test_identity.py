"""Whose browser it is (PRODUCT 6.4): claims stay with their browser, proof leads to the person's record."""

import asyncio
from typing import Any

import pytest

from inbox_app.data import views
from inbox_app.data.tables import ActivityRow, ConversationRow, DeviceRow, OfflineMessageRow, VisitorRow
from inbox_app.domain.errors import IdentityNotProved
from inbox_app.domain.identity import Claims, Signature, sign
from inbox_app.domain.people import Role
from inbox_app.services import availability, chat, chat_settings, devices, merging, site_secrets, visitors
from inbox_app.services.visitors import Session, Surroundings
from tests.data.builders import NOW, a_chat, a_device, a_member, rows_of
from tests.services.builders import a_busy_member, a_request, an_active_chat

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"


async def a_secret() -> str:
    root = await a_member("Root", role=Role.ADMIN, is_present=False)
    return (await site_secrets.listed(root, now=NOW))[0].secret


async def a_session(
    token: str | None = None, *, page: str = "", user_id: str = "", secret: str = "", address_too: bool = False,
    **claims: str,
) -> Session:  # fmt: skip
    """Signed, with a secret; with `address_too` also the address."""
    signature = Signature(
        user_id,
        sign(user_id, secret) if secret and user_id else "",
        sign(claims["email"], secret) if address_too else "",
    )
    return await visitors.begin_session(token, Surroundings(page_url=page), Claims(**claims), signature, now=NOW)


async def record(session: Session) -> Any:
    (row,) = await rows_of(VisitorRow, id=session.visitor_id)
    return row


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
async def test_messages_after_a_correction_are_signed_with_the_corrected_name(name: str) -> None:
    ana, vera = await a_member(), await a_session(name=name)
    await an_active_chat(ana, await devices.device(vera.token))

    await visitors.correct(vera.visitor_id, field="name", value="Vera Lind", member=ana, now=NOW)

    assert (await devices.device(vera.token)).visitor_name == "Vera Lind"


async def test_a_correction_names_no_browser_that_the_agent_does_not_talk_to() -> None:
    secret, ana = await a_secret(), await a_member()
    phone, laptop = await a_session(user_id="u-1", secret=secret), await a_session(user_id="u-1", secret=secret)
    assert phone.visitor_id == laptop.visitor_id
    await an_active_chat(ana, await devices.device(phone.token))

    await visitors.correct(phone.visitor_id, field="name", value="Vera Lind", member=ana, now=NOW)

    assert [(await devices.device(one.token)).visitor_name for one in (phone, laptop)] == ["Vera Lind", ""]


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


async def test_a_signed_user_is_the_same_person_in_every_browser() -> None:
    secret = await a_secret()
    laptop = await a_session(user_id="42", secret=secret, name="Vera", email=VERA)
    phone = await a_session(user_id="42", secret=secret)
    assert (phone.visitor_id, len(await rows_of(VisitorRow))) == (laptop.visitor_id, 1)
    row = await record(laptop)
    assert (row.user_id, row.confirmed_by, row.name) == ("42", "signature", "Vera")


async def test_a_signed_user_renames_himself_until_an_agent_corrects_it() -> None:
    secret, ana = await a_secret(), await a_member()
    vera = await a_session(user_id="42", secret=secret, name="Vera")
    await a_session(vera.token, user_id="42", secret=secret, name="Vera Lind")
    assert (await record(vera)).name == "Vera Lind"
    await a_chat(agent=ana, device=await devices.device(vera.token))
    await visitors.correct(vera.visitor_id, field="name", value="Dr Lind", member=ana, now=NOW)
    await a_session(vera.token, user_id="42", secret=secret, name="Vera Lind")
    assert (await record(vera)).name == "Dr Lind"


async def test_a_signed_users_address_is_a_claim_unless_it_is_signed_too() -> None:
    """Anyone who is signed in on the site could put another address beside the own id."""
    secret, known = await a_secret(), await a_device("Vera", email=VERA)
    eve = await a_session(user_id="666", secret=secret, email=VERA, name="Eve")
    assert (eve.visitor_id != known.visitor_id, (await record(eve)).email) == (True, None)
    vera = await a_session(user_id="42", secret=secret, email=VERA, address_too=True)
    assert vera.visitor_id == known.visitor_id
    assert ((await record(vera)).user_id, (await record(vera)).name) == ("42", "Vera")


@pytest.mark.parametrize("is_proved", [True, False], ids=["proved", "only claimed"])
async def test_a_user_who_was_merged_by_mistake_does_not_get_the_record(is_proved: bool) -> None:
    secret, ana = await a_secret(), await a_member()
    known = await a_device("Vera", **{"email" if is_proved else "said_email": VERA})
    await a_chat(agent=ana, state="ended", device=known)
    eve = await a_session(email=VERA, name="Eve")
    await an_active_chat(ana, await devices.device(eve.token))
    await merging.merge(eve.visitor_id, known.visitor_id, member=ana, now=NOW)
    eve = await a_session(eve.token, user_id="666", secret=secret, email=VERA)
    (kept,) = await rows_of(VisitorRow, id=known.visitor_id)
    assert (eve.visitor_id != kept.id, kept.user_id, (await record(eve)).user_id) == (True, None, "666")
    vera = await a_session(user_id="42", secret=secret, email=VERA, address_too=True)
    assert ((await record(vera)).user_id, vera.visitor_id == known.visitor_id) == ("42", is_proved)


async def test_a_record_that_an_agent_corrected_still_becomes_the_users_who_signs_in() -> None:
    secret, ana, browser = await a_secret(), await a_member(), await a_session(name="vera")
    await an_active_chat(ana, await devices.device(browser.token))
    await visitors.correct(browser.visitor_id, field="name", value="Vera Lind", member=ana, now=NOW)
    vera = await a_session(browser.token, user_id="42", secret=secret)
    assert (vera.visitor_id, (await record(vera)).user_id) == (browser.visitor_id, "42")


async def test_an_address_that_is_the_users_id_is_proved_with_it() -> None:
    secret, known = await a_secret(), await a_device("Vera", email=VERA)
    vera = await a_session(user_id="Vera@example.com", secret=secret, email=VERA)
    assert vera.visitor_id == known.visitor_id


async def test_a_record_of_one_user_is_never_anothers() -> None:
    secret = await a_secret()
    first = await a_session(user_id="1", secret=secret, email=VERA, address_too=True)
    second = await a_session(user_id="2", secret=secret, email=VERA, address_too=True)
    assert second.visitor_id != first.visitor_id
    assert ((await record(first)).email, (await record(second)).email) == (VERA, None)


async def test_another_user_on_the_same_browser_leaves_the_first_ones_record_alone() -> None:
    secret = await a_secret()
    vera = await a_session(user_id="1", secret=secret, name="Vera")
    otto = await a_session(vera.token, user_id="2", secret=secret, name="Otto")
    again = await a_session(otto.token)
    assert (again.visitor_id, again.name) == (otto.visitor_id, "Otto")
    assert ((await record(vera)).name, (await record(otto)).name) == ("Vera", "Otto")


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


@pytest.mark.parametrize(
    ("user_id", "wrong"),
    [("42", "0" * 64), ("42", ""), ("43", sign("42", "secret")), ("", sign("", "secret")), ("42", "ß\ud83d")],
)
async def test_a_wrong_hash_is_refused_and_nothing_is_stored(user_id: str, wrong: str) -> None:
    await a_secret()
    signature = Signature(user_id, wrong, "" if wrong else "0")
    with pytest.raises(IdentityNotProved):
        await visitors.begin_session(None, Surroundings(), Claims(email=VERA), signature, now=NOW)
    assert await rows_of(VisitorRow) == []


async def test_during_a_rotation_two_secrets_are_valid_and_then_only_the_new_one() -> None:
    old, root = await a_secret(), await a_member("Root", role=Role.ADMIN, is_present=False)
    new = (await site_secrets.rotate(root, now=NOW))[0].secret
    for secret in (old, new):
        assert (await a_session(user_id="42", secret=secret)).visitor_id
    assert [one.secret for one in await site_secrets.retire(root, now=NOW)] == [new]
    with pytest.raises(IdentityNotProved):
        await a_session(user_id="42", secret=old)


async def test_where_signatures_are_required_words_stay_in_the_conversation() -> None:
    root, ana = await a_member("Root", role=Role.ADMIN, is_present=False), await a_member()
    await chat_settings.change({"identity_required": True}, member=root, now=NOW)
    with pytest.raises(IdentityNotProved):
        await a_session(email=VERA)
    browser = await a_session()
    device = await devices.device(browser.token)
    chat_id = await an_active_chat(ana, device, name="Vera", email=VERA, company="Acme")
    await chat.leave_message(
        text="?", claims=Claims(name="V", email=VERA), conversation_id=None, device=device, now=NOW
    )
    row = await record(browser)
    assert (row.name, row.email, row.said_email, row.company) == ("", None, "", "")
    shown = await views.visitor(ana, browser.visitor_id)
    assert (shown.name, shown.email, shown.said) == ("", "", {"name": "Vera", "email": VERA, "company": "Acme"})
    assert (await views.conversation(ana, chat_id)).title == "Vera"


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
