"""A link sent to an address proves it for the browser that claimed it (PRODUCT 6.4)."""

import json
from datetime import datetime, timedelta

import pytest

from inbox_app.data.engine import reading_session
from inbox_app.data.tables import AuditRow, ConversationRow, DeviceRow, MeetingRow, VisitorRow
from inbox_app.domain.errors import Conflict, NotAllowed, NotFound
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Device
from inbox_app.sealing import seal
from inbox_app.services import address_proof, visitors
from inbox_app.services.address_proof import PURPOSE, Question
from inbox_app.services.meeting_links import token_of
from inbox_app.services.visitors import Surroundings
from tests.data.builders import NOW, a_chat, a_device, a_member, rows_of, set_row
from tests.services.booking_builders import a_meeting, a_share, at
from tests.services.builders import listening, told

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"


async def a_mailed_token(device: Device, email: str = VERA, name: str = "V") -> str:
    """This browser has booked under this address, and the mail is out."""
    ana = await a_member()
    share = await a_share(ana, device=device)
    booked = await a_meeting(share, at(10), email=email, name=name)
    return await token_of_mail(booked.id)


async def token_of_mail(meeting_id: str) -> str:
    """What a mail about this meeting carries now."""
    (meeting,) = await rows_of(MeetingRow, id=meeting_id)
    async with reading_session() as session:
        return await address_proof.token_for(session, meeting, now=NOW)


async def is_refused_everywhere(token: str, device: Device, *, now: datetime) -> None:
    for attempt in (
        address_proof.confirm(token, device=device, now=now),
        address_proof.question(token, now=now),
        address_proof.answer(token, "yes", now=now),
    ):
        with pytest.raises(NotFound):
            await attempt


async def addresses() -> set[str | None]:
    """All that are proved."""
    return {row.email for row in await rows_of(VisitorRow)}


async def test_opened_in_the_browser_that_booked_it_proves_the_address() -> None:
    device = await a_device("V")
    await address_proof.confirm(await a_mailed_token(device), device=device, now=NOW)
    (row,) = await rows_of(VisitorRow)
    assert (row.id, row.email, row.said_email, row.confirmed_by) == (device.visitor_id, VERA, "", "link")
    assert [line.subject for line in await rows_of(AuditRow, action="visitor.address_proved")] == [row.id]


async def test_it_leads_to_the_record_that_has_the_address_and_each_chat_keeps_its_name() -> None:
    ana, known, device = await a_member(), await a_device("Ann", email=VERA), await a_device("Bob")
    await a_chat(agent=ana, state="ended", device=known)
    await address_proof.confirm(await a_mailed_token(device), device=device, now=NOW)
    (row,) = await rows_of(VisitorRow)
    assert (row.id, row.name) == (known.visitor_id, "Ann")
    names = {one.device_id: one.said_name for one in await rows_of(ConversationRow, visitor_id=row.id)}
    assert names == {known.id: "Ann", device.id: "Bob"}


async def test_opened_elsewhere_it_proves_nothing() -> None:
    """A stranger books under her address; she opens the mail, in her own browser."""
    eve, vera = await a_device("Eve"), await a_device("Vera")
    token = await a_mailed_token(eve)
    with pytest.raises(NotAllowed):
        await address_proof.confirm(token, device=vera, now=NOW)
    assert await addresses() == {None}


async def test_elsewhere_the_question_has_the_facts_and_proves_nothing() -> None:
    device = await a_device("V")
    token = await a_mailed_token(device)
    await set_row(ConversationRow, {"page_url": "https://shop.example/shoes?size=38"}, device_id=device.id)
    expected = Question(VERA, "V", "shop.example", "2026-03-02T09:30:00.000Z")
    assert [await address_proof.question(token, now=NOW) for _ in range(2)] == [expected] * 2
    assert await addresses() == {None}


@pytest.mark.parametrize(
    "page", ["", "shop", "https://[oops/", "javascript:alert(1)", "https://a b.example/", "https://é.example/"]
)
async def test_a_page_without_a_plain_host_is_asked_about_as_the_inboxs_own(page: str) -> None:
    device = await a_device("V")
    token = await a_mailed_token(device)
    await set_row(ConversationRow, {"page_url": page}, device_id=device.id)
    assert (await address_proof.question(token, now=NOW)).site == "127.0.0.1"


async def test_a_visitor_without_a_name_is_asked_about_without_one() -> None:
    token = await a_mailed_token(await a_device(""), name="")
    assert (await address_proof.question(token, now=NOW)).name == ""


async def test_the_question_tells_nothing_of_a_record_with_the_address() -> None:
    await a_device("Vera Lind", email=VERA, company="Acme")
    token = await a_mailed_token(await a_device("Eve"), name="Eve")
    assert (await address_proof.question(token, now=NOW)).name == "Eve"


async def test_yes_proves_the_address_for_the_browser_that_chatted_and_its_agent_sees_it() -> None:
    device = await a_device("V")
    token = await a_mailed_token(device)
    async with listening(f"visitor:{device.visitor_id}") as changes:
        await address_proof.answer(token, "yes", now=NOW)
        assert "changed" in [event.kind for event in await told(changes)]
    (row,) = await rows_of(VisitorRow)
    assert (row.id, row.email, row.said_email, row.confirmed_by) == (device.visitor_id, VERA, "", "link")


