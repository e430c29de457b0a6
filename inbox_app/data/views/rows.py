"""Pieces that several views share: who may see what as SQL, who is online, keyset cursors, rows to view values."""

import base64
import json
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, false, func, or_, select
from sqlmodel import col

from inbox_app.clock import now
from inbox_app.data.instants import iso
from inbox_app.data.models import ConversationRowView, MessageView
from inbox_app.data.tables import ConnectionRow, ConversationRow, EntryRow, MemberRow, ProcessRow, VisitorRow
from inbox_app.data.tables.columns import UtcDateTime
from inbox_app.domain import people
from inbox_app.domain.conversation import PAST, SEEN_BY_BOTH
from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.identity import more_in_chat
from inbox_app.domain.leases import PROCESS, SKEW
from inbox_app.domain.people import Member, spellings

C, V, M, E = ConversationRow, VisitorRow, MemberRow, EntryRow
is_past: Final = col(C.state).in_(sorted(PAST))
is_shared: Final = col(E.kind).in_(sorted(SEEN_BY_BOTH))


def is_own_active(member: Member) -> ColumnElement[bool]:
    """PRODUCT 1.1: nobody but its agent sees an active conversation; who takes no chats any more is no agent."""
    if not member.is_agent:
        return false()
    return and_(col(C.state) == "active", col(C.agent_id) == member.id)


def is_visible(member: Member) -> ColumnElement[bool]:
    """`permissions.can_see` as SQL."""
    return or_(is_past, is_own_active(member))


def is_alive() -> ColumnElement[bool]:
    """Whether a process holds its lease. The clock is read when a statement is executed, which may be made once."""
    since = bindparam("alive_since", callable_=lambda: now() - PROCESS, type_=UtcDateTime(), unique=True)
    latest = bindparam("alive_until", callable_=lambda: now() + SKEW, type_=UtcDateTime(), unique=True)
    return col(ProcessRow.renewed_at).between(since, latest)


def online(subject: Any) -> ColumnElement[bool]:
    """Whether a live connection of this subject (a device or a member) is held by a living process."""
    found: ColumnElement[bool] = (
        select(ConnectionRow.id)
        .join(ProcessRow, col(ProcessRow.id) == col(ConnectionRow.process_id))
        .where(col(ConnectionRow.subject_id) == subject, is_alive())
        .exists()
    )
    return found


NAME: Final[Any] = case(
    (col(C.keeps_words), col(C.said_name)), else_=func.coalesce(func.nullif(col(C.said_name), ""), col(V.name))
)
"""What a conversation's visitor is called in it: by the name given there, else by the record's."""
EMAIL: Final[Any] = case(
    (col(C.keeps_words), col(C.said_email)),
    else_=func.coalesce(func.nullif(col(C.said_email), ""), col(V.email), col(V.said_email)),
)
EMAIL_CONFIRMED: Final[Any] = and_(
    col(V.email).is_not(None),
    ~col(C.merged_by_agent),
    or_(and_(col(C.said_email) == "", ~col(C.keeps_words)), col(C.said_email) == col(V.email)),
).label("email_confirmed")
"""Whether that address is proved, or was entered by an agent."""


def confirms(address: Any) -> ColumnElement[bool]:
    """Whether this address, given in a chat, is proved or was entered by an agent."""
    return and_(col(V.email) == address, ~col(C.merged_by_agent))


NAMES: Final[tuple[Any, ...]] = (
    col(C.said_name), col(C.said_email), col(C.said_more)["company"].as_string(), col(V.name), col(V.email),
    col(V.said_email), col(V.company),
)  # fmt: skip
"""Where a search for a visitor looks."""

ADDRESSES: Final[tuple[Any, ...]] = (col(C.said_email), col(V.email), col(V.said_email))
MORE: Final[tuple[Any, ...]] = (C.said_more, C.keeps_words, V.phone, V.job_title, V.company)
"""What `more_of` reads."""

ROW_COLUMNS: Final[tuple[Any, ...]] = (
    C.id, C.state, C.end_reason, C.agent_id, C.activity_at, C.unread, C.waiting_since, C.last_text, C.last_sender,
    C.visitor_id, NAME.label("name"), col(M.name).label("agent_name"),
)  # fmt: skip


def more_of(row: Any) -> dict[str, str]:
    """The visitor's phone, job title and company in the conversation."""
    return more_in_chat(row.said_more, row, keeps_words=row.keeps_words)


def row_query() -> Any:
    """Conversations joined with what a line of the list shows."""
    return (
        select(*ROW_COLUMNS, online(C.device_id).label("is_online"))  # type: ignore[call-overload]
        .join(V, col(V.id) == col(C.visitor_id))
        .outerjoin(M, col(M.id) == col(C.agent_id))
    )


def row_view(row: Row[Any], member_id: str) -> ConversationRowView:
    """A line of the list."""
    title = people.visitor_title(row.name, row.visitor_id)
    is_active = row.state == "active"
    return ConversationRowView(
        id=row.id, title=title, initials=people.initials(title), colour=people.colour_of(row.visitor_id),
        state=row.state, end_reason=row.end_reason or "", is_mine=row.agent_id == member_id,
        agent_name=row.agent_name or "", is_online=row.is_online, preview=row.last_text, preview_by=row.last_sender,
        at=iso(row.activity_at), unread=row.unread if is_active else 0,
        waiting_since=iso(row.waiting_since) if is_active else "",
    )  # fmt: skip


ENTRY_COLUMNS: Final[tuple[Any, ...]] = (
    E.seq, E.kind, E.sender, E.actor_name, E.text, E.at, E.client_id, E.state, E.end_reason, E.details,
)  # fmt: skip


def message_view(row: Row[Any]) -> MessageView:
    """An entry that both sides see."""
    return MessageView(
        seq=row.seq, kind=row.kind, sender=row.sender, sender_name=row.actor_name, text=row.text, at=iso(row.at),
        client_id=row.client_id or "", state=row.state or "", end_reason=row.end_reason or "",
        details=row.details or {},
    )  # fmt: skip


def cursor(at: datetime, identifier: str) -> str:
    """Where a page ended, as a text that callers hand back unread."""
    return base64.urlsafe_b64encode(json.dumps([at.timestamp(), identifier]).encode()).decode().rstrip("=")


def after_cursor(before: str, at: Any, identifier: Any, *, is_rising: bool = False) -> ColumnElement[bool]:
    """What follows a cursor in an order of newest first, or of oldest first (`is_rising`).

    Raises InvalidInput for a text that is no cursor.
    """
    try:
        seconds, last_id = json.loads(base64.urlsafe_b64decode(before + "=" * (-len(before) % 4)))
        instant = datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, TypeError, OverflowError, OSError, RecursionError):
        last_id = None
    if not isinstance(last_id, str) or not last_id.isprintable():
        raise InvalidInput("before", "Invalid cursor. Leave it out to get the first page.")
    if is_rising:
        return or_(col(at) > instant, and_(col(at) == instant, col(identifier) > last_id))
    return or_(col(at) < instant, and_(col(at) == instant, col(identifier) < last_id))


def names_contain(text: str, *more: Any) -> ColumnElement[bool]:
    """Whether one of NAMES, or of the columns beside them, holds the text; a domain in whichever spelling."""
    others = [spelling for spelling in spellings(text) if spelling not in {"", text.lower()}]
    return or_(contains(text, *NAMES, *more), *(contains(other, *ADDRESSES) for other in others))


def contains(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether one of the columns holds the text, whatever its case."""
    return or_(*(column.icontains(text, autoescape=True) for column in columns))
