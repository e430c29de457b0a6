"""What a site signs about its users leads to their record, in every browser (PRODUCT 10.2)."""

import pytest

from inbox_app.data import views
from inbox_app.data.tables import VisitorRow
from inbox_app.domain.errors import IdentityNotProved
from inbox_app.domain.identity import Claims, Signature, sign
from inbox_app.domain.people import Role
from inbox_app.services import chat, chat_settings, devices, merging, site_secrets, visitors
from inbox_app.services.visitors import Surroundings
from tests.data.builders import NOW, a_chat, a_device, a_member, rows_of
from tests.services.builders import an_active_chat
from tests.services.visitor_sessions import a_secret, a_session, record

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"


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
    await a_session(eve.token, user_id="666", secret=secret, email=VERA)
    (kept,), (hers,) = await rows_of(VisitorRow, id=known.visitor_id), await rows_of(VisitorRow, user_id="666")
    assert (hers.id != kept.id, kept.user_id) == (True, None)
    vera = await a_session(user_id="42", secret=secret, email=VERA, address_too=True)
    assert ((await record(vera)).user_id, vera.visitor_id == known.visitor_id) == ("42", is_proved)


async def test_a_record_that_an_agent_corrected_still_becomes_the_users_who_signs_in() -> None:
    secret, ana, browser = await a_secret(), await a_member(), await a_session(name="vera")
    await an_active_chat(ana, await devices.device(browser.token))
    await visitors.correct(browser.visitor_id, field="name", value="Vera Lind", member=ana, now=NOW)
    vera = await a_session(browser.token, user_id="42", secret=secret)
    assert (vera.visitor_id, (await record(vera)).user_id) == (browser.visitor_id, "42")


async def test_an_address_that_is_the_users_id_is_not_proved_with_it() -> None:
    secret, known = await a_secret(), await a_device("Vera", email=VERA)
    vera = await a_session(user_id="Vera@example.com", secret=secret, email=VERA)
    assert vera.visitor_id != known.visitor_id


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
