"""Steps of a story, each one call: `await a_request(text="Hello")`, `await an_active_chat(ana)`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col

from inbox_app import clock, live
from inbox_app.data import presence, views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.ids import new_id
from inbox_app.data.models import OfferView
from inbox_app.data.tables import ConnectionRow, ConversationRow, EntryRow
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Device, Member, Role
from inbox_app.live import Event, Subscription
from inbox_app.services import chat, offers
from tests.data.builders import NOW, OPEN_PAGES, a_chat, a_device, a_member, a_uuid, rows_of


def later(seconds: float = 0, *, minutes: float = 0) -> datetime:
    """So long after NOW."""
    return NOW + timedelta(seconds=seconds, minutes=minutes)


async def a_request(device: Device | None = None, text: str = "Hello", *, now: datetime = NOW, **claims: str) -> str:
    """A visitor asks for a chat. Returns the conversation's id."""
    device = device or await a_device()
    conversation_id, _ = await chat.request(
        client_id=a_uuid(), text=text, claims=Claims(**claims), device=device, now=now
    )
    return conversation_id


async def offers_of(*members: Member) -> list[tuple[Member, OfferView]]:
    """All that rings, and at whom."""
    return [(member, offer) for member in members for offer in await views.pending_offers(member)]


async def ringing(conversation_id: str, *members: Member) -> tuple[Member, str]:
    """At whom a conversation rings, and the offer's id."""
    found = [(member, one.id) for member, one in await offers_of(*members) if one.conversation_id == conversation_id]
    assert len(found) == 1, f"rings {len(found)} times"
    return found[0]


async def an_active_chat(agent: Member, device: Device | None = None, *, now: datetime = NOW, **claims: str) -> str:
    """A visitor asked and this agent, who alone is available, accepted."""
    conversation_id = await a_request(device, now=now, **claims)
    _, offer_id = await ringing(conversation_id, agent)
    return await offers.accept(offer_id, member=agent, now=now)


async def state_of(conversation_id: str) -> str:
    """As the database has it."""
    (row,) = await rows_of(ConversationRow, id=conversation_id)
    return str(row.state)


async def a_busy_member(name: str = "Busy") -> Member:
    """An agent who is there with as many chats as one can have: whoever asks waits."""
    member = await a_member(name, capacity=1)
    await a_chat(agent=member)
    return member


async def leave(subject: Member | Device) -> None:
    """All connections are closed; nobody has been told yet."""
    subject_id = subject.id
    async with unit_of_work() as session:
        await session.execute(delete(ConnectionRow).where(col(ConnectionRow.subject_id) == subject_id))


async def come_back(subject: Member | Device) -> None:
    """A page is open again; nobody has been told yet."""
    async with unit_of_work() as session:
        await presence.renew(session, OPEN_PAGES, now=clock.now())
        await presence.connect(session, new_id(), OPEN_PAGES, subject.id)


async def an_admin() -> Member:
    """Somebody who may change everything and takes no chats."""
    return await a_member("Root", role=Role.ADMIN)


async def timeline_of(conversation_id: str) -> list[str]:
    """The kinds of all entries in order, a state by its name."""
    entries = sorted(await rows_of(EntryRow, conversation_id=conversation_id), key=lambda entry: entry.id)
    return [entry.state or entry.kind for entry in entries]


@asynccontextmanager
async def listening(*topics: str) -> AsyncIterator[Subscription]:
    """What is told from now on."""
    async with live.subscribe(*topics, live.topics.everyone()) as changes:
        yield changes


async def told(changes: Subscription) -> list[Event]:
    """Everything that was told so far."""
    await live.publish([live.topics.everyone()], "end of test", {})
    events = []
    while (event := await asyncio.wait_for(changes.next(), 5)).kind != "end of test":
        events.append(event)
    return events


async def told_of(kind: str, changes: Subscription) -> list[dict[str, object]]:
    """What was told of one kind so far."""
    return [event.data for event in await told(changes) if event.kind == kind]
