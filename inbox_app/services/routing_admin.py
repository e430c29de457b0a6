"""What admins do with routing: teams, rules, accounts, and "who would get this visitor?".

In force at once, in the audit log.
"""

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from inbox_app.data import routing as data
from inbox_app.data.engine import reading_session
from inbox_app.data.ids import new_id
from inbox_app.data.tables import AccountRow, RuleRow, TeamRow
from inbox_app.domain.conditions import attributes_of, condition_from, condition_json
from inbox_app.domain.errors import Conflict, InvalidInput, NotFound
from inbox_app.domain.people import Member, clean_name, clean_text, normal_domain, normal_email
from inbox_app.domain.permissions import require_admin
from inbox_app.domain.routing import Candidate, Decision, decide
from inbox_app.services import circumstances, routing
from inbox_app.services.use_case import UseCase, use_case

ACCOUNTS_AT_MOST: Final = 10_000
CSV_COLUMNS: Final = ("company", "domain", "owner")


@dataclass(frozen=True)
class BadRow:
    """A line of a file that is not taken, and why: a DomainError's sentence with its gaps."""

    line: int
    sentence: str
    gaps: dict[str, Any]

    @property
    def reason(self) -> str:
        return self.sentence.format(**self.gaps) if self.gaps else self.sentence


@dataclass(frozen=True)
class AccountImport:
    """What a file holds: `good` as (company, domain, owner's email), `bad` with line and reason."""

    good: list[tuple[str, str, str]]
    bad: list[BadRow]


async def teams(member: Member) -> list[dict[str, Any]]:
    """Every team."""
    require_admin(member)
    async with reading_session() as session:
        return [{"id": team.id, "name": team.name, "agents": ids} for team, ids in await data.teams(session)]


async def save_team(value: dict[str, Any], *, team_id: str | None = None, member: Member, now: datetime) -> str:
    """Add or change one. An emptied team is passed over by rules; who waits for it is offered anew."""
    require_admin(member)
    name = clean_name(str(value.get("name") or ""))
    try:
        async with use_case() as case:
            ids = await _agents(case, value.get("agents"), "agents")
            row = await case.session.get(TeamRow, team_id) if team_id else TeamRow(id=new_id(), name=name)
            if row is None:
                raise NotFound
            row.name = name
            case.session.add(row)
            await case.session.flush()
            await data.set_team(case.session, row.id, ids)
            case.audit("team.saved", by=member.id, now=now, subject=row.id, name=name, agents=ids)
            await routing.offer_waiting_in(case, now=now)
    except IntegrityError:
        raise Conflict("There is a team of this name already.") from None
    return row.id


async def rules(member: Member) -> list[dict[str, Any]]:
    """Every rule, in the order in which they are asked."""
    require_admin(member)
    async with reading_session() as session:
        return [
            {
                "id": row.id, "name": row.name, "priority": row.priority, "conditions": row.conditions,
                "agents": row.agent_ids, "team": row.team_id,
            }
            for row in await data.rules(session)
        ]  # fmt: skip


async def save_rule(value: dict[str, Any], *, rule_id: str | None = None, member: Member, now: datetime) -> str:
    """Add or change one. Raises InvalidInput naming the field: no condition, nobody to ask, a disabled agent."""
    require_admin(member)
    name = clean_name(str(value.get("name") or ""))
    priority = value.get("priority", 100)
    if not isinstance(priority, int) or isinstance(priority, bool) or not 0 <= priority <= 100_000:
        raise InvalidInput("priority", "This is a whole number from {low} to {high}.", low=0, high=100_000)
    given = value.get("conditions") or []
    if not isinstance(given, list) or not given:
        raise InvalidInput("conditions", "A rule needs at least one condition.")
    conditions = [condition_json(condition_from(item, f"conditions.{n}")) for n, item in enumerate(given)]
    async with use_case() as case:
        team_id = str(value.get("team") or "") or None
        ids = await _agents(case, value.get("agents"), "agents")
        if team_id and await case.session.get(TeamRow, team_id) is None:
            raise InvalidInput("team", "There is no such team.")
        if not ids and not team_id:
            raise InvalidInput("agents", "Choose the agents or the team that this rule asks.")
        row = await case.session.get(RuleRow, rule_id) if rule_id else RuleRow(id=new_id(), name=name, priority=0)
        if row is None:
            raise NotFound
        row.name, row.priority, row.conditions, row.agent_ids, row.team_id = name, priority, conditions, ids, team_id
        case.session.add(row)
        await case.session.flush()
        case.audit("rule.saved", by=member.id, now=now, subject=row.id, name=name)
        await routing.offer_waiting_in(case, now=now)
    return row.id


async def remove(kind: str, row_id: str, *, member: Member, now: datetime) -> None:
    """Delete a team, a rule or an account. Raises NotFound."""
    require_admin(member)
    table: Any = {"team": TeamRow, "rule": RuleRow, "account": AccountRow}[kind]
    async with use_case() as case:
        row = await data.remove(case.session, table, row_id)
        if row is None:
            raise NotFound
        name = row.name or (row.domain if isinstance(row, AccountRow) else "")
        case.audit(f"{kind}.removed", by=member.id, now=now, subject=row_id, name=name)
        await routing.offer_waiting_in(case, now=now)


