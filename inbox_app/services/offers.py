"""Accept, decline, and time over (PRODUCT 3.3): an offer is won by exactly one."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from inbox_app import live
from inbox_app.data import conversations, offers, rule_settings, tasks
from inbox_app.data.tables import ActivityRow, MemberRow
from inbox_app.domain import conversation as rules
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.chat_settings import MISSES_BEFORE_UNAVAILABLE
from inbox_app.domain.errors import OfferGone
from inbox_app.domain.idle import warning_time
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_agent
from inbox_app.services import availability, routing
from inbox_app.services.use_case import UseCase, use_case

IDLE = "idle"
log = logging.getLogger(__name__)


async def accept(offer_id: str, *, member: Member, now: datetime) -> str:
    """Give the conversation to the first who accepts; its id.

    Raises OfferGone for everyone later, NotAllowed for managers.
    """
    require_agent(member)
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        conversation = await _decided(case, offer_id, member, state="accepted", now=now)
        step = rules.accept(conversation, by=member.id, name=member.name, now=now)
        entry = await conversations.save(case.session, step)
        case.session.add(
            ActivityRow(
                visitor_id=conversation.visitor_id, type=ActivityType.ENGAGED_WITH_AGENT, title=member.name,
                conversation_id=conversation.id, at=now,
            )
        )  # fmt: skip
        await _forget_misses(case.session, member.id)
        settings = await rule_settings.load(case.session)
        idle = timedelta(minutes=settings.idle_minutes)
        await tasks.plan(case.session, IDLE, conversation.id, due_at=now + idle - warning_time(idle))
        if entry:
            case.tell_entry(conversation.id, None, entry)
        case.tell(live.topics.agent(member.id), "offer_gone", id=offer_id)
        case.tell(live.topics.agent(member.id), "conversation", id=conversation.id, state="active")
        case.tell(live.topics.visitor(conversation.visitor_id), "activity")
        await routing.tell_positions(case)
    log.info("accepted conversation=%s agent=%s", conversation.id, member.id)
    return conversation.id


async def decline(offer_id: str, *, member: Member, now: datetime) -> None:
    """The next agent is asked; when no untried one could come, the visitor is told at once (3.4).

    Who declined has room for another who waits.
    """
    require_agent(member)
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        conversation = await _decided(case, offer_id, member, state="declined", now=now)
        step = rules.decline(conversation, by=member.id, name=member.name, now=now)
        await conversations.save(case.session, step)
        await _forget_misses(case.session, member.id)
        case.tell(live.topics.agent(member.id), "offer_gone", id=offer_id)
        await routing.offer_waiting_in(case, now=now)


async def expire(case: UseCase, offer_id: str, *, now: datetime) -> None:
    """Its time is over: the next agent is asked. Three in a row: the agent is set to unavailable, and told so (3.3)."""
    conversation_id = await offers.conversation_of(case.session, offer_id)
    conversation = await conversations.get(case.session, conversation_id) if conversation_id else None
    offer = await offers.expire(case.session, offer_id, now=now)
    if offer is None:
        return
    case.tell(live.topics.agent(offer.agent_id), "offer_gone", id=offer_id)
    row = await case.session.get_one(MemberRow, offer.agent_id)
    row.misses += 1
    if row.misses >= MISSES_BEFORE_UNAVAILABLE:
        row.misses = 0
        await availability.switch_off(case, row, reason="misses", now=now)
        await routing.take_back(case, row.id, now=now)
    if conversation and conversation.state is rules.State.OFFERED:
        step = rules.expire(conversation, by=row.id, name=row.name, now=now)
        await conversations.save(case.session, step)
    await routing.offer_waiting_in(case, now=now)


async def _forget_misses(session: AsyncSession, member_id: str) -> None:
    row = await session.get_one(MemberRow, member_id)
    row.misses = 0


async def _decided(case: UseCase, offer_id: str, member: Member, *, state: str, now: datetime) -> rules.Conversation:
    conversation_id = await offers.conversation_of(case.session, offer_id)
    conversation = await conversations.get(case.session, conversation_id) if conversation_id else None
    if conversation is None or not await offers.decide(case.session, offer_id, member.id, state=state, now=now):
        raise OfferGone
    return conversation
