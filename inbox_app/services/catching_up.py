"""While events between processes may be lost, pages and streams are kept up to date from the database.

Every process asks it every second or two what the topics of its listeners look like, in a few statements however many
listen, and tells to read again only those whose topic differs from the last look.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from inbox_app.data import revisions
from inbox_app.data.engine import reading
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.live import Hub
from inbox_app.live.redis_wire import RedisWire
from inbox_app.live.topics import OF_PROCESSES

LOOK_SECONDS: Final = 1.5
GATHER_SECONDS: Final = 0.25  # processes that come back together are one gap
OF_EACH: Final = {"agent": revisions.agents, "visitor": revisions.visitors, "sign_in": revisions.sign_ins}
OF_ALL: Final = {
    "past": revisions.past, "everyone": revisions.everyone, "meetings": revisions.meetings, "outbox": revisions.outbox,
}  # fmt: skip
log = logging.getLogger(__name__)


class CatchingUp:
    """What this process's listeners were last told or have read, by topic."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._known: dict[str, Any] = {}
        self._gap = asyncio.Event()

    def begin(self) -> None:
        """Events may have been lost just now."""
        self._hub.resync(OF_PROCESSES)
        self._gap.set()

    async def run(self, wire: RedisWire) -> None:
        """After each gap once, and for as long as the wire is down. Until cancelled."""
        while True:
            await self._gap_or(LOOK_SECONDS - GATHER_SECONDS if wire.is_down else None)
            self._gap.clear()
            try:
                await self.look()
            except DatabaseUnavailable:
                log.warning("live: a gap, and the database does not answer, trying again")
                self._gap.set()
            except Exception:  # whoever begins this again must look at the same gap
                self._gap.set()
                raise
            await asyncio.sleep(GATHER_SECONDS)

    async def _gap_or(self, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._gap.wait()

    async def look(self) -> None:
        """Tell the listeners of topics that changed since the last look to read again.

        What the process keeps for itself has no revision: it forgets all, which costs less than a revision would.
        """
        self._hub.resync(OF_PROCESSES)
        topics = self._hub.topics - OF_PROCESSES
        found = await read_revisions(topics)
        unknown = object()
        self._hub.resync(topic for topic in topics if self._known.get(topic, unknown) != found.get(topic))
        self._known = {topic: found.get(topic) for topic in topics}


@uninterrupted
async def read_revisions(topics: Collection[str]) -> Mapping[str, Any]:
    """By topic, a value that differs once what the topic shows has changed; none for topics that show nothing."""
    ids = defaultdict[str, list[str]](list)
    for topic in topics:
        kind, _, identifier = topic.partition(":")
        ids[kind].append(identifier)
    found: dict[str, Any] = {}
    async with reading() as connection:
        if ids.keys() & {"conversation", "agent"}:
            found |= await _of_conversations(connection, ids["conversation"])
        for kind, read in OF_EACH.items():
            if kind in ids:
                for identifier, revision in (await read(connection, ids[kind])).items():
                    topic = f"{kind}:{identifier}"
                    found[topic] = (found.get(topic), revision)
        for kind, read_all in OF_ALL.items():
            if kind in ids:
                found[kind] = await read_all(connection)
    return found


async def _of_conversations(connection: AsyncConnection, ids: Collection[str]) -> dict[str, Any]:
    conversations, agents = await revisions.conversations(connection, ids)
    found = {f"conversation:{identifier}": revision for identifier, revision in conversations.items()}
    return found | {f"agent:{identifier}": revision for identifier, revision in agents.items()}
