"""An agent's calendar is put into a conversation, and taken back (PRODUCT 1.7)."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from inbox_app.data import conversations, meetings
from inbox_app.data.ids import new_id
from inbox_app.data.tables import CalendarShareRow, MemberRow
from inbox_app.domain import conversation as rules
from inbox_app.domain.conversation import Conversation, EntryKind, Sender, State
from inbox_app.domain.errors import ConversationEnded, InvalidInput, NotBookable, NotFound
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_agent, require_own
from inbox_app.services.use_case import UseCase, use_case

log = logging.getLogger(__name__)


async def share(conversation_id: str, agent_id: str, *, member: Member, now: datetime) -> str:
    """The member's own calendar or another agent's, in an active conversation of the member's. Returns the share's id.

    Raises NotFound, ConversationEnded, InvalidInput for nobody, NotBookable with the reason.
    """
    async with use_case() as case:
        conversation = require_own(member, await conversations.get(case.session, conversation_id))
        if conversation.state is not State.ACTIVE:
            raise ConversationEnded("This conversation has ended. The calendar was not shared.")
        agent = await case.session.get(MemberRow, agent_id)
        if agent is None or agent.disabled_at is not None:
            raise InvalidInput("agent_id", "There is no such agent.")
        standing = await meetings.next_slot(case.session, agent, now=now)
        if standing.why_not:
            raise NotBookable(standing.why_not)
        row = await _put(case, conversation, agent, by=member, now=now)
        case.audit("calendar.shared", by=member.id, now=now, subject=agent.id, name=agent.name, share=row.id)
    log.info("shared calendar=%s conversation=%s", row.id, conversation_id)
    return row.id


async def share_first_bookable(
    case: UseCase, conversation: Conversation, agent_ids: Iterable[str], *, now: datetime
) -> None:
    """The system does it for a visitor for whom nobody came (PRODUCT 3.4), if any of these can be booked."""
    for agent_id in agent_ids:
        agent = await case.session.get_one(MemberRow, agent_id)
        if not (await meetings.next_slot(case.session, agent, now=now)).why_not:
            await _put(case, conversation, agent, by=None, now=now)
            return


async def _put(
    case: UseCase, conversation: Conversation, agent: MemberRow, *, by: Member | None, now: datetime
) -> CalendarShareRow:
    row = CalendarShareRow(
        id=new_id(), conversation_id=conversation.id, agent_id=agent.id, shared_by=by.id if by else None, shared_at=now
    )
    case.session.add(row)
    await case.session.flush()
    await _tell(case, conversation, row, agent, by=by, now=now)
    return row


async def _tell(
    case: UseCase, conversation: Conversation, row: CalendarShareRow, agent: MemberRow, *, by: Member | None,
    now: datetime,
) -> None:  # fmt: skip
    """The card as it is now, to both sides."""
    step = rules.add_card(
        conversation, EntryKind.CALENDAR_SHARE, card(row, agent), sender=Sender.AGENT if by else Sender.SYSTEM,
        by=by.id if by else None, name=by.name if by else "", now=now,
    )  # fmt: skip
    entry = await conversations.save(case.session, step)
    if entry:
        case.tell_entry(conversation.id, conversation.agent_id, entry)


def card(row: CalendarShareRow, agent: MemberRow) -> dict[str, Any]:
    """What the timeline keeps of a shared calendar."""
    return {
        "id": row.id,
        "agent": {"id": agent.id, "name": agent.name},
        "withdrawn": row.withdrawn_at is not None,
    }


async def withdraw(share_id: str, *, member: Member, now: datetime) -> None:
    """By the agent of the conversation, or by the one whose calendar it is. Withdrawn already: nothing happens.

    A meeting that was booked by it stays. Raises NotFound for what concerns neither.
    """
    require_agent(member)
    async with use_case() as case:
        row = await meetings.share_of(case.session, share_id)
        conversation = await conversations.get(case.session, row.conversation_id) if row else None
        if row is None or conversation is None or member.id not in {conversation.agent_id, row.agent_id}:
            raise NotFound
        if row.withdrawn_at is not None:
            return
        row.withdrawn_at = now
        agent = await case.session.get_one(MemberRow, row.agent_id)
        if conversation.is_open:
            await _tell(case, conversation, row, agent, by=member, now=now)
        case.audit("calendar.withdrawn", by=member.id, now=now, subject=agent.id, name=agent.name, share=row.id)
