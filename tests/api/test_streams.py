"""Event streams (CONTRACT): replay by seq, gaps filled from the database, an end, and no listener left behind."""

import asyncio
from contextlib import aclosing
from dataclasses import asdict

import pytest

from inbox_app import live
from inbox_app.api import streams
from inbox_app.api.agent_stream import AgentStream
from inbox_app.data import messages
from inbox_app.data.ids import new_id
from inbox_app.data.messages import Post
from inbox_app.data.models import MessageView
from inbox_app.domain.conversation import Sender
from inbox_app.live import hub
from tests.api.conftest import People, Visitor
from tests.api.streaming import Stream
from tests.data.builders import NOW
from tests.services.builders import a_busy_member, a_request


def events_of(chat_id: str) -> str:
    return f"/conversations/{chat_id}/events"


async def test_a_stream_replays_everything_and_goes_on_live(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    await ana.write(chat_id, "Hi")
    async with vera.listen(events_of(chat_id), "after=0") as stream:
        replayed = [await stream.any() for _ in range(3)]
        assert [(event.kind, event.id) for event in replayed if event] == [("message", 1), ("state", 2), ("message", 3)]
        await ana.write(chat_id, "Live")
        event = await stream.next("message")
    assert (event.id, event.data["text"], event.data["sender"]) == (4, "Live", "agent")
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("by", ["header", "query"])
async def test_a_stream_goes_on_after_the_last_event_that_was_received(people: People, by: str) -> None:
    vera, ana, chat_id = await people.chat()
    for text in ("three", "four"):
        await ana.write(chat_id, text)
    where = {"last_event_id": "3"} if by == "header" else {"query": "after=3"}
    async with vera.listen(events_of(chat_id), **where) as stream:
        event = await stream.any()
    assert event is not None
    assert (event.id, event.data["text"]) == (4, "four")


async def test_the_payloads_are_those_of_the_contract(people: People) -> None:
    vera, _, chat_id = await people.chat()
    async with vera.listen(events_of(chat_id), "after=0") as stream:
        message, state = await stream.next("message"), await stream.next("state")
    assert message.data.keys() == {"seq", "client_id", "sender", "sender_name", "text", "sent_at"}
    assert state.data.keys() == {"seq", "state", "end_reason", "agent", "at"}
    assert (state.data["state"], state.data["agent"]["name"]) == ("active", "Ana")
    assert message.data["sent_at"].endswith("Z")


async def test_a_gap_is_filled_from_the_database(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    async with vera.listen(events_of(chat_id), "after=2") as stream:
        await arrived(vera, stream)
        for text in ("three", "four"):
            await unheard(chat_id, text, ana.member.id)
        await ana.write(chat_id, "five")
        events = [await stream.next("message") for _ in range(3)]
    assert [(event.id, event.data["text"]) for event in events] == [(3, "three"), (4, "four"), (5, "five")]


async def arrived(vera: Visitor, stream: Stream) -> None:
    """The stream listens: it hears what the visitor has just seen."""
    await vera.post(f"/conversations/{vera.chat_id}/seen", seq=1)
    await stream.next("seen")


async def unheard(chat_id: str, text: str, agent_id: str) -> None:
    """A message whose news got lost: stored, and told to nobody."""
    await messages.append(Post(chat_id, Sender.AGENT, agent_id, "Ana", new_id(), text, NOW))


async def test_a_resync_reads_again_what_was_missed(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    async with vera.listen(events_of(chat_id), "after=2") as stream:
        await arrived(vera, stream)
        await unheard(chat_id, "three", ana.member.id)
        hub.resync()
        assert (await stream.next("message")).id == 3
        await ana.write(chat_id, "four")
        assert (await stream.next("message")).id == 4


async def test_an_event_that_was_replayed_is_not_sent_again(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    async with vera.listen(events_of(chat_id), "after=0") as stream:
        await stream.next("state")
        again = asdict(MessageView(1, "message", "agent", "Ana", "again", "")) | {"conversation_id": chat_id}
        await live.publish([live.topics.conversation(chat_id)], "message", again)
        await ana.write(chat_id, "three")
        assert (await stream.next("message")).id == 3


async def test_after_the_end_the_stream_closes_and_the_next_is_204(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    async with vera.listen(events_of(chat_id), "after=0") as stream:
        await stream.next("state")
        await ana.post(f"/conversations/{chat_id}/end")
        last = (await stream.rest())[-1]
    assert (last.kind, last.id, last.data["state"], last.data["end_reason"]) == ("state", 3, "ended", "agent")
    assert (await vera.get(events_of(chat_id), after=3)).status_code == 204
    async with vera.listen(events_of(chat_id), "after=0") as again:
        assert [event.id for event in await again.rest() if event.id] == [1, 2, 3]


async def test_present_values_are_sent_on_connect(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    await ana.post(f"/conversations/{chat_id}/seen", seq=2)
    async with vera.listen(events_of(chat_id), "after=2") as stream:
        event = await stream.next("seen")
    assert (event.data, event.id) == ({"by": "agent", "seq": 2}, None)


async def test_who_waits_hears_the_position(people: People) -> None:
    await a_busy_member()
    first, second = await people.visitor(), await people.visitor()
    await first.ask()
    chat_id = await second.ask()
    async with second.listen(events_of(chat_id), "after=1") as stream:
        assert (await stream.next("queue")).data == {"position": 2}
        await first.post(f"/conversations/{first.chat_id}/end")
        assert (await stream.next("queue")).data == {"position": 1}


async def test_typing_and_seen_reach_the_other_side_and_not_oneself(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    async with vera.listen(events_of(chat_id), "after=2") as visitor, ana.listen("/agent/events") as agent:
        await agent.next("ready")
        await arrived(vera, visitor)
        await vera.post(f"/conversations/{chat_id}/typing", active=True)
        await ana.post(f"/conversations/{chat_id}/typing", active=True)
        assert (await visitor.next("typing")).data == {"by": "agent", "active": True}
        assert (await agent.next("typing")).data["by"] == "visitor"


async def test_a_closed_stream_leaves_no_listener(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    before = hub.listeners
    async with vera.listen(events_of(chat_id)) as stream, ana.listen("/agent/events") as other:
        await stream.next("message")
        await other.next("ready")
        assert hub.listeners == before + 2
        metrics = (await (await people.operator()).get("/metrics")).text
        assert f"inbox_live_subscriptions {float(before + 2)}" in metrics
    assert hub.listeners == before


async def test_50_openings_and_closings_leave_no_listener(people: People) -> None:
    vera, _, chat_id = await people.chat()
    before = hub.listeners
    for _ in range(50):
        async with vera.listen(events_of(chat_id)) as stream:
            await stream.any()
    assert hub.listeners == before


async def test_a_heartbeat_is_a_comment_every_5_seconds_and_not_all_streams_at_the_same_moment() -> None:
    async def nothing():  # type: ignore[no-untyped-def]
        return
        yield

    responses = [streams.response(nothing()) for _ in range(100)]
    first = [response.ping_interval for response in responses]
    assert 0 <= min(first) < 1
    assert 4 < max(first) <= 5
    for response in responses:
        assert response.ping_message_factory is not None
        assert response.ping_message_factory().encode() == b": ping\r\n\r\n"
        assert response.ping_interval == 5


@pytest.mark.parametrize("number", ["x", "-1", "²", "1.5", "9" * 30])
async def test_a_last_event_id_that_is_no_number_is_refused(people: People, number: str) -> None:
    vera, _, chat_id = await people.chat()
    async with vera.listen(events_of(chat_id), last_event_id=number) as stream:
        await stream.any()
    assert stream.status == 422


async def test_nobody_listens_to_another_ones_chat(people: People) -> None:
    _, _, chat_id = await people.chat()
    stranger = await people.visitor()
    for path in (events_of(chat_id), events_of("unknown")):
        assert (await stranger.get(path)).status_code == 404


async def test_an_agents_stream_begins_with_ready_and_what_rings(people: People) -> None:
    ana, vera = await people.agent(), await people.visitor(identity={"name": "Vera"})
    await vera.ask("Do you ship?", name="Vera")
    async with ana.listen("/agent/events") as stream:
        ready, offer = await stream.any(), await stream.any()
    assert ready is not None
    assert ready.kind == "ready"
    assert offer is not None
    assert offer.data.keys() >= {"id", "conversation_id", "visitor_name", "text", "page_url", "expires_at", "why"}
    assert (offer.data["visitor_name"], offer.data["text"]) == ("Vera", "Do you ship?")


async def test_an_agents_stream_tells_a_whole_chat(people: People) -> None:
    ana, vera = await people.agent(), await people.visitor()
    async with ana.listen("/agent/events") as stream:
        await stream.next("ready")
        chat_id = await vera.ask()
        offer = await stream.next("offer")
        await ana.post(f"/offers/{offer.data['id']}/accept")
        assert (await stream.next("offer_gone")).data["id"] == offer.data["id"]
        assert (await stream.next("conversation")).data["state"] == "active"
        await vera.write("And?")
        message = (await stream.next("message")).data
        assert (message["conversation_id"], message["seq"], message["text"]) == (chat_id, 3, "And?")
        await vera.post(f"/conversations/{chat_id}/end")
        assert (await stream.next("conversation")).data["state"] == "ended"


async def test_an_offer_that_comes_while_the_stream_begins_is_not_lost(people: People) -> None:
    ana = await people.agent()
    await a_request()
    async with AgentStream(ana.member, "none").opened() as opened, aclosing(opened) as events:
        assert (await anext(events)).event == "ready"
        assert (await anext(events)).event == "offer"
        second = await a_request()
        event = await asyncio.wait_for(anext(events), 5)
        assert (event.event, second in str(event.data)) == ("offer", True)


async def test_an_offer_is_told_once(people: People) -> None:
    ana = await people.agent()
    async with ana.listen("/agent/events") as stream:
        await stream.next("ready")
        ids = [await a_request() for _ in range(3)]
        told = [(await stream.next("offer")).data["conversation_id"] for _ in range(3)]
        await ana.put("/agent/availability", available=False)
        assert (await stream.any()).kind == "availability"  # type: ignore[union-attr]
    assert told == ids


async def test_agents_hear_nothing_of_each_others_chats(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    ben = await people.agent("Ben")
    async with ben.listen("/agent/events") as stream:
        await stream.next("ready")
        await vera.write("secret")
        await ana.write(chat_id, "secret")
        await vera.post(f"/conversations/{chat_id}/typing")
        await ben.put("/agent/availability", available=False)
        assert (await stream.any()).kind == "availability"  # type: ignore[union-attr]


async def test_signing_out_closes_the_stream(people: People) -> None:
    ana = await people.agent()
    async with ana.listen("/agent/events") as stream:
        await stream.next("ready")
        await ana.post("/auth/logout")
        await stream.rest()
    assert (await ana.get("/agent")).status_code == 401


async def test_a_stream_counts_as_presence(people: People) -> None:
    ana, vera = await people.agent(is_present=False), await people.visitor()
    assert (await vera.get("/availability")).json() == {"available": False}
    async with ana.listen("/agent/events") as stream:
        await stream.next("ready")
        assert (await vera.get("/availability")).json() == {"available": True}
