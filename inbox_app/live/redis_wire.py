"""Events between processes over Redis pub/sub. It keeps nothing: after a cut every listener is told to read again."""

import asyncio
import json
import logging
from typing import Final

import redis.asyncio as redis

from uuid import uuid4
from inbox_app.live.hub import Event, Hub

CHANNEL: Final = "inbox:live"
RETRY_SECONDS: Final = 0.5
log = logging.getLogger(__name__)


class RedisWire:
    """One connection to publish, one to listen. `run` keeps it alive until it is cancelled."""

    def __init__(self, url: str, hub: Hub) -> None:
        self._hub = hub
        self._process = uuid4().hex
        # The listener blocks for as long as nothing happens: no read timeout, but a health check finds a dead peer.
        self._redis = redis.from_url(url, socket_timeout=None, socket_connect_timeout=2, health_check_interval=5)

    async def send(self, topic: str, event: Event) -> None:
        """Best effort: the commit stands whatever Redis does, and the listeners resync when it is back."""
        payload = json.dumps([self._process, topic, event.kind, event.data], separators=(",", ":"))
        try:
            await asyncio.wait_for(self._redis.publish(CHANNEL, payload), timeout=2)
        except (redis.RedisError, OSError, TimeoutError) as error:
            log.warning("live: an event could not be published: %s", error)

    async def ping(self) -> None:
        """Raises when Redis does not answer."""
        await asyncio.wait_for(self._redis.ping(), timeout=2)

    async def run(self) -> None:
        """Listen for ever; connect again after a cut."""
        while True:
            try:
                await self._listen()
            except (redis.RedisError, OSError) as error:
                log.warning("live: lost Redis (%s), trying again", error)
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(CHANNEL)
            self._hub.resync()
            while True:
                message = await channel.get_message(timeout=5)
                if message is None:
                    await channel.ping()
                    continue
                process, topic, kind, data = json.loads(message["data"])
                if process != self._process:
                    self._hub.deliver(topic, Event(kind, topic, data))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()
