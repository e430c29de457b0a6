"""Teams, rules and accounts (PRODUCT 3.2, 5.3): what is refused and by which field, and what is in force at once."""

from typing import Any

import pytest

from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import AccountRow, AuditRow, RuleRow, TeamRow
from inbox_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from inbox_app.domain.people import Member, Role
from inbox_app.services import availability, chat_settings, offers, people, routing_admin
from tests.data.builders import NOW, a_device, a_member, rows_of
from tests.services.builders import a_busy_member, a_request, an_admin, later, ringing, state_of

pytestmark = pytest.mark.usefixtures("database")
FRENCH = {"attribute": "email_domain", "operator": "is", "value": "exemple.fr"}
HEADER = "company,domain,owner\n"


async def a_rule(root: Member, *agents: Member, **changes: Any) -> str:
    """French addresses go to these agents."""
    value = {"name": "French", "priority": 10, "conditions": [FRENCH], "agents": [one.id for one in agents]}
    return await routing_admin.save_rule(value | changes, member=root, now=NOW)


async def a_team(root: Member, *agents: Member, name: str = "Paris", team_id: str | None = None) -> str:
    value = {"name": name, "agents": [one.id for one in agents]}
    return await routing_admin.save_team(value, team_id=team_id, member=root, now=NOW)


async def asked_for(email: str, *members: Member, company: str = "") -> Member:
    """At whom a visitor with this address rings."""
    return (await ringing(await a_request(email=email, company=company), *members))[0]


async def test_a_rule_that_fits_asks_its_agents_and_all_others_take_turns() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    await a_rule(root, ben)
    assert [await asked_for(f"v{n}@exemple.fr", ana, ben) for n in range(3)] == [ben] * 3
    assert await asked_for("v@example.com", ana, ben) is ana


async def test_where_signatures_are_required_only_a_proved_address_finds_the_owner_of_an_account() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    async with unit_of_work() as session:
        session.add(AccountRow(id="1", name="Acme", domain="acme.example", owner_id=ben.id))
    claims = [await a_request(await a_device(said_email="vera@acme.example"))]
    await chat_settings.change({"identity_required": True}, member=root, now=NOW)
    claims.append(await a_request(await a_device(said_email="vera@acme.example")))
    proved = await a_request(await a_device(email="vera@acme.example"))
    assert [(await ringing(one, ana, ben))[0] for one in (*claims, proved)] == [ben, ana, ben]


async def test_the_smallest_priority_is_asked_first() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    await a_rule(root, ana, priority=20)
    await a_rule(root, ben, priority=5)
    assert await asked_for("v@exemple.fr", ana, ben) is ben


async def test_a_rule_asks_the_members_its_team_has_now() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    team_id = await a_team(root, ana)
    await a_rule(root, team=team_id)
    assert await asked_for("v1@exemple.fr", ana, ben) is ana
    await a_team(root, ben, team_id=team_id)
    assert await asked_for("v2@exemple.fr", ana, ben) is ben


async def test_a_team_that_is_emptied_while_visitors_wait_leaves_them_to_everyone() -> None:
    root, ana, busy = await an_admin(), await a_member("Ana"), await a_busy_member()
    team_id = await a_team(root, busy)
    await a_rule(root, team=team_id)
    chat_id = await a_request(email="v@exemple.fr")
    assert await state_of(chat_id) == "waiting"
    await a_team(root, team_id=team_id)
    assert (await ringing(chat_id, ana))[0] is ana


async def test_a_team_that_is_removed_while_visitors_wait_leaves_them_to_everyone() -> None:
    root, ana, busy = await an_admin(), await a_member("Ana"), await a_busy_member()
    team_id = await a_team(root, busy)
    await a_rule(root, team=team_id)
    chat_id = await a_request(email="v@exemple.fr")
    await routing_admin.remove("team", team_id, member=root, now=NOW)
    assert (await ringing(chat_id, ana))[0] is ana
    assert [row.team_id for row in await rows_of(RuleRow)] == [None]


async def test_a_rule_whose_agents_are_all_disabled_is_passed_over() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    await a_rule(root, ben)
    await people.change(ben.id, {"is_disabled": True}, member=root, now=NOW)
    assert await asked_for("v@exemple.fr", ana, ben) is ana


async def test_it_is_missed_when_nobody_of_the_rule_is_there_although_others_are() -> None:
    root, _, ben = await an_admin(), await a_member("Ana"), await a_member("Ben", is_present=False)
    await a_rule(root, ben)
    assert await state_of(await a_request(email="v@exemple.fr")) == "missed"


async def test_a_rule_that_is_removed_is_no_longer_asked() -> None:
    root, ana, ben = await an_admin(), await a_member("Ana"), await a_member("Ben")
    rule_id = await a_rule(root, ben)
    await routing_admin.remove("rule", rule_id, member=root, now=NOW)
    assert await asked_for("v@exemple.fr", ana, ben) is ana


