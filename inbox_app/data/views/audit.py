"""The newest entries of the audit log (PRODUCT 5.6), for admins."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.instants import iso
from inbox_app.data.models_admin import AuditDetailView, AuditValueView, AuditView
from inbox_app.data.tables import AccountRow, AuditRow, MeetingRow, MemberRow, RuleRow, TeamRow, VisitorRow
from inbox_app.domain.chat_settings import CHOICES
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_admin

AT_MOST = 100
LONGEST_VALUE = 80
NEVER_LABELLED: Final = frozenset({"after", "field", "share"})
"""Details that are part of another one, or ids without a name."""
CODES: Final = frozenset({"choice", "fields", "kind", "outcome", "role"})
_IDS: Final = frozenset({"agent", "agents", "merged"})
_TIMES: Final = frozenset({"before", "created_at"})
_FILTER: Final = re.compile(r"(?:^| )(query|agent|outcome|date_from|date_to)=")


async def audit(member: Member) -> list[AuditView]:
    """Newest first, at most 100. Ids are shown as names."""
    require_admin(member)
    async with reading() as connection:
        rows = (await connection.execute(select(AuditRow).order_by(col(AuditRow.id).desc()).limit(AT_MOST))).all()
        noted = [_as_written_now(row.action, row.details) for row in rows]
        ids = {known for row in rows for known in (row.actor_id, row.subject) if known}
        names = await _names(connection, ids.union(*map(_ids_in, noted)))
    return [
        AuditView(
            id=row.id, at=iso(row.at), actor=names.get(row.actor_id, ""), action=row.action,
            subject=_subject(row.action, row.subject, details, names),
            details=list(_details(row.action, row.subject, details, names)),
        )
        for row, details in zip(rows, noted, strict=True)
    ]  # fmt: skip


def _as_written_now(action: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Bring entries of earlier versions into today's form."""
    if action == "delivery.retried" and "name" in details:
        return {"kind": details["name"]}
    if isinstance(filters := details.get("filters"), str):
        parts = _FILTER.split(filters)[1:]
        return dict(zip(parts[::2], parts[1::2], strict=True))
    return dict(details)


def _ids_in(details: Mapping[str, Any]) -> Iterator[str]:
    for key in _IDS & details.keys():
        yield from map(str, _listed(details[key]))


async def _names(connection: AsyncConnection, ids: Iterable[str]) -> dict[str | None, str]:
    """What people know these ids by; ids of what has no name, or is gone, are left out."""
    known = sorted(ids)
    visitor = func.coalesce(func.nullif(VisitorRow.name, ""), VisitorRow.email, VisitorRow.said_email)
    named: list[tuple[Any, Any]] = [
        (MemberRow, MemberRow.name), (VisitorRow, visitor), (MeetingRow, MeetingRow.visitor_name),
        (TeamRow, TeamRow.name), (RuleRow, RuleRow.name),
        (AccountRow, func.coalesce(func.nullif(AccountRow.name, ""), AccountRow.domain)),
    ]  # fmt: skip
    found = union_all(*[select(table.id, name).where(col(table.id).in_(known)) for table, name in named])
    return {key: name for key, name in (await connection.execute(found)).all() if name}


def _subject(action: str, subject: str, details: Mapping[str, Any], names: Mapping[str | None, str]) -> str:
    """The key of a setting; the name that it has now; else the one that was noted."""
    if action == "settings.changed":
        return subject
    return names.get(subject) or str(details.get("name") or "")


def _details(
    action: str, subject: str, details: Mapping[str, Any], names: Mapping[str | None, str]
) -> Iterator[AuditDetailView]:
    hidden = NEVER_LABELLED if action == "member.changed" else NEVER_LABELLED | {"name"}
    if {"before", "after"} <= details.keys():
        code = "choice" if action == "settings.changed" and subject in CHOICES else ""
        values = [_value(code, details[name]) for name in ("before", "after")]
        yield AuditDetailView(str(details.get("field", "")), values, is_change=True)
        hidden |= {"before"}
    for key, value in details.items():
        items = _listed(value)
        if key in _IDS:
            items = [names[item] for item in items if item in names]
        if key not in hidden and items:
            yield AuditDetailView(key, [_value(key, item) for item in items])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _value(key: str, value: Any) -> AuditValueView:
    """Never a long text."""
    if isinstance(value, bool):
        return AuditValueView("flag", str(value).lower())
    text = "-" if value in ("", None) else str(value)
    if key in _TIMES:
        return AuditValueView("time", text)
    if key in CODES:
        return AuditValueView(key, text)
    return AuditValueView("text", text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…")