async def _agents(case: UseCase, value: Any, field: str) -> list[str]:
    if value is None:
        return []
    enabled = await data.enabled_agents(case.session)
    if not isinstance(value, list) or any(not isinstance(item, str) or item not in enabled for item in value):
        raise InvalidInput(field, "One of these agents is disabled or unknown.")
    return sorted(set(value))


async def accounts(member: Member) -> list[dict[str, str]]:
    """Every account with its owner."""
    require_admin(member)
    async with reading_session() as session:
        return [
            {"id": row.id, "company": row.name, "domain": row.domain, "owner": email}
            for row, email in await data.accounts(session)
        ]


async def read_accounts(text: str, *, member: Member) -> AccountImport:
    """Look at a CSV (company, domain, owner) before anything is written.

    Good rows, and bad ones with line and reason.
    """
    require_admin(member)
    async with reading_session() as session:
        owners = {normal_email(row.email) for row in (await data.enabled_agents(session)).values()}
    good: dict[tuple[str, str], tuple[str, str, str]] = {}
    bad: list[BadRow] = []
    try:
        rows = _rows(text.lstrip("\ufeff"))
        for row in rows:
            try:
                company, domain, owner = _account(row, owners, good)
                good[company.casefold(), domain] = (company, domain, owner)
            except InvalidInput as error:
                bad.append(BadRow(rows.line_num, error.sentence, error.gaps))
    except csv.Error:
        raise InvalidInput("file", "This isn't a CSV file.") from None
    return AccountImport(list(good.values()), bad)


def _rows(text: str) -> "csv.DictReader[str]":
    """Commas, or semicolons or tabs as spreadsheets of some countries write them."""
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    columns = [(name or "").strip().lower() for name in rows.fieldnames or []]
    if not set(CSV_COLUMNS) <= set(columns):
        raise InvalidInput("file", "The first line names the columns: {names}.", names=", ".join(CSV_COLUMNS))
    rows.fieldnames = columns
    return rows


def _account(row: dict[str, Any], owners: set[str], earlier: Collection[Any]) -> tuple[str, str, str]:
    company = clean_text(row.get("company") or "", field="company")
    domain = clean_text(row.get("domain") or "", field="domain")
    domain = normal_domain(domain.removeprefix("@"))
    owner = normal_email(row.get("owner") or "")
    if None in row:
        raise InvalidInput("file", "The line has more columns than the first line.")
    if not company and not domain:
        raise InvalidInput("company", "Neither a company nor a domain.")
    if domain and ("." not in domain or "@" in domain or " " in domain):
        raise InvalidInput("domain", "{domain} isn't an email domain such as example.com.", domain=domain)
    if owner not in owners:
        raise InvalidInput("owner", "{owner} isn't an enabled agent.", owner=owner or "-")
    if (company.casefold(), domain) in earlier:
        raise InvalidInput("company", "This account stands in the file twice.")
    if len(earlier) >= ACCOUNTS_AT_MOST:
        raise InvalidInput("file", "At most {limit} accounts.", limit=ACCOUNTS_AT_MOST)
    return company, domain, owner


async def write_accounts(text: str, *, member: Member, now: datetime) -> AccountImport:
    """Write the good rows; an account that is there gets its new owner."""
    found = await read_accounts(text, member=member)
    async with use_case() as case:
        owners = {normal_email(row.email): row.id for row in (await data.enabled_agents(case.session)).values()}
        for company, domain, owner in found.good:
            row = await data.account_of(case.session, company, domain)
            row = row or AccountRow(id=new_id(), name=company, domain=domain, owner_id=owners[owner])
            row.owner_id = owners[owner]
            case.session.add(row)
        case.audit("accounts.imported", by=member.id, now=now, good=len(found.good), bad=len(found.bad))
        await case.session.flush()
        await routing.offer_waiting_in(case, now=now)
    return found


async def simulate(visitor: dict[str, Any], *, member: Member, now: datetime) -> dict[str, Any]:
    """The same as JSON."""
    decision, found = await decided(visitor, member=member, now=now)
    agent = decision.agent
    return {
        "agent": {"id": agent.agent_id, "name": agent.name} if agent else None,
        "why": str(decision.why) if agent else "", "why_kind": decision.why.kind.value, "why_name": decision.why.name,
        "pool": sorted(candidate.name for candidate in found if candidate.agent_id in decision.pool),
        "steps": [str(step) for step in decision.steps],
    }  # fmt: skip


async def decided(visitor: dict[str, Any], *, member: Member, now: datetime) -> tuple[Decision, list[Candidate]]:
    """Who would get this visitor, and why, of all agents; nothing is changed (PRODUCT 5.3)."""
    require_admin(member)
    async with reading_session() as session:
        present = await circumstances.at_present(session, now=now)
        attributes = attributes_of(visitor)
        policy = await data.policy_for(session, present.book, attributes, is_whole=True)
    return decide(attributes, present.candidates, policy, explains=True), list(present.candidates)


def import_json(found: AccountImport) -> dict[str, Any]:
    """For the API and the page."""
    good = [dict(zip(CSV_COLUMNS, row, strict=True)) for row in found.good]
    return {"good": good, "bad": [{"line": row.line, "reason": row.reason} for row in found.bad]}
