"""The inbox: its list, an opened conversation, its messages."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from inbox_app.clock import now
from inbox_app.data import rule_settings
from inbox_app.data.engine import reading
from inbox_app.data.epoch import epoch
from inbox_app.data.instants import iso
from inbox_app.data.models import ConversationRowView, ConversationView, MessageView, Page
from inbox_app.data.tables import DraftRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.data.views.people import why_from
from inbox_app.data.views.rows import (
    ENTRY_COLUMNS,
    NAME,
    C,
    E,
    M,
    V,
    after_cursor,
    cursor,
    is_own_active,
    is_past,
    is_shared,
    is_visible,
    message_view,
    names_contain,
    online,
    row_query,
    row_view,
)
from inbox_app.domain import people
from inbox_app.domain.conversation import SCORE_FROZEN_AFTER
from inbox_app.domain.errors import InvalidInput, NotFound
from inbox_app.domain.idle import warned_end
from inbox_app.domain.people import Member

PAGE = 30
PAGE_LIMIT = 50


@uninterrupted
async def conversation_rows(
    member: Member, *, only: Literal["active", "all"], query: str = "", before: str = "", limit: int = PAGE
) -> Page[ConversationRowView]:
    """PRODUCT 1.1: `active` = my own active ones; `all` = these and every past one. Newest activity first.

    Two ordered index scans merged here, not one OR over the table, so that it does not grow with the list.
    """
    if only not in {"active", "all"}:
        raise InvalidInput("filter", "The filter is active or all.")
    limit = max(1, min(limit, PAGE_LIMIT))
    scopes = [is_own_active(member)] + ([is_past] if only == "all" else [])
    found: list[Any] = []
    async with reading() as connection:
        for scope in scopes:
            statement = row_query().where(scope).order_by(col(C.activity_at).desc(), col(C.id).desc()).limit(limit + 1)
            if before:
                statement = statement.where(after_cursor(before, C.activity_at, C.id))
            if query.strip():
                statement = statement.where(names_contain(query.strip(), C.last_text))
            found += (await connection.execute(statement)).all()
    found.sort(key=lambda row: (row.activity_at, row.id), reverse=True)
    shown = found[:limit]
    following = cursor(shown[-1].activity_at, shown[-1].id) if len(found) > limit else ""
    return Page([row_view(row, member.id) for row in shown], following)


@uninterrupted
async def conversation_row(member: Member, conversation_id: str) -> ConversationRowView | None:
    """One line of the list, or None when it may not be seen."""
    async with reading() as connection:
        statement = row_query().where(col(C.id) == conversation_id, is_visible(member))
        row = (await connection.execute(statement)).first()
    return row_view(row, member.id) if row else None


@uninterrupted
async def unread_total(member: Member) -> int:
    """Unread messages in all own active conversations."""
    async with reading() as connection:
        statement = select(func.coalesce(func.sum(C.unread), 0)).where(is_own_active(member))
        return int((await connection.execute(statement)).scalar_one())


@uninterrupted
async def conversation(member: Member, conversation_id: str) -> ConversationView:
    """What the middle column needs but its messages. Raises NotFound, also for what exists and is another's."""
    statement: Any = (
        select(
            C,
            NAME.label("visitor_name"),
            col(M.name).label("agent_name"),
            col(DraftRow.text).label("draft"),
            online(C.device_id).label("is_online"),
        )  # type: ignore[attr-defined]
        .join(V, col(V.id) == col(C.visitor_id))
        .outerjoin(M, col(M.id) == col(C.agent_id))
        .outerjoin(DraftRow, and_(col(DraftRow.conversation_id) == col(C.id), col(DraftRow.member_id) == member.id))
        .where(col(C.id) == conversation_id, is_visible(member))
    )
    history = await epoch()
    async with reading() as connection:
        row = (await connection.execute(statement)).first()
        if row is None:
            raise NotFound
        idle_ends_at = (await idle_ends(connection, [row])).get(row.id, "")
        return _conversation_view(row, member, idle_ends_at=idle_ends_at, epoch=history)


async def idle_ends(connection: AsyncConnection, rows: Iterable[Any]) -> dict[str, str]:
    """When each warned chat among these ends, by conversation. Both sides are shown it (PRODUCT 3.6)."""
    warned = [row for row in rows if row.state == "active" and row.idle_warned_at is not None]
    if not warned:
        return {}
    idle = timedelta(minutes=(await rule_settings.load(connection)).idle_minutes)
    return {row.id: iso(warned_end(row.activity_at, row.idle_warned_at, idle)) for row in warned}


def _conversation_view(row: Any, member: Member, *, idle_ends_at: str, epoch: str) -> ConversationView:
    title = people.visitor_title(row.visitor_name, row.visitor_id)
    is_mine = row.agent_id == member.id
    why = why_from(row.why) if row.why else None
    return ConversationView(
        id=row.id, title=title, initials=people.initials(title), colour=people.colour_of(row.visitor_id),
        state=row.state, end_reason=row.end_reason or "", is_mine=is_mine, visitor_id=row.visitor_id,
        agent_id=row.agent_id or "", agent_name=row.agent_name or "", is_online=row.is_online,
        why=str(why or ""), why_kind=why.kind.value if why else "", why_name=why.name if why else "",
        page_url=row.page_url, requested_at=iso(row.requested_at), accepted_at=iso(row.accepted_at),
        ended_at=iso(row.ended_at), last_seq=row.last_seq, unread=row.unread if is_mine else 0,
        seen_by_agent=row.agent_seen_seq, seen_by_visitor=row.visitor_seen_seq, score=row.score,
        can_score=is_mine and _score_is_open(row.ended_at), draft=row.draft or "", idle_ends_at=idle_ends_at,
        epoch=epoch,
    )  # fmt: skip


def _score_is_open(ended_at: datetime | None) -> bool:
    return ended_at is None or now() - ended_at <= SCORE_FROZEN_AFTER


@uninterrupted
async def messages(
    member: Member, conversation_id: str, *, before: int | None = None, after: int | None = None,
    limit: int = PAGE_LIMIT,
) -> list[MessageView]:  # fmt: skip
    """A page of what both sides see, in order of `seq`: the newest, or those before or after a seq. Raises NotFound."""
    statement = (
        select(*ENTRY_COLUMNS)
        .join(C, col(C.id) == col(E.conversation_id))
        .where(col(E.conversation_id) == conversation_id, is_shared, is_visible(member))
        .limit(max(1, min(limit, 500)))
    )
    if after is not None:
        statement = statement.where(col(E.seq) > after).order_by(col(E.seq))
    else:
        statement = statement.order_by(col(E.seq).desc())
    if before is not None:
        statement = statement.where(col(E.seq) < before)
    async with reading() as connection:
        rows = (await connection.execute(statement)).all()
        if not rows:
            sight = select(C.id).where(col(C.id) == conversation_id, is_visible(member))
            if (await connection.execute(sight)).first() is None:
                raise NotFound
    return sorted((message_view(row) for row in rows), key=lambda entry: entry.seq)
