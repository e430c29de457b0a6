"""The hub of a process: topics to subscriptions. With Redis, every process hears what the others publish."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from inbox_app.live.topics import OF_PROCESSES

RESYNC: Final = "resync"
BACKLOG: Final = 1_000  # events that one slow listener may leave unread before it is told to read again


@dataclass(frozen=True)
class Event:
    """Something happened. `kind` "resync": something may have been lost, read again."""

    kind: str
    topic: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class Subscription:
    """What one listener has not read yet."""

    def __init__(self) -> None:
        self._unread: deque[Event] = deque()
        self._arrived = asyncio.Event()

    def put(self, event: Event) -> None:
        """Never blocks and never grows without end: a listener that is too slow reads the database instead."""
        if event.kind == RESYNC or len(self._unread) >= BACKLOG:
            self._unread.clear()
            event = Event(RESYNC)
        self._unread.append(event)
        self._arrived.set()

    async def next(self) -> Event:
        """The next event, waiting for it."""
        while not self._unread:
            self._arrived.clear()
            await self._arrived.wait()
        return self._unread.popleft()

    async def bursts(self, *, gather: float = 0) -> AsyncIterator[list[Event]]:
        """First an empty list at once (read the database now), then all that has gathered, whenever something has.

        `gather`: seconds to wait after the first event for what belongs to it, so that it is shown as one step.
        """
        yield []
        while True:
            first = await self.next()
            if gather:
                await asyncio.sleep(gather)
            burst = [first, *self._unread]
            self._unread.clear()
            yield burst


class Wire(Protocol):
    """What carries events between processes."""

    def send(self, topic: str, event: Event) -> None:
        """Queue the event for the other processes and return at once."""


class Hub:
    """Topics of this process. `wire`: to the others, if there are any."""

    def __init__(self) -> None:
        self._subscriptions: defaultdict[str, set[Subscription]] = defaultdict(set)
        self.wire: Wire | None = None

    @property
    def listeners(self) -> int:
        """How many pages and streams listen (a metric: it must fall when they close); not the process itself."""
        groups = [group for topic, group in self._subscriptions.items() if topic not in OF_PROCESSES]
        return len({subscription for group in groups for subscription in group})

    @property
    def topics(self) -> set[str]:
        """Every topic with a listener in this process."""
        return set(self._subscriptions)

    @asynccontextmanager
    async def subscribe(self, *names: str) -> AsyncIterator[Subscription]:
        """Listen to these topics until the block ends."""
        subscription = Subscription()
        for name in names:
            self._subscriptions[name].add(subscription)
        try:
            yield subscription
        finally:
            for name in names:
                self._subscriptions[name].discard(subscription)
                if not self._subscriptions[name]:
                    del self._subscriptions[name]

    def deliver(self, topic: str, event: Event) -> None:
        """To the listeners of this process."""
        for subscription in self._subscriptions.get(topic, ()):
            subscription.put(event)

    def resync(self, names: Iterable[str] | None = None) -> None:
        """Tell listeners of this process to read again, because events may have been lost; None: all of them."""
        wanted = list(self._subscriptions) if names is None else names
        for subscription in {s for name in wanted for s in self._subscriptions.get(name, ())}:
            subscription.put(Event(RESYNC))

    async def publish(self, names: Iterable[str], kind: str, data: dict[str, Any]) -> None:
        """Deliver to listeners in this process and queue for the others. Call it after the commit.

        It never waits for Redis: the answer to a request must not depend on it.
        """
        for name in names:
            event = Event(kind, name, data)
            self.deliver(name, event)
            if self.wire is not None:
                self.wire.send(name, event)


hub: Final = Hub()


async def publish(names: Iterable[str], kind: str, data: dict[str, Any]) -> None:
    """Publish on the hub of this process."""
    await hub.publish(names, kind, data)


@asynccontextmanager
async def subscribe(*names: str) -> AsyncIterator[Subscription]:
    """Subscribe on the hub of this process."""
    async with hub.subscribe(*names) as subscription:
        yield subscription