WRONG_RULES: dict[str, tuple[dict[str, Any], str]] = {
    "without a name": ({"name": " "}, "name"),
    "with a name too long": ({"name": "x" * 121}, "name"),
    "without a condition": ({"conditions": []}, "conditions"),
    "with conditions that are no list": ({"conditions": FRENCH}, "conditions"),
    "with a condition that is text": ({"conditions": ["French"]}, "conditions.0"),
    "with an unknown attribute": ({"conditions": [FRENCH, FRENCH | {"attribute": "shoe"}]}, "conditions.1.attribute"),
    "with an attribute that is a list": ({"conditions": [FRENCH | {"attribute": ["name"]}]}, "conditions.0.attribute"),
    "with an unknown operator": ({"conditions": [FRENCH | {"operator": "is like"}]}, "conditions.0.operator"),
    "with an operator that is a list": ({"conditions": [FRENCH | {"operator": ["is"]}]}, "conditions.0.operator"),
    "with nothing to compare with": ({"conditions": [FRENCH | {"value": "  "}]}, "conditions.0.value"),
    "with an empty list to compare with": ({"conditions": [FRENCH | {"value": []}]}, "conditions.0.value"),
    "with nobody to ask": ({"agents": []}, "agents"),
    "with agents that are no list": ({"agents": "ana"}, "agents"),
    "with an agent who is not there": ({"agents": ["nobody"]}, "agents"),
    "with an agent who is a number": ({"agents": [1]}, "agents"),
    "with an unknown team": ({"team": "nobody"}, "team"),
    "with a priority below 0": ({"priority": -1}, "priority"),
    "with a priority that is too large": ({"priority": 100_001}, "priority"),
    "with a priority that is a word": ({"priority": "high"}, "priority"),
    "with a priority that is true": ({"priority": True}, "priority"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_RULES)
async def test_a_wrong_rule_is_refused_by_field_and_not_stored(name: str) -> None:
    changes, field = WRONG_RULES[name]
    root, ana = await an_admin(), await a_member("Ana")
    with pytest.raises(InvalidInput) as refused:
        await a_rule(root, ana, **changes)
    assert refused.value.field == field
    assert await rows_of(RuleRow) == await rows_of(AuditRow) == []


async def test_neither_a_rule_nor_a_team_names_a_disabled_agent_or_a_manager() -> None:
    root, mia = await an_admin(), await a_member("Mia", role=Role.MANAGER)
    gone = await a_member("Gone", disabled_at=NOW)
    for member in (mia, gone):
        for act in (a_rule(root, member), a_team(root, member)):
            with pytest.raises(InvalidInput) as refused:
                await act
            assert refused.value.field == "agents"


async def test_two_teams_of_one_name_are_refused() -> None:
    root = await an_admin()
    await a_team(root)
    with pytest.raises(Conflict, match="of this name"):
        await a_team(root)
    other = await a_team(root, name="Lyon")
    with pytest.raises(Conflict):
        await a_team(root, team_id=other)
    assert sorted(row.name for row in await rows_of(TeamRow)) == ["Lyon", "Paris"]


@pytest.mark.parametrize("kind", ["team", "rule", "account"])
async def test_what_is_not_there_is_not_removed(kind: str) -> None:
    with pytest.raises(NotFound):
        await routing_admin.remove(kind, "nothing", member=await an_admin(), now=NOW)


async def test_what_is_not_there_is_not_changed() -> None:
    root, ana = await an_admin(), await a_member("Ana")
    rule = {"name": "French", "conditions": [FRENCH], "agents": [ana.id]}
    with pytest.raises(NotFound):
        await routing_admin.save_rule(rule, rule_id="nothing", member=root, now=NOW)
    with pytest.raises(NotFound):
        await a_team(root, team_id="nothing")


async def test_each_change_is_a_line_of_the_audit_log() -> None:
    root, ana = await an_admin(), await a_member("Ana")
    team_id = await a_team(root, ana)
    rule_id = await a_rule(root, ana)
    await routing_admin.write_accounts(f"{HEADER}Acme,,{ana.email}\n", member=root, now=NOW)
    await routing_admin.remove("rule", rule_id, member=root, now=NOW)
    lines = [(row.action, row.subject) for row in sorted(await rows_of(AuditRow), key=lambda row: row.id)]
    assert lines == [
        ("team.saved", team_id),
        ("rule.saved", rule_id),
        ("accounts.imported", ""),
        ("rule.removed", rule_id),
    ]


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
async def test_only_admins_touch_routing(role: Role) -> None:
    member = await a_member("Mia", role=role)
    acts = [
        routing_admin.teams(member), routing_admin.rules(member), routing_admin.accounts(member), a_team(member),
        a_rule(member), routing_admin.read_accounts(HEADER, member=member),
        routing_admin.simulate({}, member=member, now=NOW),
        routing_admin.write_accounts(HEADER, member=member, now=NOW),
        routing_admin.remove("rule", "x", member=member, now=NOW),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            await act


# Accounts


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


async def test_an_import_is_in_force_for_those_who_wait() -> None:
    root, ana, busy = await an_admin(), await a_member("Ana"), await a_busy_member()
    await a_rule(root, busy)
    chat_id = await a_request(email="v@exemple.fr")
    await with_accounts(root, f",exemple.fr,{ana.email}")
    assert (await ringing(chat_id, ana))[0] is ana
