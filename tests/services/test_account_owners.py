"""Accounts that have an owner, who is asked first, and their import from a spreadsheet (PRODUCT 3.2)."""

import pytest

from inbox_app.data.tables import AccountRow
from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.people import Member
from inbox_app.services import availability, offers, routing_admin
from tests.data.builders import NOW, a_member, rows_of
from tests.services.builders import a_busy_member, a_request, an_admin, later, ringing, state_of
from tests.services.routing_builders import HEADER, a_rule, asked_for

pytestmark = pytest.mark.usefixtures("database")


async def with_accounts(root: Member, *lines: str) -> None:
    await routing_admin.write_accounts(HEADER + "\n".join(lines), member=root, now=NOW)


async def test_the_owner_of_an_account_is_asked_first_by_domain_and_by_company() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    await with_accounts(root, f"Acme,acme.com,{ben.email}")
    assert await asked_for("v@ACME.com", ana, ben) is ben
    assert await asked_for("v@example.com", ana, ben, company=" acme ") is ben
    assert await asked_for("v@example.org", ana, ben) is ana


async def test_the_owner_comes_before_the_rules() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    await a_rule(root, ana)
    await with_accounts(root, f",exemple.fr,{ben.email}")
    assert await asked_for("v@exemple.fr", ana, ben) is ben


async def test_when_the_owner_cannot_come_the_rules_decide() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    await with_accounts(root, f",exemple.fr,{ben.email}")
    await availability.set_available(False, member=ben, now=NOW)
    assert await asked_for("v@exemple.fr", ana, ben) is ana


async def test_when_the_owner_declines_the_others_are_asked() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    await with_accounts(root, f",exemple.fr,{ben.email}")
    chat_id = await a_request(email="v@exemple.fr")
    _, offer_id = await ringing(chat_id, ben)
    await offers.decline(offer_id, member=ben, now=later(5))
    assert (await ringing(chat_id, ana, ben))[0] is ana


async def test_of_two_accounts_that_fit_the_owner_who_is_there_is_asked() -> None:
    root, ana, ben, cleo = await an_admin(), await a_member("Ana"), await a_member("Ben"), await a_member("Cleo")
    await with_accounts(root, f"Acme,,{ben.email}", f"Zeta,exemple.fr,{cleo.email}")
    await availability.set_available(False, member=ben, now=NOW)
    assert await asked_for("v@exemple.fr", ana, ben, cleo, company="Acme") is cleo


async def test_nobody_waits_for_an_owner_who_will_not_be_asked() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana", is_present=False), await a_member("Ben")
    await a_rule(root, ana)
    await with_accounts(root, f"Acme,,{ana.email}", f"Zeta,exemple.fr,{ben.email}")
    assert await state_of(await a_request(email="v@exemple.fr", company="Acme")) == "offered"


async def test_good_lines_are_shown_and_bad_ones_named_before_anything_is_written() -> None:
    root, ana = await an_admin(), await a_member("Ana")
    lines = [
        f"Acme,acme.com,{ana.email}", f"Beta,,{ana.email.upper()}", f",@Gamma.io,{ana.email}", f",,{ana.email}",
        "Delta,delta.io,nobody@example.com", f"Epsilon,no domain,{ana.email}", f"Acme,acme.com,{ana.email}", "Eta",
        f"{'x' * 121},,{ana.email}", f"Zeta,zeta.io,{ana.email},more", f"ACME,ACME.com,{ana.email}",
    ]  # fmt: skip
    found = await routing_admin.read_accounts(HEADER + "\n".join(lines), member=root)
    assert [row[:2] for row in found.good] == [("Acme", "acme.com"), ("Beta", ""), ("", "gamma.io")]
    assert [row.line for row in found.bad] == [5, 6, 7, 8, 9, 10, 11, 12]
    assert all(row.reason for row in found.bad)
    assert await rows_of(AccountRow) == []


async def test_only_the_good_lines_are_written_and_a_second_import_gives_the_new_owner() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    await with_accounts(root, f"Acme,acme.com,{ana.email}", "Bad,,nobody@example.com")
    await with_accounts(root, f"ACME,acme.com,{ben.email}")
    (row,) = await rows_of(AccountRow)
    assert (row.domain, row.owner_id) == ("acme.com", ben.id)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
async def test_files_of_all_spreadsheets_are_read(separator: str) -> None:
    root, ana = await an_admin(), await a_member("Ana")
    text = f"\ufeffDomain,Company,Owner\r\nacme.com,Acme,{ana.email}\r\n".replace(",", separator)
    assert (await routing_admin.read_accounts(text, member=root)).good == [("Acme", "acme.com", ana.email)]


@pytest.mark.parametrize("text", ["", "\n", "company,owner\n", "Acme,acme.com,ana@example.com\n", "\x00", '"'])
async def test_a_file_without_its_columns_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await routing_admin.read_accounts(text, member=await an_admin())
    assert refused.value.field == "file"


async def test_an_import_applies_to_waiting_visitors() -> None:
    root, ana, busy = await an_admin(), await a_member("Ana"), await a_busy_member()
    await a_rule(root, busy)
    chat_id = await a_request(email="v@exemple.fr")
    await with_accounts(root, f",exemple.fr,{ana.email}")
    assert (await ringing(chat_id, ana))[0] is ana
