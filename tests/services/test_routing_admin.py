"""Teams, rules and accounts (PRODUCT 3.2, 5.3): what is refused and by which field, and what is in force at once."""

from typing import Any

import pytest

from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import AccountRow, AuditRow, RuleRow, TeamRow
from inbox_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from inbox_app.domain.people import Member, Role
from inbox_app.services import chat_settings, offers, people, routing_admin
from tests.data.builders import NOW, a_device, a_member, rows_of
from tests.services.builders import a_busy_member, a_request, an_admin, listening, ringing, state_of, told_of
from tests.services.routing_builders import FRENCH, HEADER, a_rule, asked_for

pytestmark = pytest.mark.usefixtures("database")


async def a_team(root: Member, *agents: Member, name: str = "Paris", team_id: str | None = None) -> str:
    value = {"name": name, "agents": [one.id for one in agents]}
    return await routing_admin.save_team(value, team_id=team_id, member=root, now=NOW)


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


async def test_where_signatures_are_required_nothing_that_an_unproved_visitor_typed_before_is_believed() -> None:
    """The record still has it from before the switch, whatever an agent corrected in it since."""
    root, ana = await an_admin(), await a_member("Ana")
    async with unit_of_work() as session:
        session.add(AccountRow(id="1", name="Acme", domain="", owner_id=ana.id))
    typed: list[dict[str, Any]] = [{}, {"confirmed_by": "agent"}, {"said_email": "vera@acme.example"}]
    devices = [await a_device(company="Acme", **one) for one in typed]
    vouched = [await a_device(company="Acme", **one) for one in ({"email": "v@example.com"}, {"user_id": "42"})]
    await chat_settings.change({"identity_required": True}, member=root, now=NOW)
    chats = [await a_request(one) for one in (*devices, *vouched)]
    reasons = {offer.conversation_id: offer.why_kind for offer in await views.pending_offers(ana)}
    assert [reasons[one] for one in chats] == ["turn", "turn", "turn", "account", "account"]


@pytest.mark.parametrize(
    ("record", "on_claim"),
    [
        ({"company": "Acme"}, True),
        ({"said_email": "vera@acme.example"}, True),
        ({"email": "vera@acme.example"}, False),
        ({"company": "Acme", "user_id": "42"}, False),
    ],
)
async def test_a_reason_that_is_based_on_a_claim_says_so(record: dict[str, Any], on_claim: bool) -> None:
    ana = await a_member("Ana")
    async with unit_of_work() as session:
        session.add(AccountRow(id="1", name="Acme", domain="acme.example", owner_id=ana.id))
    device = await a_device(**record)
    async with listening(f"agent:{ana.id}") as changes:
        chat_id = await a_request(device)
        (live,) = await told_of("offer", changes)
    (offer,) = await views.pending_offers(ana)
    said = "You own the account Acme." + (" Based on visitor details that aren't confirmed." * on_claim)
    assert (offer.why, offer.why_on_claim, live["why"], live["why_on_claim"]) == (said, on_claim, said, on_claim)
    await offers.accept(offer.id, member=ana, now=NOW)
    assert (await views.conversation(ana, chat_id)).why == said


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
