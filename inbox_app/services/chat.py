"""What a visitor does: ask for a chat, write, end it, leave a message."""

import logging
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from inbox_app import live
from inbox_app.data import conversations, messages
from inbox_app.data.ids import new_id
from inbox_app.data.messages import PREVIEW, Appended, Post
from inbox_app.data.tables import ActivityRow, ConversationRow, DeviceRow, EntryRow, OfflineMessageRow, VisitorRow
from inbox_app.domain import conversation as rules
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.conversation import EndReason, EntryKind, Sender, State
from inbox_app.domain.errors import NotFound
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Device, visitor_title
from inbox_app.services import circumstances, routing, waiting
from inbox_app.services.conversations import append, clean_client_id, end_in, tell_seen, tell_typing
from inbox_app.services.identity import claim, keep_claims, mention, own_words
from inbox_app.services.use_case import UseCase, use_case

log = logging.getLogger(__name__)


async def request(*, client_id: str, text: str, claims: Claims, device: Device, now: datetime) -> tuple[str, bool]:
    """A visitor asks for a chat (PRODUCT 3.1).

    The conversation's id, and whether it is new: a `client_id` counts once.
    """
    client_id, text = clean_client_id(client_id), rules.clean_message(text)
    claims = claims.cleaned()
    try:
        async with use_case() as case:
            known = await conversations.by_client_id(case.session, device.id, client_id)
            if known is not None:
                return known.id, False
            await conversations.begin_routing(case.session)
            visitor, said = await claim(case, device.id, claims, now=now)
            conversation = await _open(case, device.id, visitor, said, client_id, text, now=now)
            await waiting.begin(case, conversation.id, now=now)
            present = await circumstances.at_present(case.session, now=now)
            await routing.offer_or_miss(case, conversation, present, now=now)
            await routing.tell_positions(case)
    except IntegrityError:  # the same client_id in parallel: the other request won
        async with use_case() as case:
            known = await conversations.by_client_id(case.session, device.id, client_id)
            if known is None:
                raise
            return known.id, False
    log.info("requested conversation=%s", conversation.id)
    return conversation.id, True


async def _open(
    case: UseCase, device_id: str, visitor: VisitorRow, said: Claims, client_id: str, text: str, *, now: datetime
) -> rules.Conversation:
    device = await case.session.get_one(DeviceRow, device_id)
    row = ConversationRow(
        id=new_id(), visitor_id=visitor.id, device_id=device_id, client_id=client_id, state=State.WAITING,
        page_url=device.page_url, requested_at=now, activity_at=now, waiting_since=now, unread=1, last_seq=1,
        last_text=" ".join(text.split())[:PREVIEW], last_sender=Sender.VISITOR, merged_by_agent=device.merged_by_agent,
    )  # fmt: skip
    keep_claims(row, said)
    case.session.add(row)
    await case.session.flush()
    own = own_words(device, visitor)  # the browser reads the name
    requested = EntryRow(conversation_id=row.id, kind=EntryKind.REQUESTED, sender=Sender.VISITOR, at=now)
    first = EntryRow(
        conversation_id=row.id, seq=1, kind=EntryKind.MESSAGE, sender=Sender.VISITOR,
        actor_name=visitor_title(own.name, device.shown_id), client_id=client_id, text=text, at=now,
    )  # fmt: skip
    activity = ActivityRow(visitor_id=visitor.id, type=ActivityType.REQUESTED_LIVE_CHAT, conversation_id=row.id, at=now)
    case.session.add_all([requested, first, activity])
    await case.session.flush()
    case.tell(live.topics.visitor(visitor.id), "activity")
    return rules.Conversation(row.id, visitor.id, State.WAITING, now)


async def send(conversation_id: str, *, client_id: str, text: str, device: Device, now: datetime) -> Appended:
    """A visitor writes. Committed when it returns; the same `client_id` again gives the first row."""
    name = visitor_title(device.visitor_name, device.shown_id)
    post = Post(
        conversation_id, Sender.VISITOR, device.id, name, clean_client_id(client_id), rules.clean_message(text), now
    )
    return await append(post)


async def mark_seen(conversation_id: str, seq: int, *, device: Device) -> None:
    """The visitor has seen all up to `seq`."""
    await tell_seen(conversation_id, seq, sender=Sender.VISITOR, author_id=device.id)


async def typing(conversation_id: str, *, is_active: bool, device: Device) -> None:
    """The visitor is typing, or stopped."""
    standing = await messages.store().standing(conversation_id, sender=Sender.VISITOR, author_id=device.id)
    if standing is None:
        raise NotFound
    name = visitor_title(device.visitor_name, device.shown_id)
    await tell_typing(conversation_id, standing[1], by=Sender.VISITOR, name=name, is_active=is_active)


async def end(conversation_id: str, *, device: Device, now: datetime) -> None:
    """The visitor ends the chat, or no longer waits. Over already: nothing happens."""
    async with use_case() as case:
        conversation = await conversations.of_device(case.session, conversation_id, device.id)
        if conversation is None:
            raise NotFound
        if conversation.is_open:
            name = visitor_title(device.visitor_name, device.shown_id)
            await end_in(case, conversation, reason=EndReason.VISITOR, name=name, now=now)
    await routing.offer_waiting(now=now)


async def leave_message(
    *, text: str, claims: Claims, conversation_id: str | None, device: Device, now: datetime
) -> None:
    """PRODUCT 3.4: when nobody could come, the visitor leaves a message for follow-up."""
    text, claims = rules.clean_message(text), claims.cleaned()
    async with use_case() as case:
        visitor, _ = await mention(case, device.id, claims, conversation_id=conversation_id)
        if conversation_id and await conversations.of_device(case.session, conversation_id, device.id) is None:
            raise NotFound
        left = OfflineMessageRow(
            id=new_id(), visitor_id=visitor.id, conversation_id=conversation_id or None, text=text, name=claims.name,
            email=claims.email, at=now,
        )  # fmt: skip
        case.session.add(left)
        if conversation_id:
            case.tell(live.topics.past(), "conversation", id=conversation_id, state=State.MISSED.value)
