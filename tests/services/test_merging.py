"""An agent merges a claimant with the record that has the address (PRODUCT 6.4)."""

from collections.abc import Callable

import pytest

from inbox_app.data import keeping, views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import AuditRow, ConversationRow, DeviceRow, OfflineMessageRow, VisitorRow
from inbox_app.domain.errors import Conflict, NotAllowed, NotFound
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Member, Role
from inbox_app.services import address_proof, conversations, devices, merging, visitors
from inbox_app.services.visitors import Session, Surroundings
from inbox_app.settings import Settings
from tests.data.builders import NOW, Chat, a_chat, a_device, a_member, rows_of, set_row
from tests.services.builders import an_active_chat, later, listening, told
from tests.services.meetings import a_meeting
from tests.services.visitor_sessions import a_secret, a_session, record

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"


async def a_known_vera(agent: Member) -> Chat:
    return await a_chat(agent=agent, state="ended", device=await a_device("Vera Lind", email=VERA))


async def a_claimant(agent: Member, name: str = "V", email: str = VERA, **claims: str) -> tuple[str, str, str]:
    """A browser that claims the address, in a chat with this agent: token, visitor, conversation."""
    session = await visitors.begin_session(None, Surroundings("https://acme.com/prices"), Claims(), now=NOW)
    chat_id = await an_active_chat(agent, await devices.device(session.token), name=name, email=email, **claims)
    return session.token, session.visitor_id, chat_id


async def test_the_chat_becomes_the_known_persons_who_keeps_what_is_known() -> None:
    ana = await a_member()
    known = (await a_known_vera(ana)).visitor_id
    token, claimant, chat_id = await a_claimant(ana, phone="+47 22")
    await merging.merge(claimant, known, member=ana, now=NOW)
    (row,) = await rows_of(VisitorRow)
    assert (row.id, row.name, row.email, row.phone, row.page_url) == (
        known, "Vera Lind", VERA, "+47 22", "https://acme.com/prices",
    )  # fmt: skip
    assert {one.visitor_id for one in await rows_of(ConversationRow)} == {known}
    assert (await views.conversation(ana, chat_id)).title == "Vera Lind"
    assert (await devices.device(token)).visitor_id == known
    (line,) = await rows_of(AuditRow, action="visitor.merged")
    assert (line.actor_id, line.subject, line.details) == (ana.id, known, {"merged": claimant})


async def test_a_browser_from_before_claims_were_kept_is_still_told_its_own_words() -> None:
    ana = await a_member()
    known = (await a_known_vera(ana)).visitor_id
    token, claimant, _ = await a_claimant(ana)
    await set_row(DeviceRow, {"said": {}}, shown_id=claimant)
    before = await a_session(token)
    await merging.merge(claimant, known, member=ana, now=NOW)
    after = await a_session(token)
    assert (before.name, before.email) == ("V", VERA)
    assert (after.name, after.email, after.visitor_id) == ("V", VERA, before.visitor_id)


async def test_the_visitor_learns_nothing_of_it() -> None:
    ana = await a_member()
    known = (await a_known_vera(ana)).visitor_id
    token, claimant, _ = await a_claimant(ana, name="")
    await merging.merge(claimant, known, member=ana, now=NOW)
    again = await visitors.begin_session(token, Surroundings(), Claims(), now=NOW)
    assert (again.name, again.email) == ("", VERA)
    assert (await devices.device(token)).visitor_name == ""


async def test_and_still_cannot_change_the_record() -> None:
    ana = await a_member()
    known = (await a_known_vera(ana)).visitor_id
    token, claimant, _ = await a_claimant(ana)
    await merging.merge(claimant, known, member=ana, now=NOW)
    await visitors.begin_session(token, Surroundings(), Claims(name="Eve", email=VERA, company="Evil"), now=NOW)
    (row,) = await rows_of(VisitorRow)
    assert (row.name, row.company) == ("Vera Lind", "")


