"""A domain typed as `xn--…` and in Unicode is one domain, also in what earlier versions stored as it was typed."""

import pytest

from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import AccountRow, MemberRow, RuleRow
from inbox_app.domain.errors import Conflict
from inbox_app.domain.people import Role
from inbox_app.services import invitations, people, routing_admin, sign_in
from tests.data.builders import NOW, PASSWORD, a_device, a_member, rows_of
from tests.services.builders import a_request, an_admin, ringing

pytestmark = pytest.mark.usefixtures("database")
UNICODE, ASCII = "münchen.example", "xn--mnchen-3ya.example"
DOMAINS = (UNICODE, ASCII, "MÜNCHEN.example", "XN--MNCHEN-3YA.Example")
CONDITIONS = {
    "email_domain is": ("email_domain", "is", "mail.{domain}"),
    "email_domain one_of": ("email_domain", "one_of", "mail.{domain}"),
    "email_domain ends_with": ("email_domain", "ends_with", ".{domain}"),
    "email is": ("email", "is", "vera@mail.{domain}"),
    "email ends_with": ("email", "ends_with", "@mail.{domain}"),
    "email ends_with a domain": ("email", "ends_with", ".{domain}"),
    "email contains": ("email", "contains", "@mail.{domain}"),
}
stored_and_typed = pytest.mark.parametrize("typed", DOMAINS)
stored_in = pytest.mark.parametrize("stored", [UNICODE, ASCII])


@stored_in
@stored_and_typed
async def test_a_member_is_one_person(stored: str, typed: str) -> None:
    root, vera = await an_admin(), await a_member("Vera", email=f"vera@{stored}")
    token = await sign_in.sign_in(f"Vera@{typed}", PASSWORD, now=NOW)
    assert (await sign_in.member_of(token, now=NOW)).id == vera.id
    with pytest.raises(Conflict):
        await people.add(email=f"vera@{typed}", name="Vera", role="agent", password=PASSWORD, now=NOW)
    with pytest.raises(Conflict):
        await invitations.invite(email=f"vera@{typed}", name="Vera", role="agent", by=root, now=NOW)
    await people.disable(f"vera@{typed}", now=NOW)
    disabled = {row.id: row.disabled_at for row in await rows_of(MemberRow)}
    assert disabled == {root.id: None, vera.id: NOW}


@stored_in
@stored_and_typed
async def test_an_account_is_one(stored: str, typed: str) -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben", email=f"ben@{stored}")
    async with unit_of_work() as session:
        session.add(AccountRow(id="1", name="", domain=stored, owner_id=ana.id))

    found = await routing_admin.write_accounts(f"company,domain,owner\n,{typed},ben@{typed}\n", member=root, now=NOW)

    assert found.bad == []
    assert [row.owner_id for row in await rows_of(AccountRow)] == [ben.id]
    for said in (UNICODE, ASCII):
        chat_id = await a_request(await a_device(email=None, said_email=f"v-{said}@{said}"))
        assert (await ringing(chat_id, ana, ben))[0] is ben


async def test_both_spellings_in_one_file_are_one_account() -> None:
    root, ana = await an_admin(), await a_member()
    text = "company,domain,owner\n" + "".join(f",{domain},{ana.email}\n" for domain in DOMAINS)
    found = await routing_admin.read_accounts(text, member=root)
    assert (found.good, [row.line for row in found.bad]) == ([("", UNICODE, ana.email)], [3, 4, 5])


@pytest.mark.parametrize("condition", CONDITIONS)
@stored_and_typed
async def test_a_rule_fits_in_either_spelling(condition: str, typed: str) -> None:
    attribute, operator, value = CONDITIONS[condition]
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    wanted = {"attribute": attribute, "operator": operator, "value": value.format(domain=typed)}
    async with unit_of_work() as session:  # as an earlier version stored it
        session.add(RuleRow(id="1", name="Munich", priority=1, agent_ids=[ben.id], conditions=[
            {"attribute": attribute, "operator": operator, "values": [wanted["value"]]}
        ]))  # fmt: skip
    for said in (UNICODE, ASCII):
        chat_id = await a_request(await a_device(email=f"vera@mail.{said}"))
        assert (await ringing(chat_id, ana, ben))[0] is ben
        simulated = await routing_admin.simulate({"email": f"vera@mail.{said}"}, member=root, now=NOW)
        assert simulated["agent"]["id"] == ben.id
        simulated = await routing_admin.simulate({"email_domain": f"mail.{said}"}, member=root, now=NOW)
        assert (simulated["agent"]["id"] == ben.id) is (attribute == "email_domain")


@stored_in
@pytest.mark.parametrize("typed", [UNICODE, ASCII])
async def test_a_search_finds_both(stored: str, typed: str) -> None:
    mia = await a_member("Mia", role=Role.MANAGER)
    await a_request(await a_device(email=f"vera@{stored}"))
    found = await views.history(mia, query=f"vera@{typed}")
    assert len(found.items) == 1
