"""Who is there (PRODUCT 2.5): a lease held by live connections, never by page timers.

A connection row belongs to a process, a process renews its lease. Closed: gone after a grace that covers a reload.
Killed: gone when the lease runs out.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from inbox_app import clock, live
from inbox_app.data import presence, visitors
from inbox_app.data.ids import new_id
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.services import routing, waiting
from inbox_app.services.use_case import use_case

PROCESS: Final = new_id()
RENEW_SECONDS: Final = 8
AGENT_GRACE_SECONDS: Final = 3  # a reload closes and opens: nobody is told of that
VISITOR_GRACE_SECONDS: Final = 9  # PRODUCT 3.7: the agent sees "visitor disconnected" after 10 s
_background: set[asyncio.Task[None]] = set()
_open: dict[str, str] = {}  # connection → subject: what this process holds, whatever the database was told
_closed: set[str] = set()  # closed while the database was away
log = logging.getLogger(__name__)


@asynccontextmanager
async def present(subject_id: str, *, is_agent: bool) -> AsyncIterator[None]:
    """The subject (a member's or a device's id) is there while the block runs."""
    connection_id = new_id()
    try:
        await _come(connection_id, subject_id, is_agent=is_agent)
        yield
    finally:
        task = asyncio.create_task(_leave(connection_id, subject_id, is_agent=is_agent))
        _background.add(task)
        task.add_done_callback(_background.discard)


@uninterrupted
async def _come(connection_id: str, subject_id: str, *, is_agent: bool) -> None:
    was_online = await presence.is_online(subject_id)
    async with use_case() as case:
        await presence.renew(case.session, PROCESS, now=clock.now())
        await presence.connect(case.session, connection_id, PROCESS, subject_id)
    _open[connection_id] = subject_id
    if not was_online:
        await _arrived(subject_id, is_agent=is_agent)


async def _arrived(subject_id: str, *, is_agent: bool) -> None:
    if not is_agent:
        await _tell_device(subject_id, is_online=True)
        return
    await routing.offer_waiting(now=clock.now())


async def _leave(connection_id: str, subject_id: str, *, is_agent: bool) -> None:
    try:
        await asyncio.sleep(AGENT_GRACE_SECONDS if is_agent else VISITOR_GRACE_SECONDS)
    finally:
        _open.pop(connection_id, None)
    try:
        async with use_case() as case:
            await presence.disconnect(case.session, connection_id)
        await _gone_if_offline(subject_id)
    except DatabaseUnavailable:
        _closed.add(connection_id)
        log.warning("presence: the database is away, the lease will tell")


async def _gone_if_offline(subject_id: str) -> None:
    """The last connection is gone: of an agent or of a visitor's browser, whichever it is."""
    if await presence.is_online(subject_id):
        return
    if await presence.is_member(subject_id):
        await waiting.agent_is_away(subject_id, now=clock.now())
        return
    await _tell_device(subject_id, is_online=False)
    await waiting.device_is_gone(subject_id, now=clock.now())


async def _tell_device(device_id: str, *, is_online: bool) -> None:
    """The dot of PRODUCT 1.2 changes in the open chat and in its agent's list."""
    async with use_case() as case:
        for conversation_id, agent_id in await visitors.open_conversations(case.session, device_id=device_id):
            topics = [live.topics.conversation(conversation_id)]
            topics += [live.topics.agent(agent_id)] if agent_id else []
            for topic in topics:
                case.tell(topic, "presence", conversation_id=conversation_id, is_online=is_online)


async def hold_lease() -> None:
    """Renew this process's lease until cancelled, and clear up after processes that died."""
    while True:
        try:
            async with use_case() as case:
                await presence.renew(case.session, PROCESS, now=clock.now())
                await presence.keep(case.session, PROCESS, _open)
                await presence.disconnect(case.session, *(closed := frozenset(_closed)))
                gone = await presence.forget_dead(case.session, now=clock.now())
            _closed.difference_update(closed)
            for subject_id in gone:
                await _gone_if_offline(subject_id)
        except DatabaseUnavailable:
            log.warning("presence: the database does not answer, trying again")
        await asyncio.sleep(RENEW_SECONDS)


async def end_process() -> None:
    """At an orderly end."""
    for task in list(_background):
        task.cancel()
    try:
        async with use_case() as case:
            await presence.end_process(case.session, PROCESS)
    except DatabaseUnavailable:
        log.warning("presence: the database is away, the lease will tell")


async def is_someone_available(*, now: datetime) -> bool:
    """Whether an agent is there who is offered chats."""
    return await presence.is_someone_available(now)
