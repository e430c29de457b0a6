"""Who is asked: offers waiting conversations to agents. Called whenever something frees a way: a request, an end, a switch."""

import logging
from dataclasses import asdict
from datetime import datetime

from inbox_app import live
from inbox_app.data import conversations, offers
from inbox_app.data.instants import iso
from inbox_app.data.models import OfferView
from inbox_app.data.tables import ConversationRow, VisitorRow
from inbox_app.domain import conversation as rules
from inbox_app.domain.conversation import Conversation, State
from inbox_app.domain.people import visitor_title
from inbox_app.domain.routing import could_come, next_agent
from inbox_app.services.use_case import UseCase, use_case

WHY_ROUND_ROBIN = "It is your turn: everyone who is available takes turns."
log = logging.getLogger(__name__)


async def offer_waiting(*, now: datetime) -> None:
    """Offer every waiting conversation, oldest first, to whoever can take it."""
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        for conversation in await conversations.waiting(case.session):
            await offer_next(case, conversation, now=now)
        await tell_positions(case)


async def offer_next(case: UseCase, conversation: Conversation, *, now: datetime) -> Conversation:
    """Ask the next agent. Nobody can now: it waits; nobody untried is available after a decline: see `decline`."""
    asked = await offers.tried(case.session, conversation.id)
    choice = next_agent(await offers.candidates(case.session), tried=asked)
    if choice is None:
        return conversation
    conversation = await conversations.get(case.session, conversation.id) or conversation  # locked: the visitor may leave
    if conversation.state is not State.WAITING:
        return conversation
    step = rules.offer(conversation, to=choice.agent_id, name=choice.name, why=WHY_ROUND_ROBIN, now=now)
    await conversations.save(case.session, step)
    offer = await offers.add(case.session, conversation.id, choice.agent_id, why=WHY_ROUND_ROBIN, now=now)
    row = await case.session.get_one(ConversationRow, conversation.id)
    row.why = offer.why
    visitor = await case.session.get_one(VisitorRow, row.visitor_id)
    words = await conversations.first_words(case.session, conversation.id)
    view = OfferView(
        id=offer.id, conversation_id=row.id, visitor_name=visitor_title(visitor.name, visitor.id), text=words[:200],
        page_url=row.page_url, why=offer.why, offered_at=iso(now), expires_at="",
    )  # fmt: skip
    case.tell(live.topics.agent(choice.agent_id), "offer", **asdict(view))
    log.info("offered conversation=%s agent=%s", row.id, choice.agent_id)
    return step.conversation


async def someone_could_come(case: UseCase, conversation: Conversation) -> bool:
    """PRODUCT 3.4: whether waiting still makes sense."""
    asked = await offers.tried(case.session, conversation.id)
    return could_come(await offers.candidates(case.session), tried=asked)


async def withdraw_offers(case: UseCase, conversation_id: str, *, now: datetime) -> None:
    """What rings stops ringing."""
    for offer_id, agent_id in await offers.withdraw(case.session, conversation_id, now=now):
        case.tell(live.topics.agent(agent_id), "offer_gone", id=offer_id)


async def take_back(case: UseCase, conversation_id: str, *, now: datetime) -> None:
    """What rings at somebody waits again, for another."""
    conversation = await conversations.get(case.session, conversation_id)
    if conversation and conversation.state is State.OFFERED:
        await conversations.save(case.session, rules.withdraw(conversation, now=now))
        await withdraw_offers(case, conversation_id, now=now)


async def tell_positions(case: UseCase) -> None:
    """Tell every visitor who waits the present position, counted from 1."""
    for position, conversation_id in enumerate(await conversations.queue(case.session), start=1):
        case.tell(live.topics.conversation(conversation_id), "queue", position=position)