async def test_two_claimants_become_one_whose_address_stays_a_claim() -> None:
    ana = await a_member()
    _, first, _ = await a_claimant(ana, "First")
    _, second, _ = await a_claimant(ana, "Second")
    await merging.merge(second, first, member=ana, now=NOW)
    (row,) = await rows_of(VisitorRow)
    assert (row.id, row.email, row.said_email, row.confirmed_by) == (first, None, VERA, "agent")
    assert len(await rows_of(DeviceRow, visitor_id=first)) == 2


async def test_an_open_inbox_follows_the_chat_to_its_new_record() -> None:
    ana = await a_member()
    known = (await a_known_vera(ana)).visitor_id
    _, claimant, chat_id = await a_claimant(ana)
    async with listening(f"conversation:{chat_id}", f"visitor:{known}", f"agent:{ana.id}") as changes:
        await merging.merge(claimant, known, member=ana, now=NOW)
        kinds = [event.kind for event in await told(changes)]
    assert {"visitor", "changed", "conversation"} <= set(kinds)


async def test_only_the_chats_agent_or_an_admin_merges() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben", is_present=False)
    mia = await a_member("Mia", role=Role.MANAGER)
    root = await a_member("Root", role=Role.ADMIN, is_present=False)
    known = (await a_known_vera(ana)).visitor_id
    past = await a_chat(agent=ana, state="ended", device=await a_device("V", said_email=VERA))
    _, active, _ = await a_claimant(ana)
    for member, visitor_id, error in (
        (mia, past.visitor_id, NotAllowed), (ben, past.visitor_id, NotAllowed), (ben, active, NotFound),
        (root, active, NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            await merging.merge(visitor_id, known, member=member, now=NOW)
    await merging.merge(past.visitor_id, known, member=root, now=NOW)
    assert await rows_of(VisitorRow, id=past.visitor_id) == []


async def test_only_a_record_with_the_claimed_address_can_be_chosen() -> None:
    ana = await a_member()
    known = (await a_known_vera(ana)).visitor_id
    other = (await a_chat(agent=ana, state="ended", device=await a_device("Otto", email="otto@example.com"))).visitor_id
    _, claimant, _ = await a_claimant(ana)
    for visitor_id, into in ((claimant, other), (claimant, claimant), (claimant, "nobody"), (known, claimant)):
        with pytest.raises(NotFound):
            await merging.merge(visitor_id, into, member=ana, now=NOW)


async def test_two_users_of_the_site_are_never_merged() -> None:
    ana = await a_member()
    known = await a_chat(agent=ana, state="ended", device=await a_device("Vera", email=VERA, user_id="1"))
    other = await a_chat(agent=ana, state="ended", device=await a_device("Vera", said_email=VERA, user_id="2"))
    with pytest.raises(Conflict):
        await merging.merge(other.visitor_id, known.visitor_id, member=ana, now=NOW)


async def a_signed_vera(agent: Member, *, secret: str) -> Session:
    """A user of the site who has signed in, with a proved address, in a chat that is over."""
    session = await a_session(user_id="42", secret=secret, name="Vera Lind", email=VERA, address_too=True)
    chat_id = await an_active_chat(agent, await devices.device(session.token))
    await conversations.end(chat_id, member=agent, now=NOW)
    return session


async def test_a_merged_browser_is_not_signed_in_as_the_user_whose_record_it_gets() -> None:
    secret, ana = await a_secret(), await a_member()
    vera = await a_signed_vera(ana, secret=secret)
    assert (await views.visitor(ana, vera.visitor_id)).is_signed_in is True
    token, claimant, _ = await a_claimant(ana)
    await merging.merge(claimant, vera.visitor_id, member=ana, now=NOW)
    shown = await views.visitor(ana, vera.visitor_id)
    assert (shown.user_id, shown.is_signed_in) == ("42", False)
    signed = {row.id: row.user_id for row in await rows_of(DeviceRow)}
    assert signed == {vera.device_id: "42", (await devices.device(token)).id: None}
    async with listening(f"visitor:{vera.visitor_id}") as changes:
        await a_session(token, user_id="42", secret=secret)
        assert "changed" in [event.kind for event in await told(changes)]
    assert (await views.visitor(ana, vera.visitor_id)).is_signed_in is True


async def test_a_merged_browser_leaves_the_users_record_when_somebody_else_says_who_they_are() -> None:
    """Only a user who has signed in on a browser stays the same person under another address."""
    secret, ana = await a_secret(), await a_member()
    vera = await a_signed_vera(ana, secret=secret)
    token, claimant, _ = await a_claimant(ana)
    await merging.merge(claimant, vera.visitor_id, member=ana, now=NOW)
    otto = await a_session(token, name="Otto", email="otto@example.com")
    assert otto.visitor_id != vera.visitor_id
    assert (await record(otto)).user_id is None
    again = await a_session(vera.token, email="vera.lind@example.com")
    assert again.visitor_id == vera.visitor_id


async def test_browsers_of_a_record_that_a_user_is_merged_into_are_not_signed_in() -> None:
    secret, ana = await a_secret(), await a_member()
    known = await a_known_vera(ana)
    user = await a_session(user_id="42", secret=secret, email=VERA)
    await an_active_chat(ana, await devices.device(user.token))
    await merging.merge(user.visitor_id, known.visitor_id, member=ana, now=NOW)
    assert (await views.visitor(ana, known.visitor_id)).is_signed_in is True
    signed = {row.id: row.user_id for row in await rows_of(DeviceRow)}
    assert signed == {known.device.id: None, user.device_id: "42"}
    await an_active_chat(ana, known.device, now=later(60))
    assert (await views.visitor(ana, known.visitor_id)).is_signed_in is False


async def test_a_proved_address_takes_a_browser_out_of_another_users_name() -> None:
    secret, ana = await a_secret(), await a_member()
    await a_known_vera(ana)
    user = await a_session(user_id="42", secret=secret)
    moved = await a_session(user.token, secret=secret, email=VERA, address_too=True)
    (browser,) = await rows_of(DeviceRow, id=moved.device_id)
    assert (browser.visitor_id != user.visitor_id, browser.user_id, moved.visitor_id) == (
        True, None, browser.visitor_id,
    )  # fmt: skip
    (kept,) = await rows_of(DeviceRow, id=user.device_id)
    assert (kept.visitor_id, kept.user_id, moved.token != user.token) == (user.visitor_id, "42", True)


@pytest.mark.parametrize("known", [{"user_id": "42"}, {"user_id": "42", "email": VERA}, {"email": VERA}], ids=str)
@pytest.mark.parametrize("email", ["", VERA, "eve@example.com"], ids=["no address", "hers", "another"])
async def test_signing_in_with_an_account_of_ones_own_tells_nothing_of_a_merge(
    known: dict[str, str], email: str
) -> None:
    secret, ana = await a_secret(), await a_member(capacity=10)
    vera = await a_device("Vera Lind", **{"email": None, "said_email": VERA} | known)
    await a_chat(agent=ana, state="ended", device=vera)
    outcomes = []
    for number, is_merged in enumerate((False, True)):
        token, claimant, chat_id = await a_claimant(ana, "Eve")
        if is_merged:
            await merging.merge(claimant, vera.visitor_id, member=ana, now=NOW)
        after = await a_session(token, user_id=f"eve{number}", secret=secret, email=email)
        outcomes.append(
            (after.token == token, after.visitor_id == claimant, after.open_conversation == chat_id, after.name,
             after.email, after.is_another_person)
        )  # fmt: skip
    assert outcomes[0] == outcomes[1]


async def confirmed(ana: Member, mia: Member, chat_id: str) -> set[bool]:
    """What each place says of a past chat's address."""
    (row,) = [one for one in (await views.history(mia)).items if one.id == chat_id]
    page, _ = await keeping.past_page(None, limit=50)
    (kept,) = [one["visitor"] for one in page if one["id"] == chat_id]
    return {row.email_confirmed, (await views.transcript(mia, chat_id)).email_confirmed, kept["email_confirmed"]}


async def test_a_merge_proves_the_address_in_no_chat_of_the_claimant_until_the_claimant_does() -> None:
    secret, ana = await a_secret(), await a_member(capacity=10)
    mia = await a_member("Mia", role=Role.MANAGER, is_present=False)
    known = await a_known_vera(ana)
    token, claimant, first = await a_claimant(ana, "Eve")
    await conversations.end(first, member=ana, now=NOW)
    await merging.merge(claimant, known.visitor_id, member=ana, now=NOW)
    second = await an_active_chat(ana, await devices.device(token), name="Eve", email=VERA)
    await conversations.end(second, member=ana, now=NOW)

    assert [await confirmed(ana, mia, one) for one in (known.id, first, second)] == [{True}, {False}, {False}]

    await a_session(token, email=VERA, secret=secret, address_too=True)
    third = await an_active_chat(ana, await devices.device(token), email=VERA)
    await conversations.end(third, member=ana, now=NOW)
    assert [await confirmed(ana, mia, one) for one in (first, second, third)] == [{True}] * 3


async def test_who_is_merged_and_leaves_a_message_or_books_is_still_a_claimant() -> None:
    ana, known = await a_member(), await a_meeting()
    async with unit_of_work() as session:
        chat = await session.get_one(keeping.C, known.chat.id)
        chat.merged_by_agent, chat.state, chat.ended_at = True, "missed", NOW
        session.add(
            OfflineMessageRow(
                id="1", visitor_id=chat.visitor_id, conversation_id=chat.id, text="Call me", email=VERA, at=NOW
            )
        )
    (line,), (meeting,) = await views.missed(ana, now=NOW), (await views.meetings(known.agent, now=NOW)).items
    (kept,), _ = await keeping.past_page(None, limit=9)
    assert (line.email, line.email_confirmed, meeting.email_confirmed) == (VERA, False, False)
    assert [one["email_confirmed"] for one in kept["meetings"]] == [False]


async def test_a_proof_by_one_of_two_merged_claimants_confirms_nothing_of_the_other() -> None:
    secret, ana = await a_secret(), await a_member(capacity=10)
    mia = await a_member("Mia", role=Role.MANAGER, is_present=False)
    eve, first, chat_of_eve = await a_claimant(ana, "Eve")
    await conversations.end(chat_of_eve, member=ana, now=NOW)
    vera, second, chat_of_vera = await a_claimant(ana, "Vera")
    await conversations.end(chat_of_vera, member=ana, now=NOW)
    await merging.merge(second, first, member=ana, now=NOW)

    await a_session(vera, email=VERA, secret=secret, address_too=True)

    later = await an_active_chat(ana, await devices.device(eve), email=VERA)
    await conversations.end(later, member=ana, now=NOW)
    said = [await confirmed(ana, mia, one) for one in (chat_of_vera, chat_of_eve, later)]
    assert said == [{True}, {False}, {False}]


async def test_a_merged_chats_visitor_can_be_asked_to_confirm_and_an_agent_can_vouch_beside_it(
    settings_with: Callable[..., Settings],
) -> None:
    settings_with(smtp_url="smtp://127.0.0.1:9")
    ana = await a_member(capacity=10)
    known = await a_known_vera(ana)
    token, claimant, chat_id = await a_claimant(ana, "Eve")
    device = await devices.device(token)
    await merging.merge(claimant, known.visitor_id, member=ana, now=NOW)
    shown = await views.visitor(ana, known.visitor_id, chat_id)
    assert (shown.is_email_confirmed, shown.can_send_link) == (False, True)
    async with unit_of_work() as session:
        link = await address_proof.token_for_chat(session, chat_id, VERA, now=NOW)
    await address_proof.confirm(link, device=device, now=NOW)
    assert (await views.visitor(ana, known.visitor_id, chat_id)).is_email_confirmed

    _, claimant, other = await a_claimant(ana, "Eve")
    await merging.merge(claimant, known.visitor_id, member=ana, now=NOW)
    changes = {"email": "v.lind@example.com"}
    await visitors.correct_all(known.visitor_id, changes, other, member=ana, now=NOW)
    assert (await views.visitor(ana, known.visitor_id, other)).is_email_confirmed
