"""Who is asked next (PRODUCT 3.2): strict and fair over those who can take one more chat."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_app.domain.conditions import ADDRESS, DETAILS, Condition, Operator, attributes_of, condition_from
from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.routing import (
    ON_CLAIM,
    Account,
    Candidate,
    Policy,
    Rule,
    WhyKind,
    could_come,
    decide,
    next_agent,
)
from tests.domain.builders import a_candidate

TO_ABSENT = Policy(offers_to_absent=True)
NAMES = ["ana", "ben", "cleo", "dan", "eva"]
flags = st.lists(st.booleans(), min_size=5, max_size=5)
candidate = st.builds(
    a_candidate,
    st.sampled_from(NAMES),
    is_available=st.booleans(),
    is_present=st.booleans(),
    load=st.integers(0, 6),
    capacity=st.integers(1, 6),
    turn=st.integers(0, 9),
)
candidates = st.lists(candidate, max_size=5, unique_by=lambda one: one.agent_id)
tried = st.frozensets(st.sampled_from(NAMES))


def asked_in_turn(team: list[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """Ask one and move them to the end of the rotation, as `offers.add` does."""
    choice = next_agent(team, tried=frozenset())
    assert choice is not None
    last = max(one.turn for one in team) + 1
    return choice, [replace(one, turn=last) if one.agent_id == choice.agent_id else one for one in team]


def test_everyone_is_asked_once_before_anyone_is_asked_again() -> None:
    team, asked = [a_candidate(name) for name in NAMES], []
    for _ in range(15):
        choice, team = asked_in_turn(team)
        asked.append(choice.agent_id)
    assert asked == NAMES * 3


@given(st.lists(flags.filter(any), min_size=1, max_size=40))
def test_whoever_is_asked_was_asked_longest_ago_of_those_who_are_available(days: list[list[bool]]) -> None:
    team, log = [a_candidate(name) for name in NAMES], []
    for available in days:
        team = [replace(one, is_available=there) for one, there in zip(team, available, strict=True)]
        choice, team = asked_in_turn(team)
        last = {name: max((at for at, who in enumerate(log) if who == name), default=-1) for name in NAMES}
        there = [one.agent_id for one in team if one.is_available]
        assert last[choice.agent_id] == min(last[name] for name in there)
        log.append(choice.agent_id)


@given(st.lists(flags.filter(any), min_size=5, max_size=40))
def test_two_agents_who_were_always_available_differ_by_one_chat_at_most(days: list[list[bool]]) -> None:
    team, counts = [a_candidate(name) for name in NAMES], dict.fromkeys(NAMES, 0)
    for others in days:
        available = [True, True, *others[2:]]
        team = [replace(one, is_available=there) for one, there in zip(team, available, strict=True)]
        choice, team = asked_in_turn(team)
        counts[choice.agent_id] += 1
    assert abs(counts["ana"] - counts["ben"]) <= 1


@given(candidates, tried)
def test_nobody_is_asked_who_cannot_take_it(team: list[Candidate], asked: frozenset[str]) -> None:
    choice = next_agent(team, tried=asked)
    if choice is not None:
        assert choice.is_available
        assert choice.load < choice.capacity
        assert choice.agent_id not in asked


@given(candidates, tried)
def test_someone_is_asked_if_anyone_can_take_it(team: list[Candidate], asked: frozenset[str]) -> None:
    fit = [one for one in team if one.is_available and one.load < one.capacity and one.agent_id not in asked]
    present = [one for one in fit if one.is_present]
    assert (next_agent(team, tried=asked) is not None) is bool(present)
    assert (next_agent(team, tried=asked, policy=TO_ABSENT) is not None) is bool(fit)


@given(candidates)
def test_the_absent_are_asked_only_by_the_setting_and_after_the_present(team: list[Candidate]) -> None:
    assert (found := next_agent(team, tried=frozenset())) is None or found.is_present
    choice = next_agent(team, tried=frozenset(), policy=TO_ABSENT)
    if choice is not None and not choice.is_present:
        assert not any(one.is_available and one.has_room and one.is_present for one in team)


@given(candidates, tried, st.randoms())
def test_the_order_of_the_list_decides_nothing(team: list[Candidate], asked: frozenset[str], random: object) -> None:
    shuffled = sorted(team, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert next_agent(shuffled, tried=asked) == next_agent(team, tried=asked)


def test_a_busy_agent_is_worth_waiting_for() -> None:
    assert could_come({}, [a_candidate(load=5)], Policy(), tried=frozenset())


def test_nobody_waits_for_agents_who_are_off_away_or_were_asked() -> None:
    team = [a_candidate("ana", is_available=False), a_candidate("ben"), a_candidate("cleo", is_present=False)]
    assert not could_come({}, team, Policy(), tried={"ben"})


FRENCH = Rule("r1", "French", 10, (Condition("email", Operator.ENDS_WITH, (".fr",)),), frozenset({"ben"}))
BUYERS = Rule("r2", "Buyers", 20, (Condition("page_url", Operator.CONTAINS, ("pricing",)),), frozenset({"cleo", "dan"}))
ACME = Account("Acme", "acme.com", "eva")
EVERYTHING = Policy(accounts=(ACME,), rules=(BUYERS, FRENCH))
TEAM = [a_candidate(name) for name in NAMES]


@pytest.mark.parametrize(
    ("visitor", "agent", "why"),
    [
        ({}, "ana", "It is your turn: everyone who is available takes turns."),
        ({"email": "jo@acme.com"}, "eva", "You own the account Acme."),
        ({"company": "ACME"}, "eva", "You own the account Acme."),
        ({"email": "jo@site.fr"}, "ben", "The rule “French” fits this visitor, and it is your turn."),
        ({"page_url": "https://x/pricing"}, "cleo", "The rule “Buyers” fits this visitor, and it is your turn."),
        (
            {"email": "jo@site.fr", "page_url": "/pricing"},
            "ben",
            "The rule “French” fits this visitor, and it is your turn.",
        ),
    ],
)
def test_the_account_comes_first_then_the_first_rule_then_everyone(
    visitor: dict[str, str], agent: str, why: str
) -> None:
    decision = decide(attributes_of(visitor), TEAM, EVERYTHING)

    assert decision.agent is not None
    assert (decision.agent.agent_id, str(decision.why)) == (agent, why)


def test_an_owner_who_cannot_come_leaves_the_visitor_to_the_rules() -> None:
    team = [replace(one, is_available=one.agent_id != "eva") for one in TEAM]

    decision = decide(attributes_of({"email": "jo@acme.com", "page_url": "/pricing"}), team, EVERYTHING)

    assert decision.agent is not None
    assert decision.agent.agent_id == "cleo"


def test_a_rule_keeps_to_its_pool_while_that_is_busy() -> None:
    team = [replace(one, load=5) if one.agent_id == "ben" else one for one in TEAM]
    visitor = attributes_of({"email": "jo@site.fr"})

    assert decide(visitor, team, EVERYTHING).agent is None
    assert could_come(visitor, team, EVERYTHING, tried=frozenset())


def test_a_rule_whose_agents_are_all_disabled_is_passed_over() -> None:
    team = [one for one in TEAM if one.agent_id != "ben"]

    decision = decide(attributes_of({"email": "jo@site.fr"}), team, EVERYTHING, explains=True)

    assert decision.why.kind is WhyKind.TURN
    assert "Rule French: fits, but has no enabled agent." in [str(step) for step in decision.steps]


@pytest.mark.parametrize(
    ("operator", "values", "actual", "holds"),
    [
        ("is", ["DE"], "de", True), ("is", ["de"], "", False), ("is_not", ["de"], "", True),
        ("is_not", ["de"], "DE", False),
        ("contains", ["shop"], "https://SHOP.example", True), ("starts_with", ["https"], "http://x", False),
        ("ends_with", [".fr", ".be"], "a@b.be", True), ("one_of", ["a", "b"], "B", True), ("is_known", [], "x", True),
        ("is_known", [], " ", False),
    ],
)  # fmt: skip
def test_conditions_compare_without_case(operator: str, values: list[str], actual: str, holds: bool) -> None:
    condition = condition_from({"attribute": "country", "operator": operator, "values": values}, "conditions.0")

    assert condition.holds({"country": actual}) is holds


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("x", "c"), ({"attribute": "shoe", "operator": "is", "value": "42"}, "c.attribute"),
        ({"attribute": "email", "operator": "like", "value": "a"}, "c.operator"),
        ({"attribute": "email", "operator": "is", "value": " "}, "c.value"),
    ],
)  # fmt: skip
def test_conditions_that_cannot_be_are_refused_by_name(value: object, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        condition_from(value, "c")

    assert refused.value.field == field


visitors = st.fixed_dictionaries({"company": st.sampled_from(["", "Acme", "zeta"]), "email": st.sampled_from(
    ["", "v@acme.com", "v@exemple.fr"])}).map(attributes_of)  # fmt: skip
accounts = st.builds(
    Account, name=st.sampled_from(["", "Acme", "Zeta"]), domain=st.sampled_from(["", "acme.com"]),
    owner_id=st.sampled_from(NAMES),
)  # fmt: skip
rules = st.builds(
    Rule, id=st.sampled_from("123"), name=st.just("r"), priority=st.integers(0, 3),
    conditions=st.sampled_from([(Condition("company", Operator.IS_KNOWN),),
                                (Condition("email_domain", Operator.IS, ("exemple.fr",)),)]),
    agents=st.frozensets(st.sampled_from(NAMES), max_size=3),
)  # fmt: skip
policies = st.builds(
    Policy, accounts=st.lists(accounts, max_size=3).map(tuple), rules=st.lists(rules, max_size=3).map(tuple),
    offers_to_absent=st.booleans(),
)  # fmt: skip


@given(visitors, candidates, policies, tried)
def test_waiting_makes_sense_exactly_when_somebody_would_be_asked_if_nobody_were_busy(
    visitor: dict[str, str], team: list[Candidate], policy: Policy, asked: frozenset[str]
) -> None:
    idle = [replace(one, load=0) for one in team]
    would_be = decide(visitor, idle, policy, tried=asked).agent
    assert could_come(visitor, team, policy, tried=asked) is (would_be is not None)


@given(visitors, candidates, policies, tried)
def test_the_order_in_which_agents_are_read_changes_nothing(
    visitor: dict[str, str], team: list[Candidate], policy: Policy, asked: frozenset[str]
) -> None:
    one = decide(visitor, team, policy, tried=asked)
    assert decide(visitor, team[::-1], policy, tried=asked) == one


@given(visitors, candidates, policies, tried)
def test_who_is_asked_is_an_owner_or_of_the_pool_and_could_take_it(
    visitor: dict[str, str], team: list[Candidate], policy: Policy, asked: frozenset[str]
) -> None:
    decision = decide(visitor, team, policy, tried=asked)
    if decision.agent is not None:
        assert decision.agent.agent_id in decision.pool - asked
        assert decision.agent.has_room
        assert decision.agent.is_available
        assert decision.agent.is_present or policy.offers_to_absent


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({"is_present": False}, False),
        ({"is_present": False, "is_expected": True}, True),
        ({"is_present": False, "is_expected": True, "load": 5}, True),
        ({"is_present": False, "is_expected": True, "is_available": False}, False),
    ],
)
def test_a_visitor_waits_for_an_agent_who_has_just_dropped_but_nobody_is_asked(
    changes: dict[str, Any], waits: bool
) -> None:
    team = [a_candidate("ana", **changes)]
    assert could_come({}, team, Policy(), tried=frozenset(), counts_expected=True) is waits
    assert not could_come({}, team, Policy(), tried=frozenset())
    assert not could_come({}, team, Policy(), tried={"ana"}, counts_expected=True)
    assert decide({}, team, Policy()).agent is None


@pytest.mark.parametrize(
    ("visitor", "claimed", "on_claim"),
    [
        ({"email": "jo@acme.com"}, ADDRESS, True),
        ({"email": "jo@acme.com"}, DETAILS, False),
        ({"company": "Acme"}, DETAILS, True),
        ({"company": "Acme"}, ADDRESS, False),
        ({"email": "jo@acme.com", "company": "Acme"}, DETAILS, False),  # the address alone is enough
        ({"email": "jo@acme.com", "company": "Acme"}, ADDRESS | DETAILS, True),
        ({"email": "jo@site.fr"}, ADDRESS, True),
        ({"page_url": "https://x/pricing"}, ADDRESS | DETAILS, False),
        ({"email": "jo@site.fr", "page_url": "/pricing"}, ADDRESS, True),
        ({}, ADDRESS | DETAILS, False),
    ],
)
def test_the_reason_says_when_it_is_based_on_a_claim(
    visitor: dict[str, str], claimed: frozenset[str], on_claim: bool
) -> None:
    why = decide(attributes_of(visitor), TEAM, EVERYTHING, claimed=claimed).why
    assert (why.on_claim, str(why).endswith(" " + ON_CLAIM)) == (on_claim, on_claim)
