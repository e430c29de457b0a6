"""What event streams read of conversations."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ARRAY, JSON, Integer, Text, bindparam, column, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from inbox_app.data.engine import database, reading
from inbox_app.data.epoch import epoch
from inbox_app.data.gathering import Gathering
from inbox_app.data.models import MessageView
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.data.views.conversations import idle_ends
from inbox_app.data.views.rows import ENTRY_COLUMNS, C, E, M, is_own_active, is_shared, message_view
from inbox_app.domain.people import Member

WAITING: Final = ("waiting", "offered")


@dataclass(frozen=True)
class ChatView:
    """A visitor's conversation.

    `queue_position`: from 1, 0 when it is not waiting. `idle_ends_at`: as in ConversationView. `epoch`: of the history
    that all of this belongs to. `is_stored`: whether the entry is there after which it was asked for.
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
    epoch: str = ""
    is_stored: bool = True
    entries: list[MessageView] = field(default_factory=list)


@dataclass(frozen=True)
class _Asked:
    """One question: a conversation from a seq on, by a browser."""

    id: str
    device_id: str
    after: int


async def chat(conversation_id: str, device_id: str, *, after: int = 0) -> ChatView | None:
    """The conversation and its entries after a seq, or None when it is not this device's."""
    return await _chat(_Asked(conversation_id, device_id, after))


async def _chats(asked: list[_Asked]) -> list[ChatView | None]:
    """Answer all callers of one moment, as after a restart, with the statements that a single one would take."""
    history = await epoch()
    async with reading() as connection:
        rows = await _heads(connection, asked)
        own = [one for one in asked if one.id in rows and rows[one.id].device_id == one.device_id]
        entries = await _entries(connection, [one for one in own if one.after < rows[one.id].last_seq])
        places = await _places(connection) if any(row.state in WAITING for row in rows.values()) else {}
        ends = await idle_ends(connection, rows.values())
    views = {
        one: _view(
            rows[one.id], [entry for entry in entries[one.id] if entry.seq > one.after], epoch=history,
            is_stored=_is_stored(one.after, rows[one.id].last_seq, entries[one.id]),
            queue_position=places.get(one.id, 0), idle_ends_at=ends.get(one.id, ""),
        )
        for one in own
    }  # fmt: skip
    return [views.get(one) for one in asked]


_chat: Final = Gathering(uninterrupted(_chats))


def _view(row: Any, entries: list[MessageView], **more: Any) -> ChatView:
    return ChatView(
        id=row.id, state=row.state, end_reason=row.end_reason or "", agent_id=row.agent_id or "",
        agent_name=row.agent_name or "", last_seq=row.last_seq, seen_by_agent=row.agent_seen_seq,
        seen_by_visitor=row.visitor_seen_seq, entries=entries, **more,
    )  # fmt: skip


def _is_stored(after: int, last_seq: int, entries: Iterable[MessageView]) -> bool:
    return after in {0, last_seq} or any(entry.seq == after for entry in entries)


async def _heads(connection: AsyncConnection, asked: Iterable[_Asked]) -> dict[str, Any]:
    """The conversations, by id."""
    seqs, values = _seqs(asked)
    statement: Any = (
        select(C, M.name.label("agent_name"))  # type: ignore[attr-defined]
        .join(seqs, col(C.id) == seqs.c.id)
        .outerjoin(M, col(M.id) == col(C.agent_id))
    )
    return {row.id: row for row in (await connection.execute(statement, values)).all()}


_PLACES: Final = select(
    col(C.id), func.row_number().over(order_by=(col(C.requested_at), col(C.id)))
).where(col(C.state).in_(WAITING))  # fmt: skip


async def _places(connection: AsyncConnection) -> dict[str, int]:
    """The place in the queue of every waiting visitor, from 1."""
    return {row[0]: row[1] for row in (await connection.execute(_PLACES)).all()}


def _seqs(asked: Iterable[_Asked]) -> tuple[Any, dict[str, Any]]:
    """A table of (id, after) and its values: any number of questions makes the same statement.

    Two callers that ask about one conversation share the lower seq.
    """
    lowest = dict[str, int]()
    for one in asked:
        lowest[one.id] = min(one.after, lowest.get(one.id, one.after))
    if database().is_sqlite:
        pairs = func.json_each(bindparam("lowest", type_=JSON)).table_valued("key", "value")
        return select(pairs.c.key.label("id"), pairs.c.value.label("after")).subquery(), {"lowest": lowest}
    ids, afters = bindparam("ids", type_=ARRAY(Text)), bindparam("afters", type_=ARRAY(Integer))
    table = func.unnest(ids, afters).table_valued(column("id", Text), column("after", Integer)).render_derived()
    return table, {"ids": list(lowest), "afters": list(lowest.values())}


async def _entries(connection: AsyncConnection, asked: Collection[_Asked]) -> dict[str, list[MessageView]]:
    """What both sides see, by conversation: what follows a seq, and the entry that has it."""
    found = defaultdict[str, list[MessageView]](list)
    if not asked:
        return found
    seqs, values = _seqs(asked)
    statement: Any = (
        select(E.conversation_id, *ENTRY_COLUMNS)
        .join(seqs, (col(E.conversation_id) == seqs.c.id) & (col(E.seq) >= seqs.c.after))
        .where(is_shared)
        .order_by(col(E.seq))
    )
    for row in (await connection.execute(statement, values)).all():
        found[row.conversation_id].append(message_view(row))
    return found


async def entries_after(conversation_id: str, after: int) -> list[MessageView]:
    """What both sides see after a seq; for a stream that has checked whose it is."""
    async with reading() as connection:
        found = await _entries(connection, [_Asked(conversation_id, "", after)])
    return [entry for entry in found[conversation_id] if entry.seq > after]


async def is_stored(conversation_id: str, seq: int) -> bool:
    """Whether that entry is there, or none is asked for; for a caller that has checked whose it is."""
    statement: Any = select(E.id).where(col(E.conversation_id) == conversation_id, col(E.seq) == seq)
    if seq == 0:
        return True
    async with reading() as connection:
        return (await connection.execute(statement)).first() is not None


async def active_of(member: Member) -> dict[str, int]:
    """The member's own active conversations, and the last seq of each."""
    statement: Any = select(C.id, C.last_seq).where(is_own_active(member))  # type: ignore[call-overload]
    async with reading() as connection:
        return {row.id: row.last_seq for row in (await connection.execute(statement)).all()}
