"""The visitor panel and the activity history."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from inbox_app import clock
from inbox_app.data.engine import reading
from inbox_app.data.identity import same_address
from inbox_app.data.instants import iso
from inbox_app.data.models import ActivityView, PreviousChat, SameAddress, VisitorView
from inbox_app.data.outbox import planned_since
from inbox_app.data.tables import ActivityRow, DeviceRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.data.views import visitor_chat
from inbox_app.data.views.rows import C, M, V, is_past, is_visible, online
from inbox_app.domain.activity import FROM_CRM, FROM_CRM_AT_MOST, shown_since
from inbox_app.domain.errors import NotFound
from inbox_app.domain.people import Member
from inbox_app.settings import get_settings

PREVIOUS_CHATS = 10
ACTIVITIES = 200
LINK_MAIL = "mail.address"
"""Its kind in the outbox."""


def _is_known_to(member: Member) -> ColumnElement[bool]:
    """A visitor is shown to those who may see one of the visitor's conversations."""
    found: ColumnElement[bool] = (
        select(C.id).where(col(C.visitor_id) == col(V.id), is_visible(member)).correlate(V).exists()
    )
    return found


@uninterrupted
async def visitor(member: Member, visitor_id: str, conversation_id: str | None = None) -> VisitorView:
    """PRODUCT 1.4. `conversation_id`: the chat that is shown with it, one of this visitor's.

    Raises NotFound for a visitor with whom the member has nothing to do, and for a chat that the member may not see.
    """
    is_online = (
        select(DeviceRow.id).where(col(DeviceRow.visitor_id) == col(V.id), online(DeviceRow.id)).correlate(V).exists()
    )
    previous = (
        select(C.id, C.requested_at, C.state, C.end_reason, col(M.name).label("agent_name"))
        .outerjoin(M, col(M.id) == col(C.agent_id))
        .where(col(C.visitor_id) == visitor_id, is_past)
        .order_by(col(C.requested_at).desc())
        .limit(PREVIOUS_CHATS)
    )
    async with reading() as connection:
        statement = select(V, is_online.label("is_online")).where(col(V.id) == visitor_id, _is_known_to(member))
        row = (await connection.execute(statement)).first()
        if row is None:
            raise NotFound
        told = await visitor_chat.chats(connection, member, visitor_id, conversation_id)
        past = (await connection.execute(previous)).all()
        others = (await connection.execute(same_address(member, visitor_id))).all()
        chat = None if conversation_id is None else told[0]
        can_send_link, is_link_sent = await _link(connection, member, row, chat)
    return VisitorView(
        id=row.id, name=row.name, job_title=row.job_title, email=row.email or row.said_email, phone=row.phone,
        crm_status=row.crm_status, company=row.company, referrer=row.referrer, country=row.country,
        browser=row.browser, tags=list(row.tags), user_id=row.user_id or "",
        is_signed_in=visitor_chat.is_signed_in(told, row),
        is_email_confirmed=visitor_chat.is_email_confirmed(chat, row),
        can_send_link=can_send_link, is_link_sent=is_link_sent, said=visitor_chat.said(told[0], row),
        same_address=[SameAddress(one.id, one.name, one.company, bool(one.email)) for one in others],
        previous_chats=[
            PreviousChat(one.id, iso(one.requested_at), one.agent_name or "", one.state, one.end_reason or "")
            for one in past
        ],
        **visitor_chat.surroundings(chat, row),
    )  # fmt: skip


async def _link(connection: AsyncConnection, member: Member, row: Any, chat: Any | None) -> tuple[bool, bool]:
    """Whether the member can have a link sent to the claimed address, and whether one was in the past hour."""
    if get_settings().smtp_url is None:
        return False, False
    claiming = await visitor_chat.claiming(connection, member, row, chat)
    if claiming is None:
        return False, False
    sent = await planned_since(connection, LINK_MAIL, clock.now() - timedelta(hours=1))
    return True, any(
        one["email"] == (row.email or row.said_email) and one["device_id"] == claiming.device_id for one in sent
    )


@uninterrupted
async def activities(member: Member, visitor_id: str, *, now: datetime) -> list[ActivityView]:
    """PRODUCT 1.6: the past 90 days, newest first; of the CRM's at most the 25 most recent. Raises NotFound.

    What tells of another agent's active conversation is left out (1.1): not even its existence is shown.
    """
    visible = select(C.id).where(is_visible(member), col(C.visitor_id) == visitor_id)
    base = (
        select(ActivityRow.id, ActivityRow.type, ActivityRow.at, ActivityRow.title, ActivityRow.conversation_id)
        .where(
            col(ActivityRow.visitor_id) == visitor_id,
            col(ActivityRow.at) >= shown_since(now),
            col(ActivityRow.conversation_id).is_(None) | col(ActivityRow.conversation_id).in_(visible),
        )
        .order_by(col(ActivityRow.at).desc(), col(ActivityRow.id).desc())
    )
    from_crm = col(ActivityRow.type).in_(sorted(FROM_CRM))
    async with reading() as connection:
        known = select(V.id).where(col(V.id) == visitor_id, _is_known_to(member))
        if (await connection.execute(known)).first() is None:
            raise NotFound
        rows = list((await connection.execute(base.where(~from_crm).limit(ACTIVITIES))).all())
        rows += (await connection.execute(base.where(from_crm).limit(FROM_CRM_AT_MOST))).all()
    rows.sort(key=lambda row: (row.at, row.id), reverse=True)
    return [ActivityView(row.id or 0, row.type, iso(row.at), row.title, row.conversation_id or "") for row in rows]
