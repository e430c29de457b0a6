"""Visitors who wait, and agents who are gone (PRODUCT 3.4, 3.8): the limit, the follow-up, chats that go to others."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from inbox_app import live
from inbox_app.data import conversations, offers, presence, rule_settings, sign_ins, tasks, visitors
from inbox_app.data.tables import MemberRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.domain import conversation as rules
from inbox_app.domain.conversation import EndReason, State
from inbox_app.domain.errors import Conflict, NotFound
from inbox_app.domain.leases import RETURN
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_agent
from inbox_app.services import routing
from inbox_app.services.conversations import end_in
from inbox_app.services.use_case import UseCase, use_case

WAIT_LIMIT: Final = "wait_limit"
VISITOR_LEFT: Final = "visitor_left"
AGENT_GONE: Final = "agent_gone"
AGENT_RETURN: Final = offers.AGENT_RETURN
LEFT_AFTER: Final = timedelta(seconds=30)
LOOK_AGAIN_AFTER: Final = timedelta(seconds=30)
log = logging.getLogger(__name__)


async def begin(case: UseCase, conversation_id: str, *, now: datetime) -> None:
    """Plan the end of the waiting."""
    settings = await rule_settings.load(case.session)
    limit = timedelta(seconds=settings.wait_limit_seconds)
    await tasks.plan(case.session, WAIT_LIMIT, conversation_id, due_at=now + limit)


async def pass_limit(case: UseCase, conversation_id: str, *, now: datetime) -> None:
    """The visitor has waited long enough: the fallback, also while it rings; that agent has room for another then."""
    await conversations.begin_routing(case.session)
    conversation = await conversations.get(case.session, conversation_id)
    if conversation and conversation.state in {State.WAITING, State.OFFERED}:
        await routing.miss(case, conversation, now=now)
        await routing.offer_waiting_in(case, now=now)


async def devices_are_gone(device_ids: Collection[str], *, now: datetime) -> None:
    """The last connections of visitors closed: whoever waits and does not come back no longer waits."""
    async with use_case() as case:
        found = {device for device, _, _ in await visitors.going_on_in(case.session, device_ids)}
        await tasks.plan_all(case.session, VISITOR_LEFT, found, due_at=now + LEFT_AFTER)


async def visitor_left(case: UseCase, device_id: str, *, now: datetime) -> None:
    """Not back: what nobody took yet is cancelled. An active chat stays: 3.7, one returns within the idle time."""
    await conversations.begin_routing(case.session)
    if await presence.is_online_in(case.session, device_id):
        return
    for _, conversation_id, _ in await visitors.going_on_in(case.session, [device_id]):
        conversation = await conversations.get(case.session, conversation_id)
        if conversation and conversation.state in {State.WAITING, State.OFFERED}:
            await end_in(case, conversation, reason=EndReason.VISITOR, now=now)
    await routing.offer_waiting_in(case, now=now)


async def agent_is_away(member_id: str, *, now: datetime) -> None:
    """An agent's last connection closed: its offers move on at once, its active chats after a while (3.8).

    Visitors who can reach only this agent keep waiting for a minute: a network is often back within seconds (3.4).
    """
    async with use_case() as case:
        settings = await rule_settings.load(case.session)
        if not settings.offer_to_absent:
            await expect_back(case, [member_id], now=now)
            await routing.take_back(case, member_id, state="dropped", now=now)
            await routing.offer_waiting_in(case, now=now)
        due_at = now + timedelta(minutes=settings.gone_minutes)
        await tasks.plan_once(case.session, AGENT_GONE, member_id, due_at=due_at)


async def expect_back(case: UseCase, member_ids: Collection[str], *, now: datetime) -> None:
    """Expect agents whose connections dropped to return, except those who signed out everywhere."""
    for member_id in await sign_ins.signed_in_among(case.session, member_ids, now=now):
        await tasks.plan(case.session, AGENT_RETURN, member_id, due_at=now + RETURN)


async def nobody_returned(case: UseCase, _member_id: str, *, now: datetime) -> None:
    """A minute is over: visitors who could reach only this agent are missed."""
    await routing.offer_waiting_in(case, now=now)


async def agents_are_back(case: UseCase, member_ids: Collection[str]) -> None:
    """Nobody counts any more how long they have been gone; the next time begins anew."""
    if member_ids:
        await tasks.forget(case.session, AGENT_GONE, member_ids)
        await tasks.forget(case.session, AGENT_RETURN, member_ids)


@uninterrupted
async def plan_after_start(*, now: datetime) -> None:
    """Nobody is connected to a server that just started: whoever does not come back is gone.

    Who was gone before has been gone since then.
    """
    async with use_case() as case:
        settings = await rule_settings.load(case.session)
        for member_id in await conversations.busy_agents(case.session):
            due_at = now + timedelta(minutes=settings.gone_minutes)
            await tasks.plan_once(case.session, AGENT_GONE, member_id, due_at=due_at)
        devices = await conversations.waiting_devices(case.session)
        await tasks.plan_all(case.session, VISITOR_LEFT, devices, due_at=now + LEFT_AFTER)


async def agent_gone(case: UseCase, member_id: str, *, now: datetime) -> None:
    """Still away: the chats are offered to others, keeping the thread.

    One for which there is no other stays, for a while.
    """
    await conversations.begin_routing(case.session)
    if await presence.is_online_in(case.session, member_id):
        return
    held = await conversations.active_of(case.session, member_id)
    given = [one for one in held if await routing.could_others_come(case, one, now=now)]
    if len(given) < len(held):
        await tasks.plan(case.session, AGENT_GONE, member_id, due_at=now + LOOK_AGAIN_AFTER)
    await release(case, given, now=now)


async def release(case: UseCase, held: list[rules.Conversation], *, now: datetime) -> None:
    """These chats wait for another agent; both sides see it."""
    for conversation in held:
        entry = await conversations.save(case.session, rules.release(conversation, now=now))
        await begin(case, conversation.id, now=now)
        if entry:
            case.tell_entry(conversation.id, conversation.agent_id, entry)
        if conversation.agent_id:
            case.tell(live.topics.agent(conversation.agent_id), "conversation", id=conversation.id, state="waiting")
        log.info("released conversation=%s", conversation.id)
    await routing.offer_waiting_in(case, now=now)


async def release_all_of(case: UseCase, row: MemberRow, *, now: datetime) -> None:
    """A removed agent: at once (3.8)."""
    await routing.take_back(case, row.id, now=now)
    await release(case, await conversations.active_of(case.session, row.id), now=now)


async def claim(conversation_id: str, *, member: Member, now: datetime) -> None:
    """PRODUCT 3.4: an agent takes a missed conversation on. Raises Conflict when another one has."""
    require_agent(member)
    async with use_case() as case:
        conversation = await conversations.get(case.session, conversation_id)
        if conversation is None or conversation.state is not State.MISSED:
            raise NotFound
        if not await conversations.claim(case.session, conversation_id, member.id, now=now):
            raise Conflict("Another agent follows this one up already.")
        await conversations.save(case.session, rules.claim(conversation, by=member.id, name=member.name, now=now))
        case.tell(live.topics.past(), "conversation", id=conversation_id, state="missed")
