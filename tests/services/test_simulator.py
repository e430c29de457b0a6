"""\"Who would get this visitor?\" (PRODUCT 5.3): exactly whom routing then asks, and nothing is changed by asking."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import SQLModel

from inbox_app.data.engine import reading, use_database
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Member
from inbox_app.domain.routing import ON_CLAIM
from inbox_app.services import availability, routing_admin
from tests.data.builders import NOW, a_member
from tests.databases import SqliteTemplate
from tests.services.builders import a_busy_member, a_request, an_admin, offers_of

KNOWN_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
NAMES = ("Ana", "Ben", "Cleo", "Dan")
ATTRIBUTES = {
    "email_domain": ("acme.com", "exemple.fr"),
    "company": ("Acme", "Zeta"),
    "job_title": ("CEO", "Buyer"),
    "name": ("Vera",),
}
visitors = st.fixed_dictionaries(
    {
        "email": st.sampled_from(["v@acme.com", "v@exemple.fr", "v@example.org"]),
        "company": st.sampled_from(["", *ATTRIBUTES["company"]]),
        "job_title": st.sampled_from(["", *ATTRIBUTES["job_title"]]),
    }
)
conditions = st.sampled_from(sorted(ATTRIBUTES)).flatmap(
    lambda name: st.fixed_dictionaries(
        {
            "attribute": st.just(name),
            "operator": st.sampled_from(["is", "is_not", "contains", "starts_with"]),
            "value": st.sampled_from(ATTRIBUTES[name]),
        }
    )
)
some_agents = st.sets(st.sampled_from(range(len(NAMES))), min_size=1)
rules = st.lists(st.tuples(st.integers(0, 5), st.lists(conditions, min_size=1, max_size=2), some_agents), max_size=3)
accounts = st.lists(
    st.tuples(st.sampled_from(["", "Acme", "Zeta"]), st.sampled_from(["acme.com", "exemple.fr"]), st.integers(0, 3)),
    max_size=3,
)


async def count_all() -> dict[str, int]:
    """How many rows each table has."""
    async with reading() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }


async def simulated(root: Member, **visitor: str) -> dict[str, Any]:
    return await routing_admin.simulate(visitor, member=root, now=NOW)


@pytest.mark.usefixtures("database")
async def test_a_simulation_changes_nothing() -> None:
    root, ana = await an_admin(), await a_member("Ana")
    rule = {"name": "All", "conditions": [{"attribute": "email", "operator": "is_known"}], "agents": [ana.id]}
    await routing_admin.save_rule(rule, member=root, now=NOW)
    before = await count_all()
    turns = [await simulated(root, email="v@acme.com") for _ in range(3)]
    assert [turn["agent"]["name"] for turn in turns] == ["Ana"] * 3
    assert turns[0] == turns[2]
    assert await count_all() == before


@pytest.mark.usefixtures("database")
async def test_the_reasons_name_each_step() -> None:
    root, ana, busy = await an_admin(), await a_member("Ana"), await a_busy_member("Busy")
    ben, _ = await a_member("Ben"), await a_member("Cleo", is_present=False)
    await availability.set_available(False, member=ben, now=NOW)
    await routing_admin.write_accounts(f"company,domain,owner\nAcme,,{busy.email}\n", member=root, now=NOW)
    found = await simulated(root, company="Acme")
    assert found["agent"] == {"id": ana.id, "name": "Ana"}
    assert found["steps"][0] == "Account Acme: its owner is Busy."
    assert {"Busy has 1 of 1 chats.", "Ben is unavailable.", "Cleo is not there."} <= set(found["steps"])


@pytest.mark.usefixtures("database")
async def test_nobody_is_an_answer_too() -> None:
    root, _ = await an_admin(), await a_member("Ana", is_present=False)
    found = await simulated(root, email="v@acme.com")
    assert (found["agent"], found["why"], found["pool"]) == (None, "", ["Ana"])


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("visitor", [{}, {"email": None}, {"email": ["x"]}, {"company": 5, "shoe": "42"}])
async def test_odd_attributes_are_taken_as_text(visitor: dict[str, Any]) -> None:
    root, ana = await an_admin(), await a_member("Ana")
    found = await routing_admin.simulate(visitor, member=root, now=NOW)
    assert found["agent"]["id"] == ana.id


@settings(max_examples=25, deadline=None, suppress_health_check=KNOWN_SLOW)
@given(visitors, rules, accounts, st.sets(st.integers(0, 3)), st.sets(st.integers(0, 3)))
async def test_routing_asks_whom_the_simulator_named(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory, visitor: dict[str, str],
    some_rules: list[Any], some_accounts: list[Any], unavailable: set[int], absent: set[int],
) -> None:  # fmt: skip
    await use_database(sqlite_template.copy(tmp_path_factory.mktemp("simulated")))
    root = await an_admin()
    team = [await a_member(name, is_present=n not in absent) for n, name in enumerate(NAMES)]
    for n in unavailable:
        await availability.set_available(False, member=team[n], now=NOW)
    for priority, asked, agents in some_rules:
        rule = {"name": "r", "priority": priority, "conditions": asked, "agents": [team[n].id for n in agents]}
        await routing_admin.save_rule(rule, member=root, now=NOW)
    lines = [f"{company},{domain},{team[owner].email}" for company, domain, owner in some_accounts]
    await routing_admin.write_accounts("company,domain,owner\n" + "\n".join(lines), member=root, now=NOW)

    found = await simulated(root, name="Vera", **visitor)
    await a_request(**vars(Claims(name="Vera", **visitor)))
    # What a simulated visitor says counts as proved; what this one said doesn't, and its agent is told.
    asked_now = [(member.id, offer.why.removesuffix(f" {ON_CLAIM}")) for member, offer in await offers_of(*team)]
    await use_database(None)
    assert asked_now == ([(found["agent"]["id"], found["why"])] if found["agent"] else [])
