"""An invented conversation is, row by row, what the services would have written."""

import random
from datetime import timedelta
from typing import Any

from inbox_app.data.tables import ActivityRow, ConversationRow, EntryRow, MemberRow, OfferRow
from inbox_app.data.visitors import Device
from inbox_app.demo.timeline import Caller, Ids, Timeline
from inbox_app.domain.conversation import EndReason, Sender
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Member
from inbox_app.services import chat, conversations, offers
from tests.data.builders import NOW, a_device, a_member, a_uuid, rows_of

OWN = {"id", "conversation_id", "client_id"}
"""Identifiers, which differ."""


def minute(number: int) -> Any:
    return NOW + timedelta(minutes=number)


def without_ids(rows: list[Any], *more: str) -> list[dict[str, Any]]:
    rows = sorted(rows, key=lambda row: getattr(row, "id", 0) if isinstance(row.id, int) else 0)
    return [row.model_dump(mode="json", exclude=OWN | set(more)) for row in rows]


async def rings_at(conversation_id: str) -> str:
    (offer,) = [row for row in await rows_of(OfferRow, conversation_id=conversation_id) if row.state == "pending"]
    return str(offer.id)


async def asked(device: Device) -> str:
    conversation_id, _ = await chat.request(
        client_id=a_uuid("c"), text="Hello\nthere", claims=Claims(), device=device, now=minute(0)
    )
    return conversation_id


async def compare(conversation_id: str, timeline: Timeline) -> None:
    (row,) = await rows_of(ConversationRow, id=conversation_id)
    assert without_ids([row]) == without_ids([timeline.row])
    assert without_ids(await rows_of(EntryRow, conversation_id=conversation_id)) == without_ids(timeline.entries)
    real = await rows_of(OfferRow, conversation_id=conversation_id)
    assert without_ids(sorted(real, key=lambda offer: offer.offered_at)) == without_ids(timeline.offers)
    told = [row for row in await rows_of(ActivityRow) if row.conversation_id == conversation_id]
    assert without_ids(told) == without_ids(timeline.activities)


async def begun(ana: Member, device: Device) -> tuple[Timeline, dict[str, MemberRow]]:
    agents = {row.id: row for row in await rows_of(MemberRow)}
    caller = Caller(device.visitor_id, device.id, device.visitor_name, "")
    timeline = Timeline.requested(caller, "Hello\nthere", ids=Ids(random.Random(1)), at=minute(0))
    timeline.offer(agents[ana.id], at=minute(0))
    return timeline, agents


async def test_a_chat_that_its_agent_ends_and_scores(database: str) -> None:
    ana, device = await a_member("Ana"), await a_device()
    real = await asked(device)
    await offers.accept(await rings_at(real), member=ana, now=minute(1))
    await conversations.send(real, client_id=a_uuid("1"), text="Hi", member=ana, now=minute(2))
    await chat.send(real, client_id=a_uuid("2"), text="A question", device=device, now=minute(3))
    await conversations.send(real, client_id=a_uuid("3"), text="An answer", member=ana, now=minute(4))
    await conversations.end(real, member=ana, now=minute(5))
    await conversations.mark_seen(real, 99, member=ana)
    await chat.mark_seen(real, 5, device=device)
    await conversations.set_score(real, 2, member=ana, now=minute(6))

    timeline, _ = await begun(ana, device)
    timeline.accept(at=minute(1))
    timeline.say(Sender.AGENT, "Hi", at=minute(2))
    timeline.say(Sender.VISITOR, "A question", at=minute(3))
    timeline.say(Sender.AGENT, "An answer", at=minute(4))
    timeline.end(EndReason.AGENT, at=minute(5))
    timeline.seen(by_visitor=5)
    timeline.score(2, at=minute(6))
    await compare(real, timeline)


async def test_a_chat_that_its_visitor_ends(database: str) -> None:
    ana, device = await a_member("Ana"), await a_device()
    real = await asked(device)
    await offers.accept(await rings_at(real), member=ana, now=minute(1))
    await chat.end(real, device=device, now=minute(2))

    timeline, _ = await begun(ana, device)
    timeline.accept(at=minute(1))
    timeline.end(EndReason.VISITOR, at=minute(2))
    await compare(real, timeline)


async def test_a_chat_that_nobody_takes(database: str) -> None:
    ana, ben, device = await a_member("Ana"), await a_member("Ben"), await a_device()
    real = await asked(device)
    await offers.decline(await rings_at(real), member=ana, now=minute(1))
    await offers.decline(await rings_at(real), member=ben, now=minute(2))

    timeline, agents = await begun(ana, device)
    timeline.decline(at=minute(1))
    timeline.offer(agents[ben.id], at=minute(1))
    timeline.decline(at=minute(2))
    timeline.miss(at=minute(2))
    await compare(real, timeline)


async def test_a_visitor_who_does_not_wait(database: str) -> None:
    ana, device = await a_member("Ana"), await a_device()
    real = await asked(device)
    await chat.end(real, device=device, now=minute(1))

    timeline, _ = await begun(ana, device)
    timeline.end(EndReason.VISITOR, at=minute(1))
    await compare(real, timeline)
