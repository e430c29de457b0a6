"""The newest deeds of the audit log (PRODUCT 5.6), for admins."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.instants import iso
from inbox_app.data.models_admin import AuditView
from inbox_app.data.tables import AuditRow, MemberRow
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_admin

AT_MOST = 100
LONGEST_DETAIL = 80


async def audit(member: Member) -> list[AuditView]:
    """Newest first, at most 100. Ids of members are shown as names."""
    require_admin(member)
    actor, subject = aliased(MemberRow), aliased(MemberRow)
    statement: Any = (
        select(AuditRow.id, AuditRow.at, AuditRow.action, AuditRow.subject, AuditRow.details,  # type: ignore[call-overload]
               col(actor.name).label("actor_name"), col(subject.name).label("subject_name"))
        .outerjoin(actor, col(actor.id) == col(AuditRow.actor_id))
        .outerjoin(subject, col(subject.id) == col(AuditRow.subject))
        .order_by(col(AuditRow.id).desc())
        .limit(AT_MOST)
    )  # fmt: skip
    async with reading() as connection:
        rows = (await connection.execute(statement)).all()
    return [
        AuditView(
            id=row.id, at=iso(row.at), actor=row.actor_name or "", action=row.action,
            subject=row.subject_name or _subject(row.action, row.subject, row.details), details=_details(row.details),
        )
        for row in rows
    ]  # fmt: skip


def _subject(action: str, subject: str, details: dict[str, Any]) -> str:
    """A setting's own name; the name in the details; else the short end of an id."""
    if action == "settings.changed":
        return subject
    return str(details.get("name") or (subject and f"…{subject[-6:]}"))


def _details(details: dict[str, Any]) -> str:
    """`30 → 45` for a change, else what was noted; never a long text."""
    if {"before", "after"} <= details.keys():
        return f"{_short(details['before'])} → {_short(details['after'])}"
    return ", ".join(f"{name}: {_short(value)}" for name, value in details.items() if name not in {"name", "agents"})


def _short(value: Any) -> str:
    text = "-" if value in ("", None) else str(value)
    return text if len(text) <= LONGEST_DETAIL else f"{text[:LONGEST_DETAIL]}…"
