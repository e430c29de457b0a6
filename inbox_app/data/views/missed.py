"""Who waited in vain and is to be followed up (PRODUCT 3.4)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.instants import iso
from inbox_app.data.models import MissedView
from inbox_app.data.tables import OfflineMessageRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.data.views.rows import EMAIL, EMAIL_CONFIRMED, MORE, NAME, C, M, V, confirms, more_of
from inbox_app.domain import people
from inbox_app.domain.people import Member

SHOWN_FOR = timedelta(days=14)
AT_MOST = 100
L = OfflineMessageRow


def _left(column: Any) -> Any:
    """What was typed with the newest message that was left."""
    newest = select(column).where(col(L.conversation_id) == col(C.id)).order_by(col(L.at).desc(), col(L.id).desc())
    return newest.limit(1).correlate(C).scalar_subquery()


@uninterrupted
async def missed(member: Member, *, now: datetime) -> list[MissedView]:
    """Newest first, the past 14 days: what nobody follows up yet, and what I follow up."""
    left, left_name, left_email = (_left(column) for column in (L.text, L.name, L.email))
    statement = (
        select(
            C.id, C.visitor_id, C.last_text, C.page_url, C.requested_at, C.ended_at, C.claimed_by,
            NAME.label("name"), EMAIL.label("email"), EMAIL_CONFIRMED, left_name.label("left_name"),
            left_email.label("left_email"), confirms(left_email).label("left_confirmed"), *MORE,
            col(M.name).label("claimer"), left.label("left_message"),
        )  # type: ignore[call-overload]
        .join(V, col(V.id) == col(C.visitor_id))
        .outerjoin(M, col(M.id) == col(C.claimed_by))
        .where(col(C.state) == "missed", col(C.requested_at) > now - SHOWN_FOR)
        .order_by(col(C.requested_at).desc())
        .limit(AT_MOST)
    )  # fmt: skip
    async with reading() as connection:
        rows = (await connection.execute(statement)).all()
    return [
        MissedView(
            id=row.id, visitor_id=row.visitor_id, title=people.visitor_title(row.left_name or row.name, row.visitor_id),
            email=row.left_email or row.email or "", email_confirmed=_is_confirmed(row), phone=more_of(row)["phone"],
            text=row.last_text, left_message=row.left_message or "",
            page_url=row.page_url, requested_at=iso(row.requested_at), missed_at=iso(row.ended_at),
            claimed_by=row.claimer or "", is_mine=row.claimed_by == member.id,
        )
        for row in rows
    ]  # fmt: skip


def _is_confirmed(row: Any) -> bool:
    """Of the address that is shown: as typed with the message that was left, else the conversation's."""
    return bool(row.left_confirmed if row.left_email else row.email_confirmed)


async def unclaimed(*, now: datetime) -> int:
    """How many of them nobody follows up yet."""
    statement = (
        select(func.count())
        .select_from(C)
        .where(col(C.state) == "missed", col(C.requested_at) > now - SHOWN_FOR, col(C.claimed_by).is_(None))
    )
    async with reading() as connection:
        return int((await connection.execute(statement)).scalar_one())
