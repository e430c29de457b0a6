"""An agent's event stream."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sse_starlette.event import ServerSentEvent

from inbox_app import live
from inbox_app.api import shapes
from inbox_app.api.streams import DURABLE, Events, entry_of, sse
from inbox_app.data import views
from inbox_app.data.models import MessageView
from inbox_app.data.views import chats
from inbox_app.domain.people import Member
from inbox_app.live import Event, Subscription
from inbox_app.services.presence import present


class AgentStream:
    """All that concerns one agent, in one stream. Holding it open counts as presence.

    Of each active conversation it knows the last seq it has sent: what comes twice is sent once, what comes too late
    or not at all is read from the database.
    """

    def __init__(self, member: Member, sign_in_id: str) -> None:
        self.member, self.sign_in_id = member, sign_in_id
        self._sent: dict[str, int] = {}
        self._asked: set[str] = set()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Events]:
        """Subscribe and read what the stream begins with. Raises DatabaseUnavailable."""
        topics = live.topics.agent(self.member.id), live.topics.sign_in(self.sign_in_id)
        async with live.subscribe(*topics) as changes, present(self.member.id, is_agent=True):
            self._sent = await chats.active_of(self.member)
            yield self._events(changes, await views.epoch())

    async def _events(self, changes: Subscription, epoch: str) -> Events:
        """`ready`, the pending offers, then what happens, until signed out."""
        yield sse("ready", {"id": self.member.id, "epoch": epoch})
        async for offer in self._offers():
            yield offer
        while (event := await changes.next()).kind != "signed_out":
            async for shown in self._shown(event):
                yield shown

    async def _offers(self) -> AsyncIterator[ServerSentEvent]:
        for offer in await views.pending_offers(self.member):
            if offer.id not in self._asked:
                self._asked.add(offer.id)
                yield sse("offer", vars(offer))

    async def _shown(self, event: Event) -> AsyncIterator[ServerSentEvent]:
        match event.kind:
            case live.RESYNC:
                async for shown in self._caught_up():
                    yield shown
            case "conversation":
                async for shown in self._conversation(event.data["id"], event.data):
                    yield shown
            case kind if kind in DURABLE and "seq" in event.data:
                async for shown in self._in_order(event.data["conversation_id"], entry_of(event.data)):
                    yield shown
            case _:
                if shown := self._passing(event):
                    yield shown

    def _passing(self, event: Event) -> ServerSentEvent | None:
        """The event to send on unchanged; None if it was sent before or isn't meant for agents."""
        if event.kind == "offer" and event.data["id"] in self._asked:
            return None
        match event.kind:
            case "meeting":  # of a chat that is another agent's, or has ended
                return _card("meeting", event.data["conversation_id"], event.data["details"])
            case "typing" if event.data["by"] == "visitor":
                return sse("typing", event.data)
            case "offer":
                self._asked.add(event.data["id"])
                return sse("offer", event.data)
            case "offer_gone" | "availability" | "idle" | "seen" | "presence":
                return sse(event.kind, event.data)
        return None

    async def _caught_up(self) -> AsyncIterator[ServerSentEvent]:
        """Replay what is stored after a gap, and name what the client has to read again itself."""
        active, known = await chats.active_of(self.member), set(self._sent)
        async for offer in self._offers():
            yield offer
        for conversation_id in sorted(known ^ active.keys()):
            async for shown in self._conversation(conversation_id):
                yield shown
        for conversation_id in sorted(known & active.keys()):
            if active[conversation_id] > self._sent[conversation_id]:
                async for shown in self._missed(conversation_id):
                    yield shown
        yield sse(live.RESYNC, {})

    async def _conversation(
        self, conversation_id: str, told: dict[str, Any] | None = None
    ) -> AsyncIterator[ServerSentEvent]:
        row = await views.conversation_row(self.member, conversation_id)
        data = vars(row) if row else {"id": conversation_id}
        yield sse("conversation", (told or {}) | data)
        if row is None or row.state != "active" or not row.is_mine:
            self._sent.pop(conversation_id, None)
        elif conversation_id not in self._sent:  # from when it became this agent's
            entries = await chats.entries_after(conversation_id, 0)
            self._sent[conversation_id] = max((one.seq for one in entries if one.kind == "state"), default=0)
            for entry in entries:
                async for shown in self._in_order(conversation_id, entry):
                    yield shown

    async def _in_order(self, conversation_id: str, entry: MessageView) -> AsyncIterator[ServerSentEvent]:
        sent = self._sent.setdefault(conversation_id, entry.seq - 1)
        if entry.seq == sent + 1:
            self._sent[conversation_id] = entry.seq
            if shown := _entry(conversation_id, entry):
                yield shown
        elif entry.seq > sent:
            async for shown in self._missed(conversation_id):
                yield shown

    async def _missed(self, conversation_id: str) -> AsyncIterator[ServerSentEvent]:
        for entry in await chats.entries_after(conversation_id, self._sent[conversation_id]):
            self._sent[conversation_id] = entry.seq
            if shown := _entry(conversation_id, entry):
                yield shown


def _entry(conversation_id: str, entry: MessageView) -> ServerSentEvent | None:
    if entry.kind == "message":
        return sse("message", {"conversation_id": conversation_id, **shapes.message(entry)})
    return _card(entry.kind, conversation_id, entry.details) if entry.details else None


def _card(kind: str, conversation_id: str, details: dict[str, Any]) -> ServerSentEvent:
    return sse(kind, {"conversation_id": conversation_id, **details})
