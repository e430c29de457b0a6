"""A link sent to an address proves it, in the browser that claimed it (PRODUCT 6.4)."""

from datetime import timedelta

import pytest

from inbox_app.data.engine import reading_session
from inbox_app.data.tables import AuditRow, ConversationRow, MeetingRow, VisitorRow
from inbox_app.domain.errors import NotAllowed, NotFound
from inbox_app.domain.people import Device
from inbox_app.services import address_proof
from inbox_app.services.meeting_links import token_of
from tests.data.builders import NOW, a_chat, a_device, a_member, rows_of
from tests.services.booking_builders import a_meeting, a_share, at

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"


async def a_mailed_token(device: Device, email: str = VERA) -> str:
    """This browser has booked under this address, and the mail is out."""
    ana = await a_member()
    share = await a_share(ana, device=device)
    await a_meeting(share, at(10), email=email, name="V")
    (meeting,) = await rows_of(MeetingRow)
    (visitor,) = await rows_of(VisitorRow, id=meeting.visitor_id)
    async with reading_session() as session:
        return await address_proof.token_for(session, meeting, visitor, now=NOW)


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
    assert names == {known.id: "", device.id: "Bob"}  # empty: the record's


async def test_opened_elsewhere_it_proves_nothing() -> None:
    """A stranger books under her address; she opens the mail, in her own browser."""
    eve, vera = await a_device("Eve"), await a_device("Vera")
    token = await a_mailed_token(eve)
    with pytest.raises(NotAllowed):
        await address_proof.confirm(token, device=vera, now=NOW)
    assert {row.email for row in await rows_of(VisitorRow)} == {None}


async def test_the_token_of_the_meetings_link_is_no_proof() -> None:
    """The API returns that one to whoever books."""
    device = await a_device("Eve")
    await a_mailed_token(device)
    (meeting,) = await rows_of(MeetingRow)
    for token in (token_of(meeting.id, now=NOW), "", "x", "\ud83d"):
        with pytest.raises(NotFound):
            await address_proof.confirm(token, device=device, now=NOW)


async def test_it_ends_after_30_days() -> None:
    device = await a_device("V")
    token = await a_mailed_token(device)
    with pytest.raises(NotFound):
        await address_proof.confirm(token, device=device, now=NOW + timedelta(days=31))


async def test_a_known_address_needs_no_proof() -> None:
    assert await a_mailed_token(await a_device("Vera", email=VERA)) == ""
