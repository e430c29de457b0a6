"""Teams, rules and accounts: what routing is decided by, and what admins edit."""

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.tables import AccountRow, MemberRow, RuleRow, TeamMemberRow, TeamRow
from inbox_app.domain.routing import Account, Policy, Rule, condition_from


async def policy(session: AsyncSession, *, offers_to_absent: bool) -> Policy:
    """Everything in force."""
    teams: dict[str, set[str]] = {}
    for row in (await session.execute(select(TeamMemberRow))).scalars():
        teams.setdefault(row.team_id, set()).add(row.member_id)
    accounts = (await session.execute(select(AccountRow).order_by(col(AccountRow.name)))).scalars()
    rules = (await session.execute(select(RuleRow).order_by(col(RuleRow.priority), col(RuleRow.id)))).scalars()
    return Policy(
        accounts=tuple(Account(row.name, row.domain, row.owner_id) for row in accounts),
        rules=tuple(_rule(row, teams) for row in rules),
        offers_to_absent=offers_to_absent,
    )


def _rule(row: RuleRow, teams: dict[str, set[str]]) -> Rule:
    agents = frozenset(row.agent_ids) | (frozenset(teams.get(row.team_id, ())) if row.team_id else frozenset())
    conditions = tuple(condition_from(value, "conditions") for value in row.conditions)
    return Rule(row.id, row.name, row.priority, conditions, agents)


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
    """The account of this name, however it is capitalised, and domain."""
    is_named = func.lower(col(AccountRow.name)) == func.lower(name)
    statement = select(AccountRow).where(is_named, col(AccountRow.domain) == domain).order_by(col(AccountRow.id))
    return (await session.execute(statement.limit(1))).scalar_one_or_none()


async def remove(session: AsyncSession, table: type[TeamRow] | type[RuleRow] | type[AccountRow], row_id: str) -> bool:
    """Delete one; False when it is not there."""
    row = await session.get(table, row_id)
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    return True


async def enabled_agents(session: AsyncSession) -> dict[str, MemberRow]:
    """Members who may be asked, by id."""
    statement = select(MemberRow).where(col(MemberRow.takes_chats), col(MemberRow.disabled_at).is_(None))
    return {row.id: row for row in (await session.execute(statement)).scalars()}
