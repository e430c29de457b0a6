"""Events between processes over Redis pub/sub. It keeps nothing: after a gap, listeners read the database again."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, cast
from uuid import uuid4

import redis.asyncio as redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from inbox_app.live.hub import RESYNC, Event, Hub
from inbox_app.live.redis_health import RETRY_SECONDS, RedisHealth

CHANNEL: Final = "inbox:live"
ANSWER_SECONDS: Final = 1.5  # Redis counts as hung after this long without an answer
PING_SECONDS: Final = 1.0  # how often Redis is asked for one when nothing is published
IDLE_SECONDS: Final = 5  # the same for the connection that listens, which shares Redis's fate
MAX_QUEUED: Final = 10_000
BATCH: Final = 200
FLUSH_SECONDS: Final = 1.0
log = logging.getLogger(__name__)


class RedisWire:
    """One connection to publish, one to listen. `run` keeps both alive until it is cancelled.

    `send` only queues, and one task publishes in order. While Redis is away, `is_down` is true and nothing is queued:
    the first event after the gap tells the other processes to read again, and `on_gap` tells this one.
    """

    def __init__(
        self, url: str, hub: Hub, *, idle_seconds: float = IDLE_SECONDS, on_gap: Callable[[], None] | None = None
    ) -> None:
        self._hub = hub
        self._process = uuid4().hex
        self._idle_seconds = idle_seconds
        self._on_gap = on_gap or hub.resync
        # No read timeout: the listener blocks until something happens. No retry: an event may have been taken already.
        self._redis = redis.from_url(url, socket_timeout=None, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0))
        self._unsent: deque[str] = deque()
        self._queued, self._flushed = asyncio.Event(), asyncio.Event()
        self._flushed.set()
        self.is_down = True
        self._health = RedisHealth("live", "pages read the database until it's back")

    def send(self, topic: str, event: Event) -> None:
        """Queue an event for the other processes."""
        if self.is_down:
            return
        if len(self._unsent) >= MAX_QUEUED:  # reading again costs the others less than hearing all this
            self._unsent.clear()
            self._queue("", Event(RESYNC))
        self._queue(topic, event)

    def _queue(self, topic: str, event: Event) -> None:
        self._unsent.append(json.dumps([self._process, topic, event.kind, event.data], separators=(",", ":")))
        self._flushed.clear()
        self._queued.set()

    async def ping(self) -> None:
        """Raises when Redis does not answer."""
        async with asyncio.timeout(ANSWER_SECONDS):
            await cast("Awaitable[bool]", self._redis.ping())

    async def probe(self) -> None:
        """Publish an event without listeners. Raises when Redis doesn't answer or doesn't allow publishing."""
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._redis.publish(CHANNEL, json.dumps([self._process, "probe", "probe", {}]))

    async def run(self) -> None:
        """Keep both connections; connect again after a cut."""
        while True:
            try:
                await self._connect()
            except* (redis.RedisError, OSError) as errors:
                self._health.lose(errors.exceptions[0])
            except* Exception:  # whoever runs this begins it again; until then nothing is queued
                self._go_down()
                raise
            if not self.is_down:
                self._go_down()
            await asyncio.sleep(RETRY_SECONDS)

    def _go_down(self) -> None:
        self.is_down = True
        self._unsent.clear()
        self._flushed.set()
        self._on_gap()

    async def _connect(self) -> None:
        async with self._redis.pubsub() as channel:
            async with asyncio.timeout(ANSWER_SECONDS):
                await channel.subscribe(CHANNEL)
                while await channel.get_message(timeout=ANSWER_SECONDS) is None:
                    pass
            self.is_down = False
            self._health.regain()
            self._queue("", Event(RESYNC))  # to the others, which may have missed earlier events of this process
            self._on_gap()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._listen(channel))
                both.create_task(self._publish())

    async def _listen(self, channel: PubSub) -> None:
        was_asked = False
        while True:
            message = await channel.get_message(timeout=self._idle_seconds)
            if message is None:
                if was_asked:
                    raise redis.ConnectionError("no answer")
                await channel.ping()
            elif message["type"] == "message":
                self._deliver(message["data"])
            was_asked = message is None

    async def _publish(self) -> None:
        while True:
            try:
                async with asyncio.timeout(PING_SECONDS):
                    await self._queued.wait()
            except TimeoutError:
                await self.ping()
                continue
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._publish_batch()

    async def _publish_batch(self) -> None:
        batch = [self._unsent.popleft() for _ in range(min(BATCH, len(self._unsent)))]
        pipeline = self._redis.pipeline(transaction=False)
        for payload in batch:
            pipeline.publish(CHANNEL, payload)
        await pipeline.execute()
        if not self._unsent:
            self._queued.clear()
            self._flushed.set()

    def _deliver(self, payload: bytes) -> None:
        try:
            process, topic, kind, data = json.loads(payload)
            event = Event(str(kind), str(topic), dict(data))
        except (ValueError, TypeError):
            log.warning("live: another program writes to the channel %s", CHANNEL)
            return
        if process == self._process:
            return
        if event.kind == RESYNC:
            self._on_gap()
        else:
            self._hub.deliver(event.topic, event)

    async def flush(self) -> None:
        """Wait a moment until queued events are sent, before the process ends."""
        try:
            async with asyncio.timeout(FLUSH_SECONDS):
                await self._flushed.wait()
        except TimeoutError:
            log.warning("live: Redis did not take the last events")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()
