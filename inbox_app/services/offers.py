"""Accept and decline (PRODUCT 3.3): an offer is won by exactly one."""

import logging
from datetime import datetime

from inbox_app import live
from inbox_app.data import conversations, offers
from inbox_app.data.tables import ActivityRow
from inbox_app.domain import conversation as rules
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.errors import OfferGone
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_agent
from inbox_app.services import routing
from inbox_app.services.use_case import UseCase, use_case

log = logging.getLogger(__name__)


async def accept(offer_id: str, *, member: Member, now: datetime) -> str:
    """Give the conversation to the first who accepts; its id. Raises OfferGone for everyone later, NotAllowed for managers."""
    require_agent(member)
    async with use_case() as case:
        conversation = await _decided(case, offer_id, member, state="accepted", now=now)
        step = rules.accept(conversation, by=member.id, name=member.name, now=now)
        entry = await conversations.save(case.session, step)
        case.session.add(
            ActivityRow(
                visitor_id=conversation.visitor_id, type=ActivityType.ENGAGED_WITH_AGENT, title=member.name,
                conversation_id=conversation.id, at=now,
            )
        )  # fmt: skip
        if entry:
            case.tell_entry(conversation.id, None, entry)
        case.tell(live.topics.agent(member.id), "offer_gone", id=offer_id)
        case.tell(live.topics.agent(member.id), "conversation", id=conversation.id, state="active")
        case.tell(live.topics.visitor(conversation.visitor_id), "activity")
        await routing.tell_positions(case)
    log.info("accepted conversation=%s agent=%s", conversation.id, member.id)
    return conversation.id


async def decline(offer_id: str, *, member: Member, now: datetime) -> None:
    """The next agent is asked; when no untried one is available, the visitor is told at once: missed (3.4)."""
    require_agent(member)
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        conversation = await _decided(case, offer_id, member, state="declined", now=now)
        step = rules.decline(conversation, by=member.id, name=member.name, now=now)
        await conversations.save(case.session, step)
        case.tell(live.topics.agent(member.id), "offer_gone", id=offer_id)
        after = await routing.offer_next(case, step.conversation, now=now)
        if after.state is rules.State.WAITING and not await routing.someone_could_come(case, after):
            await miss(case, after, now=now)
        await routing.tell_positions(case)


async def miss(case: UseCase, conversation: rules.Conversation, *, now: datetime) -> None:
    """Nobody came: the visitor gets the fallback, the activity history a missed chat."""
    entry = await conversations.save(case.session, rules.miss(conversation, now=now))
    case.session.add(
        ActivityRow(
            visitor_id=conversation.visitor_id, type=ActivityType.MISSED_CHAT, conversation_id=conversation.id, at=now
        )
    )
    if entry:
        case.tell_entry(conversation.id, None, entry)
    case.tell(live.topics.past(), "conversation", id=conversation.id, state="missed")
    case.tell(live.topics.visitor(conversation.visitor_id), "activity")


async def _decided(case: UseCase, offer_id: str, member: Member, *, state: str, now: datetime) -> rules.Conversation:
    """The conversation is locked before its offer, as everywhere: two who lock in different order wait for each other."""
    conversation_id = await offers.conversation_of(case.session, offer_id, member.id)
    conversation = await conversations.get(case.session, conversation_id) if conversation_id else None
    if conversation is None or not await offers.decide(case.session, offer_id, member.id, state=state, now=now):
        raise OfferGone
    return conversation
