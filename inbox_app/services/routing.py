"""Who is asked: offers waiting conversations to agents.

Called whenever something frees a way: a request, an end, a switch.
"""

import json
import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from inbox_app import live
from inbox_app.data import conversations, offers, rule_settings, tasks
from inbox_app.data.instants import iso
from inbox_app.data.models import OfferView
from inbox_app.data.offers import OfferEnd
from inbox_app.data.tables import ActivityRow
from inbox_app.domain import conversation as rules
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.conversation import Conversation, State
from inbox_app.domain.people import visitor_title
from inbox_app.domain.routing import Decision, decide, hosts
from inbox_app.services import circumstances, settling, shares
from inbox_app.services.circumstances import Circumstances, Question
from inbox_app.services.use_case import UseCase, use_case

OFFER_EXPIRY = "offer_expiry"
log = logging.getLogger(__name__)


async def offer_waiting(*, now: datetime) -> None:
    """Offer every waiting conversation, oldest first, to whoever can take it.

    Those for whom nobody can come are missed.
    """
    async with use_case() as case:
        await offer_waiting_in(case, now=now)


async def offer_waiting_in(case: UseCase, *, now: datetime) -> None:
    """The same inside a use case."""
    await conversations.begin_routing(case.session)
    waiting = await conversations.waiting(case.session)
    if waiting:
        present = await circumstances.at_present(case.session, now=now)
        for conversation in waiting:
            await offer_or_miss(case, conversation, present, now=now)
    await tell_positions(case)


async def offer_or_miss(
    case: UseCase, conversation: Conversation, present: Circumstances, *, now: datetime
) -> Conversation:
    """Ask the next agent.

    PRODUCT 3.4: when no untried agent is available and present, busy or not, it is missed at once; right after a start
    it waits for those who come back.

    The caller holds the routing lock.

    """
    found_now = await conversations.get(case.session, conversation.id)  # locked: the visitor may be leaving
    if found_now is None or found_now.state is not State.WAITING:
        return found_now or conversation
    asked = await circumstances.question(case.session, present, conversation.id)
    decision = decide(asked.attributes, asked.candidates, asked.policy, tried=asked.tried, claimed=asked.claimed)
    if decision.agent is not None:
        present.asked(decision.agent)
        return await _offer(case, conversation, decision, asked, present.settings.offer_seconds, now=now)
    if asked.could_someone_come(counts_expected=True) or not settling.is_over():
        return conversation
    return await miss(case, conversation, asked, now=now)


async def could_others_come(case: UseCase, conversation: Conversation, *, now: datetime) -> bool:
    """PRODUCT 3.8: whether there is anybody to whom a chat can be given; who had it was asked already."""
    return (await _question_now(case, conversation, now=now)).could_someone_come(counts_expected=False)


async def _question_now(case: UseCase, conversation: Conversation, *, now: datetime) -> Question:
    present = await circumstances.at_present(case.session, now=now)
    return await circumstances.question(case.session, present, conversation.id)


async def _offer(
    case: UseCase, conversation: Conversation, decision: Decision, asked: Question, offer_seconds: int, *, now: datetime
) -> Conversation:
    agent, row, visitor = decision.agent, asked.row, asked.visitor
    if agent is None:
        raise ValueError("nobody was chosen")
    why = json.dumps(asdict(decision.why))
    step = rules.offer(conversation, to=agent.agent_id, name=agent.name, why=str(decision.why), now=now)
    await conversations.save(case.session, step)
    row.why = why
    expires_at = now + timedelta(seconds=offer_seconds)
    offer = await offers.add(case.session, conversation.id, agent.agent_id, why=why, now=now, expires_at=expires_at)
    await tasks.plan(case.session, OFFER_EXPIRY, offer.id, due_at=expires_at)
    words = await conversations.first_words(case.session, conversation.id)
    view = OfferView(
        id=offer.id, conversation_id=row.id, visitor_name=visitor_title(row.said_name or visitor.name, visitor.id),
        text=words[:200],
        page_url=row.page_url, why=str(decision.why), offered_at=iso(now), expires_at=iso(expires_at),
        why_kind=decision.why.kind.value, why_name=decision.why.name, why_on_claim=decision.why.on_claim,
    )  # fmt: skip
    case.tell(live.topics.agent(agent.agent_id), "offer", **asdict(view))
    log.info("offered conversation=%s agent=%s why=%s", row.id, agent.agent_id, decision.why.kind)
    return step.conversation


async def miss(
    case: UseCase, conversation: Conversation, asked: Question | None = None, *, now: datetime
) -> Conversation:
    """Nobody came: the visitor gets the fallback, the history a missed chat, the agents a line to follow up.

    `asked`: what was found when somebody was looked for, if that was just now.
    """
    if (await rule_settings.load(case.session)).fallback_meeting:
        asked = asked or await _question_now(case, conversation, now=now)
        whose = hosts(asked.attributes, asked.candidates, asked.policy)
        await shares.share_first_bookable(case, conversation, whose, now=now)
    step = rules.miss(conversation, now=now)
    entry = await conversations.save(case.session, step)
    await withdraw_offers(case, conversation.id, now=now)
    case.session.add(
        ActivityRow(
            visitor_id=conversation.visitor_id, type=ActivityType.MISSED_CHAT, conversation_id=conversation.id, at=now
        )
    )
    if entry:
        case.tell_entry(conversation.id, None, entry)
    case.tell(live.topics.past(), "conversation", id=conversation.id, state=State.MISSED.value)
    case.tell(live.topics.visitor(conversation.visitor_id), "activity")
    log.info("missed conversation=%s", conversation.id)
    return step.conversation


async def withdraw_offers(case: UseCase, conversation_id: str, *, state: OfferEnd = "withdrawn", now: datetime) -> None:
    """What rings stops ringing."""
    for offer_id, agent_id in await offers.withdraw(case.session, conversation_id, state=state, now=now):
        case.tell(live.topics.agent(agent_id), "offer_gone", id=offer_id)


async def take_back(case: UseCase, agent_id: str, *, state: OfferEnd = "withdrawn", now: datetime) -> None:
    """Offer what rings at an agent who left or switched off to the next one.

    `state` "dropped": the connection did, and the same agent may be asked again.
    """
    await conversations.begin_routing(case.session)
    for conversation_id in await offers.pending_of(case.session, agent_id):
        conversation = await conversations.get(case.session, conversation_id)
        await withdraw_offers(case, conversation_id, state=state, now=now)
        if conversation and conversation.state is State.OFFERED:
            await conversations.save(case.session, rules.withdraw(conversation, now=now))


async def tell_positions(case: UseCase) -> None:
    """Tell every visitor who waits the present position, counted from 1."""
    for position, conversation_id in enumerate(await conversations.queue(case.session), start=1):
        case.tell(live.topics.conversation(conversation_id), "queue", position=position)
