"""Server-Sent Events: subscribe first, read second, so that nothing falls in between.

A gap is read from the database.
"""

import json
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from datetime import datetime
from typing import Any, Final

from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from inbox_app import clock, live
from inbox_app.api import shapes
from inbox_app.api.open_counts import streams_per_visitor
from inbox_app.data.models import MessageView
from inbox_app.data.views import chats
from inbox_app.data.views.chats import ChatView
from inbox_app.domain.conversation import PAST
from inbox_app.domain.errors import DatabaseUnavailable, NotFound
from inbox_app.domain.replay import must_start_over
from inbox_app.live import Event, Subscription
from inbox_app.services.presence import present

HEARTBEAT_SECONDS: Final = 5
DURABLE: Final = frozenset({"message", "state", "calendar_share", "meeting"})
ENTRY_FIELDS: Final = tuple(MessageView.__dataclass_fields__)
log = logging.getLogger(__name__)
Events = AsyncGenerator[ServerSentEvent, None]
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStream(EventSourceResponse):
    """A stream whose sends have no timeout: heartbeats and TCP notice a client that's gone."""

    async def _send_with_timeout(self, send: Send, message: Message) -> None:
        """Skip the library's cancel scope, which `send_timeout=None` never uses: 6 % of the CPU of a message."""
        await send(message)


def response(events: Events) -> EventStream:
    """A stream with a comment as heartbeat, which proxies do not gather up.

    The first comes at some moment of the interval: otherwise 600 streams that opened together, as after a restart,
    have their heartbeats together, and every 5 s messages wait 40 to 60 ms for them (measured on 2026-11-28).
    """

    def heartbeat() -> ServerSentEvent:
        stream.ping_interval = HEARTBEAT_SECONDS
        return ServerSentEvent(comment="ping")

    first = random.uniform(0, HEARTBEAT_SECONDS)  # noqa: S311  spreads load, hides nothing
    stream = EventStream(
        _while_answered(events), ping=first, headers=HEADERS, ping_message_factory=heartbeat
    )  # fmt: skip
    return stream


async def _while_answered(events: Events) -> AsyncIterator[ServerSentEvent]:
    """Ends where the database goes away: the client connects again after a while, and reads what it missed."""
    try:
        async with aclosing(events):
            async for event in events:
                yield event
    except DatabaseUnavailable:
        log.warning("stream: the database does not answer, it ends")


def sse(kind: str, data: dict[str, Any], *, seq: int | None = None) -> ServerSentEvent:
    """One event; `seq` as its id makes it durable."""
    return ServerSentEvent(
        json.dumps(data, ensure_ascii=False, separators=(",", ":")), event=kind, id=None if seq is None else str(seq)
    )


def durable(entry: MessageView) -> ServerSentEvent:
    """An entry of the timeline."""
    return sse(entry.kind, shapes.entry(entry), seq=entry.seq)


def idle(ends_at: str) -> ServerSentEvent:
    """Nobody writes: `seconds` until the end, since a visitor's clock may be wrong."""
    left = (datetime.fromisoformat(ends_at) - clock.now()).total_seconds()
    return sse("idle", {"ends_at": ends_at, "seconds": max(0, round(left))})


def entry_of(data: dict[str, Any]) -> MessageView:
    """An entry as it came over the hub."""
    return MessageView(**{name: data[name] for name in ENTRY_FIELDS})


class Opening(Response):
    """A response that opens its stream before it answers: a refusal is then an ordinary answer, and one read is enough.

    `opened`: the stream, or None if nothing more will come. It's subscribed for as long as this response runs, so that
    no client that leaves too early leaves a listener behind.
    """

    def __init__(self, opened: AbstractAsyncContextManager[Events | None]) -> None:
        super().__init__(status_code=204)
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._opened as events:
            if events is None:
                await super().__call__(scope, receive, send)
            else:
                await response(events)(scope, receive, send)


class ChatStream:
    """A visitor's stream of one conversation. `epoch`: of the history that the client has read up to `after`."""

    def __init__(self, conversation_id: str, device_id: str, after: int, epoch: str | None = None) -> None:
        self.conversation_id, self.device_id, self.sent, self.epoch = conversation_id, device_id, after, epoch
        self.is_over = self.must_end = False
        self._changes = Subscription()

    def end(self) -> None:
        """End it, whatever the conversation does: the client may open another one."""
        self.must_end = True
        self._changes.put(Event(live.RESYNC))

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Events | None]:
        """Subscribe first and read second, so that nothing falls in between. None: nothing more will come.

        Raises NotFound unless it is this device's conversation.
        """
        async with (
            streams_per_visitor.one(self.device_id, self.end),
            live.subscribe(live.topics.conversation(self.conversation_id)) as changes,
        ):
            view = await self._read()
            if view is None:
                raise NotFound
            if view.state in PAST and not view.entries and not self._starts_over(view):
                yield None
                return
            self._changes = changes
            async with present(self.device_id, is_agent=False):
                yield self._events(view, changes)

    async def _events(self, view: ChatView, changes: Subscription) -> Events:
        """Replay, then live, until the conversation is over and all of it was sent, or the stream must end."""
        async for event in self._now(view):
            yield event
        while not (self.is_over or self.must_end):
            async for event in self._after(await changes.next()):
                yield event

    async def _read(self) -> ChatView | None:
        return await chats.chat(self.conversation_id, self.device_id, after=self.sent)

    def _starts_over(self, view: ChatView) -> bool:
        return must_start_over(self.epoch, is_stored=view.is_stored, current_epoch=view.epoch)

    async def _now(self, view: ChatView | None) -> AsyncIterator[ServerSentEvent]:
        if view is None:
            self.is_over = True
            return
        entries = view.entries
        if self._starts_over(view):
            self.sent, self.epoch = 0, view.epoch
            yield sse("reset", {"epoch": view.epoch})
            entries = await chats.entries_after(self.conversation_id, 0)
        for entry in entries:
            yield self._take(entry)
        for by, seq in (("agent", view.seen_by_agent), ("visitor", view.seen_by_visitor)):
            if seq:
                yield sse("seen", {"by": by, "seq": seq})
        if view.queue_position:
            yield sse("queue", {"position": view.queue_position})
        if view.idle_ends_at:
            yield idle(view.idle_ends_at)
        self.is_over = self.is_over or view.state in PAST

    def _take(self, entry: MessageView) -> ServerSentEvent:
        self.sent = entry.seq
        self.is_over = entry.kind == "state" and entry.state in PAST
        return durable(entry)

    async def _after(self, event: Event) -> AsyncIterator[ServerSentEvent]:
        if event.kind == live.RESYNC:
            async for replayed in self._now(await self._read()):
                yield replayed
        elif event.kind in DURABLE:
            async for entry in self._in_order(entry_of(event.data)):
                yield self._take(entry)
        elif shown := _passing(event):
            yield shown

    async def _in_order(self, entry: MessageView) -> AsyncIterator[MessageView]:
        if entry.seq == self.sent + 1:
            yield entry
        elif entry.seq > self.sent:
            for missed in await chats.entries_after(self.conversation_id, self.sent):
                yield missed


def _passing(event: Event) -> ServerSentEvent | None:
    """What a visitor is told and nobody stores; None for what is not a visitor's."""
    match event.kind:
        case "seen":
            return sse("seen", {"by": event.data["by"], "seq": event.data["seq"]})
        case "typing" if event.data["by"] == "agent":
            return sse("typing", {"by": "agent", "active": event.data["active"]})
        case "idle":
            return idle(event.data["ends_at"])
        case "queue":
            return sse("queue", {"position": event.data["position"]})
    return None
