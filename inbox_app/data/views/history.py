"""Past conversations: the managers' table and transcripts. Reading changes nothing (PRODUCT 5.1)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, true
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.instants import iso
from inbox_app.data.models import HistoryRowView, MessageView, Page, Transcript
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.data.views.rows import (
    EMAIL,
    EMAIL_CONFIRMED,
    ENTRY_COLUMNS,
    NAME,
    C,
    E,
    M,
    V,
    after_cursor,
    contains,
    cursor,
    is_past,
    is_shared,
    is_visible,
    message_view,
    names_contain,
)
from inbox_app.domain import people
from inbox_app.domain.conversation import PAST, Sender
from inbox_app.domain.errors import InvalidInput, NotFound
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_reader

HISTORY_STATES = frozenset(PAST)
_ENTRIES: Final[Any] = (
    select(func.count(col(E.seq))).where(col(E.conversation_id) == col(C.id)).scalar_subquery().label("entries")
)
"""How many both sides see; `last_seq` isn't that number after a restore."""


@uninterrupted
async def history(
    member: Member, *, query: str = "", agent: str = "", date_from: str = "", date_to: str = "", outcome: str = "",
    before: str = "", limit: int = 50,
) -> Page[HistoryRowView]:  # fmt: skip
    """Newest first.

    `date_from`, `date_to`: days, inclusive, in the member's zone. `outcome`: a state or an end reason.
    """
    require_reader(member)
    limit = max(1, min(limit, 50))
    statement = (
        select(
            C.id, C.state, C.end_reason, C.requested_at, C.ended_at, _ENTRIES, C.score, C.last_text, C.visitor_id,
            NAME.label("name"), EMAIL.label("email"), EMAIL_CONFIRMED,
            col(M.name).label("agent_name"),
        )  # type: ignore[call-overload]
        .join(V, col(V.id) == col(C.visitor_id))
        .outerjoin(M, col(M.id) == col(C.agent_id))
        .where(is_past, *_conditions(member, query, agent, date_from, date_to, outcome))
        .order_by(col(C.requested_at).desc(), col(C.id).desc())
        .limit(limit + 1)
    )  # fmt: skip
    if before:
        statement = statement.where(after_cursor(before, C.requested_at, C.id))
    async with reading() as connection:
        rows = (await connection.execute(statement)).all()
    shown = rows[:limit]
    following = cursor(shown[-1].requested_at, shown[-1].id) if len(rows) > limit else ""
    return Page([_history_row(row) for row in shown], following)


def _conditions(
    member: Member, query: str, agent: str, date_from: str, date_to: str, outcome: str
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.strip():
        in_text = select(E.id).where(col(E.conversation_id) == col(C.id), contains(query.strip(), E.text)).exists()
        conditions.append(names_contain(query.strip()) | in_text)
    if agent:
        conditions.append(col(C.agent_id) == agent)
    if date_from:
        conditions.append(col(C.requested_at) >= day_start(date_from, member.time_zone, field="from"))
    if date_to:
        conditions.append(col(C.requested_at) < day_start(date_to, member.time_zone, field="to", days=1))
    if outcome:
        conditions.append((col(C.state) == outcome) | (col(C.end_reason) == outcome))
    return conditions


def day_start(day: str, zone: str, *, field: str, days: int = 0) -> datetime:
    """Midnight of a day (`2026-11-23`) in a zone, `days` later. Raises InvalidInput for what is no day."""
    try:
        start = date.fromisoformat(day) + timedelta(days=days)
        return datetime.combine(start, time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(field, "Enter a date such as 2026-11-23.") from None


def _history_row(row: Any) -> HistoryRowView:
    return HistoryRowView(
        id=row.id, title=people.visitor_title(row.name, row.visitor_id), email=row.email or "",
        agent_name=row.agent_name or "", state=row.state, end_reason=row.end_reason or "",
        requested_at=iso(row.requested_at), ended_at=iso(row.ended_at), messages=row.entries, score=row.score,
        preview=row.last_text, email_confirmed=bool(row.email_confirmed),
    )  # fmt: skip


@uninterrupted
async def transcript(member: Member, conversation_id: str) -> Transcript:
    """A past conversation, or one's own active one, whole. Raises NotFound for all else."""
    return await _transcript(conversation_id, is_visible(member))


async def transcript_for_mail(conversation_id: str) -> Transcript:
    """The conversation so far, for whom it is sent to by a rule (PRODUCT 4.4), not for a reader. Raises NotFound."""
    return await _transcript(conversation_id, true())


async def _transcript(conversation_id: str, is_allowed: ColumnElement[bool]) -> Transcript:
    head = (
        select(C, NAME.label("visitor_name"), EMAIL.label("email"), EMAIL_CONFIRMED, M.name.label("agent_name"))  # type: ignore[attr-defined]
        .join(V, col(V.id) == col(C.visitor_id))
        .outerjoin(M, col(M.id) == col(C.agent_id))
        .where(col(C.id) == conversation_id, is_allowed)
    )
    body = select(*ENTRY_COLUMNS).where(col(E.conversation_id) == conversation_id, is_shared).order_by(col(E.seq))
    async with reading() as connection:
        row = (await connection.execute(head)).first()
        if row is None:
            raise NotFound
        entries = (await connection.execute(body)).all()
    title = people.visitor_title(row.visitor_name, row.visitor_id)
    return Transcript(
        id=row.id, title=title, email=row.email or "",
        email_confirmed=bool(row.email_confirmed), agent_name=row.agent_name or "", state=row.state,
        end_reason=row.end_reason or "", requested_at=iso(row.requested_at), accepted_at=iso(row.accepted_at),
        ended_at=iso(row.ended_at), page_url=row.page_url, score=row.score,
        entries=[_named(message_view(entry), title) for entry in entries],
    )  # fmt: skip


def _named(entry: MessageView, visitor: str) -> MessageView:
    """The visitor has one name in a transcript, whatever the browser signed with before an agent corrected it."""
    return replace(entry, sender_name=visitor) if entry.sender == Sender.VISITOR and entry.sender_name else entry
