"""An agent merges a claimant with the record that has the address (PRODUCT 6.4)."""

import pytest

from inbox_app.data import views
from inbox_app.data.tables import AuditRow, ConversationRow, DeviceRow, VisitorRow
from inbox_app.domain.errors import Conflict, NotAllowed, NotFound
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Member, Role
from inbox_app.services import devices, merging, visitors
from inbox_app.services.visitors import Surroundings
from tests.data.builders import NOW, Chat, a_chat, a_device, a_member, rows_of
from tests.services.builders import an_active_chat, listening, told

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
