"""Teams, rules and accounts: what routing is decided by, and what admins edit."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from sqlalchemy import String, bindparam, cast, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.tables import AccountRow, MemberRow, RuleRow, TeamMemberRow, TeamRow
from inbox_app.domain.conditions import Condition, condition_from
from inbox_app.domain.people import spellings
from inbox_app.domain.routing import Account, Policy, Rule

A, R = AccountRow, RuleRow


@dataclass(frozen=True)
class RuleBook:
    """Accounts and rules in force; the agents of a rule come with `policy_for`: naming them all costs most."""

    accounts: tuple[Account, ...]
    rules: tuple[Rule, ...]
    offers_to_absent: bool


_ACCOUNTS: Final[Any] = select(A.name, A.domain, A.owner_id).order_by(col(A.name))  # type: ignore[call-overload]
_RULES: Final[Any] = select(R.id, R.name, R.priority, cast(col(R.conditions), String)).order_by(  # type: ignore[call-overload]
    col(R.priority), col(R.id)
)


_AGENTS_OF: Final[Any] = select(R.id, R.agent_ids, R.team_id).where(col(R.id).in_(bindparam("ids", expanding=True)))  # type: ignore[call-overload]


async def rule_book(session: AsyncSession, *, offers_to_absent: bool) -> RuleBook:
    """Everything in force, once for all who wait."""
    connection = await session.connection()
    accounts = (await connection.execute(_ACCOUNTS)).all()
    rules = (await connection.execute(_RULES)).all()
    return RuleBook(
        accounts=tuple(Account(*row) for row in accounts),
        rules=_rules(tuple(tuple(row) for row in rules)),
        offers_to_absent=offers_to_absent,
    )


@functools.lru_cache(maxsize=4)
def _rules(rows: tuple[tuple[str, str, int, str], ...]) -> tuple[Rule, ...]:
    return tuple(
        Rule(rule_id, name, priority, _conditions(text), frozenset()) for rule_id, name, priority, text in rows
    )


@functools.lru_cache(maxsize=4_096)
def _conditions(text: str) -> tuple[Condition, ...]:
    """Parsed once a text: routing asks for every rule's."""
    return tuple(condition_from(value, "conditions") for value in json.loads(text))


async def policy_for(
    session: AsyncSession, book: RuleBook, visitor: Mapping[str, str], *, is_whole: bool = False
) -> Policy:
    """What decides about this visitor: the rules that fit, with their agents.

    `is_whole`: also those that do not fit, without agents, for whoever wants to read how it was decided.
    """
    fitting = [rule for rule in book.rules if rule.fits(visitor)]
    agents = await _agents_of(session, [rule.id for rule in fitting]) if fitting else {}
    rules = book.rules if is_whole else fitting
    known = tuple(replace(rule, agents=agents.get(rule.id, frozenset())) for rule in rules)
    return Policy(book.accounts, known, book.offers_to_absent)


async def _agents_of(session: AsyncSession, rule_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Those whom each rule names, and the members of its team."""
    rows = (await (await session.connection()).execute(_AGENTS_OF, {"ids": rule_ids})).all()
    found = {rule_id: set(agent_ids) for rule_id, agent_ids, _ in rows}
    if any(team_id for _, _, team_id in rows):
        team: Any = (
            select(R.id, TeamMemberRow.member_id)  # type: ignore[call-overload]
            .join(TeamMemberRow, col(TeamMemberRow.team_id) == col(R.team_id))
            .where(col(R.id).in_(rule_ids))
        )
        for rule_id, member_id in (await session.execute(team)).all():
            found[rule_id].add(member_id)
    return {rule_id: frozenset(agents) for rule_id, agents in found.items()}


async def teams(session: AsyncSession) -> list[tuple[TeamRow, list[str]]]:
    """Every team with its members, by name."""
    members: dict[str, list[str]] = {}
    for row in (await session.execute(select(TeamMemberRow).order_by(col(TeamMemberRow.member_id)))).scalars():
        members.setdefault(row.team_id, []).append(row.member_id)
    found = (await session.execute(select(TeamRow).order_by(col(TeamRow.name)))).scalars()
    return [(team, members.get(team.id, [])) for team in found]


async def set_team(session: AsyncSession, team_id: str, member_ids: list[str]) -> None:
    """These and no others are in the team."""
    await session.execute(delete(TeamMemberRow).where(col(TeamMemberRow.team_id) == team_id))
    session.add_all(TeamMemberRow(team_id=team_id, member_id=member_id) for member_id in member_ids)
    await session.flush()


async def rules(session: AsyncSession) -> list[RuleRow]:
    """Every rule in the order in which it is asked."""
    statement = select(RuleRow).order_by(col(RuleRow.priority), col(RuleRow.id))
    return list((await session.execute(statement)).scalars())


async def accounts(session: AsyncSession) -> list[tuple[AccountRow, str]]:
    """Every account with its owner's email."""
    statement = (
        select(AccountRow, MemberRow.email)  # type: ignore[call-overload]
        .join(MemberRow, col(MemberRow.id) == col(AccountRow.owner_id))
        .order_by(col(AccountRow.name), col(AccountRow.domain))
    )
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def account_of(session: AsyncSession, name: str, domain: str) -> AccountRow | None:
    """The account of this name and domain, however they are capitalised and spelled."""
    is_named = func.lower(col(AccountRow.name)) == func.lower(name)
    statement = select(AccountRow).where(is_named, col(AccountRow.domain).in_(spellings(domain)))
    return (await session.execute(statement.order_by(col(AccountRow.id)).limit(1))).scalar_one_or_none()


Removable = TypeVar("Removable", TeamRow, RuleRow, AccountRow)


async def remove(session: AsyncSession, table: type[Removable], row_id: str) -> Removable | None:
    """Delete one and return it; None when it isn't there."""
    row = await session.get(table, row_id)
    if row is not None:
        await session.delete(row)
        await session.flush()
    return row


async def enabled_agents(session: AsyncSession) -> dict[str, MemberRow]:
    """Members who may be asked, by id."""
    statement = select(MemberRow).where(col(MemberRow.takes_chats), col(MemberRow.disabled_at).is_(None))
    return {row.id: row for row in (await session.execute(statement)).scalars()}
