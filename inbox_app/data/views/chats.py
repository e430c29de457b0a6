"""What event streams read of conversations."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.models import MessageView
from inbox_app.data.tables import ConversationRow
from inbox_app.data.views.conversations import idle_end
from inbox_app.data.views.rows import ENTRY_COLUMNS, C, E, M, is_own_active, is_shared, message_view
from inbox_app.domain.people import Member


@dataclass(frozen=True)
class ChatView:
    """A visitor's conversation.

    `queue_position`: from 1, 0 when it is not waiting. `idle_ends_at`: as in ConversationView.
    """

    id: str
    state: str
    end_reason: str
    agent_id: str
    agent_name: str
    last_seq: int
    seen_by_agent: int
    seen_by_visitor: int
    queue_position: int
    idle_ends_at: str = ""
    entries: list[MessageView] = field(default_factory=list)


async def chat(conversation_id: str, device_id: str, *, after: int = 0) -> ChatView | None:
    """The conversation and its entries after a seq, or None when it is not this device's."""
    ahead = (
        select(func.count()).select_from(ConversationRow).where(col(ConversationRow.state).in_(["waiting", "offered"]))
    )
    head = (
        select(C, M.name.label("agent_name"))  # type: ignore[attr-defined]
        .outerjoin(M, col(M.id) == col(C.agent_id))
        .where(col(C.id) == conversation_id, col(C.device_id) == device_id)
    )
    async with reading() as connection:
        row = (await connection.execute(head)).first()
        if row is None:
            return None
        position = 0
        if row.state in {"waiting", "offered"}:
            before = ahead.where(
                (col(ConversationRow.requested_at) < row.requested_at)
                | ((col(ConversationRow.requested_at) == row.requested_at) & (col(ConversationRow.id) <= row.id))
            )
            position = int((await connection.execute(before)).scalar_one())
        entries = (await connection.execute(_entries(conversation_id, after))).all()
        idle_ends_at = await idle_end(connection, row)
    return ChatView(
        id=row.id, state=row.state, end_reason=row.end_reason or "", agent_id=row.agent_id or "",
        agent_name=row.agent_name or "", last_seq=row.last_seq, seen_by_agent=row.agent_seen_seq,
        seen_by_visitor=row.visitor_seen_seq, queue_position=position, idle_ends_at=idle_ends_at,
        entries=[message_view(entry) for entry in entries],
    )  # fmt: skip


def _entries(conversation_id: str, after: int) -> Any:
    return (
        select(*ENTRY_COLUMNS)
        .where(col(E.conversation_id) == conversation_id, is_shared, col(E.seq) > after)
        .order_by(col(E.seq))
    )


async def entries_after(conversation_id: str, after: int) -> list[MessageView]:
    """What both sides see after a seq; for a stream that has checked whose it is."""
    async with reading() as connection:
        return [message_view(row) for row in (await connection.execute(_entries(conversation_id, after))).all()]


async def active_of(member: Member) -> dict[str, int]:
    """The member's own active conversations, and the last seq of each."""
    statement: Any = select(C.id, C.last_seq).where(is_own_active(member))  # type: ignore[call-overload]
    async with reading() as connection:
        return {row.id: row.last_seq for row in (await connection.execute(statement)).all()}
