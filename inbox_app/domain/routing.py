"""Who is asked (PRODUCT 3.2): the account's owner, then the first rule that fits, else everyone.

In each, strict round robin.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from inbox_app.domain.conditions import Condition, without
from inbox_app.domain.people import normal_domain

DEFAULT_CAPACITY: Final = 5  # PRODUCT 3.5


class WhyKind(StrEnum):
    """By what an agent came to be asked."""

    ACCOUNT = "account"
    RULE = "rule"
    TURN = "turn"


@dataclass(frozen=True)
class Why:
    """The reason that is stored and shown ("Why me?"). `name`: of the account or the rule.

    `on_claim`: it wouldn't hold without details that the visitor only claims (PRODUCT 6.4).
    """

    kind: WhyKind
    name: str = ""
    on_claim: bool = False

    @property
    def sentence(self) -> str:
        """English, and the key of its translation."""
        return WHY_SENTENCES[self.kind]

    def __str__(self) -> str:
        words = self.sentence.format(name=self.name)
        return f"{words} {ON_CLAIM}" if self.on_claim else words


WHY_SENTENCES: Final = {
    WhyKind.ACCOUNT: "You own the account {name}.",
    WhyKind.RULE: "The rule “{name}” fits this visitor, and it is your turn.",
    WhyKind.TURN: "It is your turn: everyone who is available takes turns.",
}

ON_CLAIM: Final = "Based on visitor details that aren't confirmed."


@dataclass(frozen=True)
class Candidate:
    """An agent as routing sees one.

    `turn` grows with every offer made, over all agents: the smallest was asked longest ago. `is_expected`: not there,
    but the connection dropped so recently that the agent may well be back (PRODUCT 3.4).
    """

    agent_id: str
    name: str
    is_available: bool
    is_present: bool
    load: int
    capacity: int
    turn: int
    is_expected: bool = False

    @property
    def has_room(self) -> bool:
        return self.load < self.capacity


@dataclass(frozen=True)
class Rule:
    """Visitors for whom all conditions hold go to these agents. The smallest priority is asked first."""

    id: str
    name: str
    priority: int
    conditions: tuple[Condition, ...]
    agents: frozenset[str]

    def fits(self, visitor: Mapping[str, str]) -> bool:
        return all(condition.holds(visitor) for condition in self.conditions)


@dataclass(frozen=True)
class Account:
    """A company or an email domain that has an owner."""

    name: str
    domain: str
    owner_id: str

    def fits(self, visitor: Mapping[str, str]) -> bool:
        domain, company = visitor.get("email_domain", "").lower(), visitor.get("company", "")
        return bool(
            (self.domain and normal_domain(self.domain) == domain)
            or (self.name and self.name.casefold() == company.strip().casefold())
        )


@dataclass(frozen=True)
class Policy:
    """All that routing is decided by, apart from who is there."""

    accounts: tuple[Account, ...] = ()
    rules: tuple[Rule, ...] = ()
    offers_to_absent: bool = False


@dataclass(frozen=True)
class Step:
    """One step of a decision, for the simulator: an English sentence, the key of its translation, with its gaps."""

    sentence: str
    gaps: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence.format(**self.gaps)


@dataclass(frozen=True)
class Decision:
    """Who is asked and why; nobody: `agent` None. `pool`: who may be asked at all. `steps`: where they were wanted."""

    agent: Candidate | None
    why: Why
    pool: frozenset[str]
    steps: tuple[Step, ...] = ()


def decide(
    visitor: Mapping[str, str],
    candidates: Sequence[Candidate],
    policy: Policy,
    *,
    tried: AbstractSet[str] = frozenset(),
    claimed: AbstractSet[str] = frozenset(),
    explains: bool = False,
) -> Decision:
    """The next agent for this visitor. A rule without any enabled agent is passed over.

    `claimed`: the attributes that aren't proved. `explains`: with its steps, one for each rule and agent, which the
    simulator shows.
    """
    steps: list[Step] = []
    proved = without(visitor, claimed)
    by_id = {candidate.agent_id: candidate for candidate in candidates}
    for account in policy.accounts:
        if account.owner_id not in by_id or not account.fits(visitor):
            continue
        owner = by_id[account.owner_id]
        why = Why(WhyKind.ACCOUNT, account.name or account.domain, on_claim=not account.fits(proved))
        chosen = next_agent([owner], tried=tried, policy=policy)
        steps.append(Step("Account {account}: its owner is {name}.", {"account": why.name, "name": owner.name}))
        steps += _standings([owner], tried, policy)
        if chosen is not None:
            return Decision(chosen, why, frozenset({owner.agent_id}), tuple(steps) if explains else ())
    pool, why = _pool(visitor, policy, by_id, steps, proved)
    members = [by_id[agent_id] for agent_id in sorted(pool)]
    if explains:
        steps += _standings(members, tried, policy)
    chosen = next_agent(members, tried=tried, policy=policy)
    return Decision(chosen, why, pool, tuple(steps) if explains else ())


def _pool(
    visitor: Mapping[str, str], policy: Policy, by_id: Mapping[str, Candidate], steps: list[Step],
    proved: Mapping[str, str],
) -> tuple[frozenset[str], Why]:  # fmt: skip
    for rule in sorted(policy.rules, key=lambda rule: (rule.priority, rule.id)):
        enabled = rule.agents & by_id.keys()
        if not rule.fits(visitor):
            steps.append(Step("Rule {rule}: does not fit.", {"rule": rule.name}))
        elif not enabled:
            steps.append(Step("Rule {rule}: fits, but has no enabled agent.", {"rule": rule.name}))
        else:
            steps.append(Step("Rule {rule}: fits.", {"rule": rule.name}))
            return frozenset(enabled), Why(WhyKind.RULE, rule.name, on_claim=not rule.fits(proved))
    nobody = "No rule fits: everyone takes turns." if policy.rules else "There are no rules: everyone takes turns."
    steps.append(Step(nobody))
    return frozenset(by_id), Why(WhyKind.TURN)


def _standings(candidates: Iterable[Candidate], tried: AbstractSet[str], policy: Policy) -> list[Step]:
    return [_standing(candidate, tried, policy) for candidate in candidates]


def _standing(candidate: Candidate, tried: AbstractSet[str], policy: Policy) -> Step:
    name = {"name": candidate.name}
    if candidate.agent_id in tried:
        return Step("{name} was asked already.", name)
    if not candidate.is_available:
        return Step("{name} is unavailable.", name)
    if not candidate.is_present and not policy.offers_to_absent:
        return Step("{name} is not there.", name)
    if not candidate.has_room:
        load = {"load": candidate.load, "capacity": candidate.capacity}
        return Step("{name} has {load} of {capacity} chats.", name | load)
    return Step("{name} can take it, turn {turn}.", name | {"turn": candidate.turn})


def next_agent(
    candidates: Iterable[Candidate], *, tried: AbstractSet[str], policy: Policy = Policy()
) -> Candidate | None:
    """The untried, available, present agent with room who was asked longest ago."""
    fit = [c for c in candidates if _could(c, tried, policy) and c.has_room]
    return min(fit, key=lambda c: (not c.is_present, c.turn, c.agent_id), default=None)


def could_come(
    visitor: Mapping[str, str],
    candidates: Sequence[Candidate],
    policy: Policy,
    *,
    tried: AbstractSet[str],
    counts_expected: bool = False,
) -> bool:
    """PRODUCT 3.4: whether someone of the pool is available, present and untried, busy or not.

    `counts_expected`: agents whose connection has just dropped count as present for a waiting visitor.
    """
    by_id = {candidate.agent_id: candidate for candidate in candidates}
    pool, _ = _pool(visitor, policy, by_id, [], visitor)
    owners = {account.owner_id for account in policy.accounts if account.fits(visitor)}
    able = [by_id[agent_id] for agent_id in (pool | owners) & by_id.keys()]
    if counts_expected:
        able = [replace(one, is_present=one.is_present or one.is_expected) for one in able]
    return any(_could(one, tried, policy) for one in able)


def hosts(visitor: Mapping[str, str], candidates: Sequence[Candidate], policy: Policy) -> list[str]:
    """PRODUCT 3.4: whose calendars a visitor for whom nobody came may be shown, in this order; who is there or not."""
    by_id = {candidate.agent_id: candidate for candidate in candidates}
    owners = [one.owner_id for one in policy.accounts if one.owner_id in by_id and one.fits(visitor)]
    pool, _ = _pool(visitor, policy, by_id, [], visitor)
    return list(dict.fromkeys(owners + sorted(pool, key=lambda agent_id: (by_id[agent_id].turn, agent_id))))


def _could(candidate: Candidate, tried: AbstractSet[str], policy: Policy) -> bool:
    is_there = candidate.is_present or policy.offers_to_absent
    return candidate.is_available and is_there and candidate.agent_id not in tried
