"""What was to be done outside and did not work, or not yet (PRODUCT 4.4), for admins."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.instants import iso
from inbox_app.data.models_admin import DeliveryView
from inbox_app.data.tables import MeetingRow, MemberRow, OutboxRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.domain import leases
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_admin

O, T, M = OutboxRow, MeetingRow, MemberRow  # noqa: E741
AT_MOST = 100


@uninterrupted
async def deliveries(member: Member, *, now: datetime) -> list[DeliveryView]:
    """What has failed, then what is tried again; newest first, at most 100 in all."""
    require_admin(member)
    recipient = aliased(M)  # of the mails about an account
    troubled = or_(col(O.state) == "failed", and_(col(O.state) == "pending", col(O.attempts) > 0))
    statement: Any = (
        select(O.id, O.kind, O.state, O.attempts, O.problem, O.due_at, O.taken_until, O.created_at, O.payload,  # type: ignore[call-overload]
               T.visitor_name, T.visitor_email, T.start_at, T.conversation_id, col(M.name).label("agent_name"),
               col(recipient.email).label("member_email"))
        .outerjoin(T, col(T.id) == col(O.subject_id))
        .outerjoin(M, col(M.id) == col(T.agent_id))
        .outerjoin(recipient, col(recipient.id) == col(O.subject_id))
        .where(troubled)
        .order_by((col(O.state) == "failed").desc(), col(O.id).desc())
        .limit(AT_MOST)
    )  # fmt: skip
    async with reading() as connection:
        rows = (await connection.execute(statement)).all()
    return [_view(row, now) for row in rows]


def _view(row: Any, now: datetime) -> DeliveryView:
    problem, _, detail = row.problem.partition("\n")
    is_busy = leases.holds(row.taken_until, now=now, length=leases.ERRAND)
    return DeliveryView(
        id=row.id, kind=row.kind, state="busy" if is_busy and row.state == "pending" else row.state,
        tries=row.attempts, problem=problem, detail=detail, next_at=iso(row.due_at) if row.state == "pending" else "",
        planned_at=iso(row.created_at), visitor=_recipient(row),
        agent=row.agent_name or "", meets_at=iso(row.start_at), conversation_id=row.conversation_id or "",
    )  # fmt: skip


def _recipient(row: Any) -> str:
    return str(row.visitor_name or row.visitor_email or row.member_email or row.payload.get("email", ""))


@uninterrupted
async def failed_deliveries(member: Member) -> int:
    """How many have failed for good."""
    require_admin(member)
    async with reading() as connection:
        statement = select(func.count()).select_from(O).where(col(O.state) == "failed")
        return int((await connection.execute(statement)).scalar_one())