async def test_yes_leads_to_the_record_that_has_the_address() -> None:
    known, device = await a_device("Ann", email=VERA), await a_device("Bob")
    await address_proof.answer(await a_mailed_token(device), "yes", now=NOW)
    assert {row.visitor_id for row in await rows_of(DeviceRow)} == {known.visitor_id}


async def test_no_leaves_the_claim_unproved_for_good() -> None:
    """Also by a later mail to the same address, and in the claimant's own browser."""
    device = await a_device("Eve")
    token = await a_mailed_token(device)
    other = await a_meeting(await a_share(await a_member("Ben"), device=device), at(11), email=VERA)
    later_token = await token_of_mail(other.id)
    assert later_token
    await address_proof.answer(token, "no", now=NOW)
    for mailed in (token, later_token):
        with pytest.raises(Conflict):
            await address_proof.question(mailed, now=NOW)
        with pytest.raises(Conflict):
            await address_proof.answer(mailed, "yes", now=NOW)
        with pytest.raises(Conflict):
            await address_proof.confirm(mailed, device=device, now=NOW)
    assert await token_of_mail(other.id) == ""
    assert await addresses() == {None}
    (line,) = await rows_of(AuditRow, action="visitor.address_denied")
    assert line.subject == device.visitor_id


async def test_no_binds_only_the_browser_that_was_denied() -> None:
    eve, vera = await a_device("Eve"), await a_device("Vera")
    await address_proof.answer(await a_mailed_token(eve), "no", now=NOW)
    await address_proof.answer(await a_mailed_token(vera), "yes", now=NOW)
    (row,) = await rows_of(VisitorRow, email=VERA)
    assert row.id == vera.visitor_id


async def test_the_same_answer_again_does_nothing_and_another_one_is_refused() -> None:
    token = await a_mailed_token(await a_device("V"))
    for _ in range(2):
        await address_proof.answer(token, "yes", now=NOW)
    with pytest.raises(Conflict):
        await address_proof.answer(token, "no", now=NOW)
    with pytest.raises(Conflict):
        await address_proof.question(token, now=NOW)
    assert len(await rows_of(AuditRow, action="visitor.address_proved")) == 1


async def test_a_link_that_was_answered_proves_nothing_again_after_an_agent_cleared_the_address() -> None:
    ana, device = await a_member(), await a_device("V")
    await a_chat(agent=ana, state="ended", device=device)
    token = await a_mailed_token(device)
    await address_proof.answer(token, "yes", now=NOW)
    await visitors.correct(device.visitor_id, field="email", value="", member=ana, now=NOW)
    await address_proof.answer(token, "yes", now=NOW)
    await address_proof.confirm(token, device=device, now=NOW)
    assert await addresses() == {None}


async def test_a_link_belongs_to_the_visitor_and_not_to_the_next_user_of_the_browser() -> None:
    session = await visitors.begin_session(None, Surroundings(), Claims(name="Vera", email=VERA), now=NOW)
    device = Device(session.device_id, session.visitor_id, "Vera", session.visitor_id)
    token = await a_mailed_token(device)
    otto = await visitors.begin_session(
        session.token, Surroundings(), Claims(name="Otto", email="otto@example.com"), now=NOW
    )
    assert otto.visitor_id != session.visitor_id
    for attempt in (
        address_proof.question(token, now=NOW),
        address_proof.answer(token, "yes", now=NOW),
        address_proof.confirm(token, device=device, now=NOW),
    ):
        with pytest.raises(NotFound):
            await attempt
    (browser,) = await rows_of(DeviceRow, id=device.id)
    assert (browser.visitor_id, await addresses()) == (otto.visitor_id, {None})


async def test_a_booking_for_a_colleague_carries_no_link_that_gives_the_browser_to_the_colleague() -> None:
    for known in ({"said_email": VERA}, {"email": VERA}, {"user_id": "42", "said_email": VERA}):
        device = await a_device("Vera", **known)
        assert await a_mailed_token(device, email="bob@example.com") == ""
        await set_row(VisitorRow, {"email": None, "said_email": "", "user_id": None}, id=device.visitor_id)


async def test_a_link_is_of_the_address_that_it_was_sent_to() -> None:
    device = await a_device("V")
    await a_mailed_token(device)
    (meeting,) = await rows_of(MeetingRow)
    token = seal(json.dumps([meeting.id, "otto@example.com"]), purpose=PURPOSE, now=NOW)
    with pytest.raises(NotFound):
        await address_proof.answer(token, "yes", now=NOW)


async def test_the_token_of_the_meetings_link_is_no_proof() -> None:
    """The API returns that one to whoever books."""
    device = await a_device("Eve")
    await a_mailed_token(device)
    (meeting,) = await rows_of(MeetingRow)
    older = seal(json.dumps([device.id, VERA]), purpose=PURPOSE, now=NOW)  # of a mail from before the question
    for token in (token_of(meeting.id, now=NOW), older, "", "x", "\ud83d"):
        await is_refused_everywhere(token, device, now=NOW)
    assert await addresses() == {None}


async def test_it_ends_after_30_days() -> None:
    device, late = await a_device("V"), NOW + timedelta(days=31)
    await is_refused_everywhere(await a_mailed_token(device), device, now=late)


async def test_a_known_address_needs_no_proof() -> None:
    assert await a_mailed_token(await a_device("Vera", email=VERA)) == ""
