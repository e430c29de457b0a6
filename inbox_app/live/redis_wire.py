"""Events between processes over Redis pub/sub. It keeps nothing: after a cut every listener is told to read again."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable
from typing import Any, Final, cast
from uuid import uuid4

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from inbox_app.live.hub import Event, Hub

CHANNEL: Final = "inbox:live"
RETRY_SECONDS: Final = 0.5
SEND_SECONDS: Final = 2
IDLE_SECONDS: Final = 5  # after so long without a word Redis is asked whether it is there
KEPT: Final = 1_000  # events that wait for Redis to come back; listeners of this process have them already
log = logging.getLogger(__name__)


class RedisWire:
    """One connection to publish, one to listen. `run` keeps it alive until it is cancelled."""

    def __init__(self, url: str, hub: Hub, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._hub = hub
        self._process = uuid4().hex
        self._idle_seconds = idle_seconds
        # The listener blocks for as long as nothing happens: no read timeout, `_listen` finds a dead peer by asking.
        self._redis = redis.from_url(url, socket_timeout=None, socket_connect_timeout=2, retry=Retry(NoBackoff(), 1))
        self._unsent: deque[str] = deque(maxlen=KEPT)
        self._sending = asyncio.Lock()
        self._is_listening = False

    async def send(self, topic: str, event: Event) -> None:
        """Best effort: the commit stands whatever Redis does. While it is away nobody waits for it."""
        self._unsent.append(json.dumps([self._process, topic, event.kind, event.data], separators=(",", ":")))
        if self._is_listening:
            await self._send_all()

    async def _send_all(self) -> None:
        async with self._sending:
            while self._unsent:
                payload = self._unsent.popleft()
                try:
                    await asyncio.wait_for(self._redis.publish(CHANNEL, payload), SEND_SECONDS)
                except (redis.RedisError, OSError, TimeoutError) as error:
                    self._unsent.appendleft(payload)
                    log.warning("live: an event could not be published yet: %s", error)
                    return

    async def ping(self) -> None:
        """Raises when Redis does not answer."""
        async with asyncio.timeout(SEND_SECONDS):
            await cast("Awaitable[bool]", self._redis.ping())

    async def run(self) -> None:
        """Listen for ever; connect again after a cut."""
        while True:
            try:
                await self._listen()
            except (redis.RedisError, OSError) as error:
                log.warning("live: lost Redis (%s), trying again", error)
            finally:
                self._is_listening = False
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            was_asked = False
            while True:
                message = await channel.get_message(timeout=self._idle_seconds)
                if message is not None:
                    was_asked = False
                    await self._take(message)
                elif was_asked:
                    raise redis.ConnectionError("no answer")
                else:
                    was_asked = True
                    await channel.ping()

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":  # from now on nothing is missed: whoever reads again now has all
            self._is_listening = True
            self._hub.resync()
            await self._send_all()
        elif message["type"] == "message":
            self._deliver(message["data"])

    def _deliver(self, payload: bytes) -> None:
        try:
            process, topic, kind, data = json.loads(payload)
            event = Event(str(kind), str(topic), dict(data))
        except (ValueError, TypeError):
            log.warning("live: somebody else writes on the channel %s", CHANNEL)
            return
        if process != self._process:
            self._hub.deliver(event.topic, event)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()
