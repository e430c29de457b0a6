"""What an agent does in a conversation."""

import logging
import re
from datetime import datetime
from typing import Final

from inbox_app import live
from inbox_app.data import conversations, messages
from inbox_app.data.messages import Appended, Post
from inbox_app.domain import conversation as rules
from inbox_app.domain.conversation import EndReason, Sender
from inbox_app.domain.errors import InvalidInput, NotFound
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_agent, require_own
from inbox_app.services import routing
from inbox_app.services.use_case import UseCase, entry_data, topics_of, use_case

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
log = logging.getLogger(__name__)


def clean_client_id(client_id: str) -> str:
    """The id under which a client sends something once: a UUID of any version, in lower case. Raises InvalidInput."""
    cleaned = client_id.lower()
    if not _UUID.fullmatch(cleaned):
        raise InvalidInput("client_id", "client_id must be a UUID made by the client.")
    return cleaned


async def send(conversation_id: str, *, client_id: str, text: str, member: Member, now: datetime) -> Appended:
    """An agent writes. Committed when it returns; the same `client_id` again gives the first row."""
    require_agent(member)
    post = Post(
        conversation_id,
        Sender.AGENT,
        member.id,
        member.name,
        clean_client_id(client_id),
        rules.clean_message(text),
        now,
    )
    return await append(post)


async def append(post: Post) -> Appended:
    """Store a message and tell both sides. Raises NotFound, ConversationEnded."""
    appended = await messages.append(post)
    if appended.is_new:
        data = entry_data(post.conversation_id, appended.message)
        await live.publish(topics_of(post.conversation_id, appended.agent_id), "message", data)
    return appended


async def mark_seen(conversation_id: str, seq: int, *, member: Member) -> None:
    """The agent has seen all up to `seq`. Never moves back; of others' conversations it does nothing."""
    require_agent(member)
    await tell_seen(conversation_id, seq, sender=Sender.AGENT, author_id=member.id)


async def tell_seen(conversation_id: str, seq: int, *, sender: Sender, author_id: str) -> None:
    """Store how far one side has read, and tell the other."""
    if seq < 0:
        raise InvalidInput("seq", "seq is a number from 0.")
    store = messages.store()
    seen = await store.mark_seen(conversation_id, sender=sender, author_id=author_id, seq=min(seq, 2**31 - 1))
    if seen is None:
        if await store.standing(conversation_id, sender=sender, author_id=author_id) is None:
            raise NotFound
        return
    data = {"conversation_id": conversation_id, "by": sender.value, "seq": seen[0]}
    await live.publish(topics_of(conversation_id, seen[1]), "seen", data)


async def typing(conversation_id: str, *, is_active: bool, member: Member) -> None:
    """The agent is typing, or stopped."""
    require_agent(member)
    if await messages.store().standing(conversation_id, sender=Sender.AGENT, author_id=member.id) is None:
        raise NotFound
    await tell_typing(conversation_id, None, by=Sender.AGENT, name=member.name, is_active=is_active)


async def tell_typing(conversation_id: str, agent_id: str | None, *, by: Sender, name: str, is_active: bool) -> None:
    """Not stored: whoever misses it has missed nothing."""
    data = {"conversation_id": conversation_id, "by": by.value, "name": name, "active": is_active}
    await live.publish(topics_of(conversation_id, agent_id), "typing", data)


async def end(conversation_id: str, *, member: Member, now: datetime) -> None:
    """PRODUCT 1.5: one click ends the chat; the visitor is told at once. Ended already: nothing happens."""
    async with use_case() as case:
        conversation = require_own(member, await conversations.get(case.session, conversation_id))
        if conversation.is_open:
            await end_in(case, conversation, reason=EndReason.AGENT, by=member.id, name=member.name, now=now)
    await routing.offer_waiting(now=now)


async def end_in(
    case: UseCase, conversation: rules.Conversation, *, reason: EndReason, now: datetime, by: str | None = None,
    name: str = "",
) -> None:  # fmt: skip
    """End an open conversation inside a use case: entry, offers, news."""
    step = rules.end(conversation, reason=reason, now=now, by=by, name=name)
    entry = await conversations.save(case.session, step)
    await routing.withdraw_offers(case, conversation.id, now=now)
    if entry:
        case.tell_entry(conversation.id, conversation.agent_id, entry)
    state = step.conversation.state.value
    if conversation.agent_id:
        case.tell(live.topics.agent(conversation.agent_id), "conversation", id=conversation.id, state=state)
    case.tell(live.topics.past(), "conversation", id=conversation.id, state=state)
    case.tell(live.topics.visitor(conversation.visitor_id), "activity")
    await routing.tell_positions(case)
    log.info("ended conversation=%s reason=%s", conversation.id, reason)


async def set_score(conversation_id: str, score: int | None, *, member: Member, now: datetime) -> None:
    """PRODUCT 1.8: 0-3 or none by its agent, frozen 24 h after the end."""
    async with use_case() as case:
        conversation = require_own(member, await conversations.get(case.session, conversation_id))
        step = rules.set_score(conversation, score=score, by=member.id, name=member.name, now=now)
        await conversations.save(case.session, step)
        case.tell(live.topics.conversation(conversation_id), "score", score=score)


async def save_draft(conversation_id: str, text: str, *, member: Member, now: datetime) -> None:
    """PRODUCT 1.3: a draft per conversation survives reload and another device."""
    if len(text) > rules.MESSAGE_LIMIT:
        raise InvalidInput("text", "A message has at most {limit} characters.", limit=rules.MESSAGE_LIMIT)
    async with use_case() as case:
        require_own(member, await conversations.get(case.session, conversation_id))
        await conversations.save_draft(case.session, conversation_id, member.id, text.replace("\x00", ""), now)
        case.tell(live.topics.agent(member.id), "draft", conversation_id=conversation_id, text=text)
