"""What the visitor panel shows of one chat: several people may share a record, each with a browser of their own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from inbox_app.data.identity import claiming_chat, is_denied
from inbox_app.data.tables import DeviceRow
from inbox_app.data.views.rows import EMAIL, C, V, is_visible, online
from inbox_app.domain.errors import NotFound
from inbox_app.domain.people import Member, Role

D = DeviceRow
Session = AsyncSession | AsyncConnection


async def chats(session: Session, member: Member, visitor_id: str, conversation_id: str | None) -> Sequence[Any]:
    """That chat, or without one the newest, then the open ones. Raises NotFound unless the member may see it."""
    statement = (
        select(  # type: ignore[call-overload]
            C.id, C.device_id, C.agent_id, C.said_name, C.said_email, C.said_more, C.merged_by_agent,
            EMAIL.label("email"), col(D.said).label("browser_said"), col(D.user_id).label("signed_in_as"), D.page_url,
            D.language, D.time_zone, online(D.id).label("is_online"),
            (col(D.visitor_id) == visitor_id).label("has_browser"),
        )
        .join(D, col(D.id) == col(C.device_id))
        .join(V, col(V.id) == col(C.visitor_id))
        .where(col(C.visitor_id) == visitor_id, is_visible(member))
        .order_by(col(C.requested_at).desc(), col(C.id).desc())
    )  # fmt: skip
    if conversation_id is None:
        newest = _newest(member, visitor_id)
        statement = statement.where(or_(col(C.id) == newest, col(C.state) == "active"))
    else:
        statement = statement.where(col(C.id) == conversation_id)
    found = (await session.execute(statement)).all()
    if not found:
        raise NotFound
    return found  # type: ignore[no-any-return]


def _newest(member: Member, visitor_id: str) -> Any:
    newest = select(col(C.id)).where(col(C.visitor_id) == visitor_id, is_visible(member))
    ordered = newest.order_by(col(C.requested_at).desc(), col(C.id).desc()).limit(1)
    return ordered.correlate(None).scalar_subquery()


def is_signed_in(chats: Sequence[Any], record: Any) -> bool:
    """Whether the browsers of all these chats have proved that they are the record's user."""
    return bool(record.user_id) and all(chat.signed_in_as == record.user_id for chat in chats)


def is_email_confirmed(chat: Any | None, record: Any) -> bool:
    """Whether the record's address is; beside a chat, also whether its browser isn't there by a merge alone."""
    return bool(record.email) and not (chat and chat.merged_by_agent)


def said(chat: Any, record: Any) -> dict[str, str]:
    """What was said in the chat and the record doesn't say too."""
    words = {"name": chat.said_name, "email": chat.said_email, **chat.said_more}
    known = {**{name: getattr(record, name) for name in words}, "email": record.email or record.said_email}
    return {name: value for name, value in words.items() if value not in {"", known[name]}}


def surroundings(chat: Any, record: Any) -> dict[str, Any]:
    """Where the chat's visitor is, by their own browser unless somebody else uses it now."""
    names = ("page_url", "language", "time_zone")
    if chat is None:
        return {name: getattr(record, name) for name in (*names, "is_online")}
    own = {name: (chat.has_browser and getattr(chat, name)) or getattr(record, name) for name in names}
    return own | {"is_online": bool(chat.has_browser and chat.is_online)}


def is_its_agent(member: Member, chat: Any) -> bool:
    """Who may have a link sent to the address that is claimed in the chat."""
    return member.role is Role.ADMIN or chat.agent_id == member.id


async def claiming(session: Session, member: Member, record: Any, chat: Any | None) -> Any:
    """(conversation, device) whose claim to the record's address a link would confirm, or None.

    Only that of the chat that is shown; without one, that of the member's newest chat in which it's claimed. For a
    proved address, only that of a chat that an agent merged.
    """
    email = record.said_email
    if record.email:
        email = record.email if chat is not None and chat.merged_by_agent else ""
    if not email:
        return None
    if chat is None:
        return await claiming_chat(session, member, record.id, email)
    is_claimed = chat.has_browser and chat.email == chat.browser_said.get("email") == email
    if not is_claimed or not is_its_agent(member, chat):
        return None
    return None if await is_denied(session, chat.device_id, email) else chat
