"""Who is there (PRODUCT 2.5): a lease held by live connections, never by page timers.

A connection row belongs to a process, a process renews its lease. Closed: gone after a grace that covers a reload.
Killed: gone when the lease runs out.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from inbox_app import clock, live
from inbox_app.data import presence, visitors
from inbox_app.data.engine import reading_session
from inbox_app.data.gathering import Gathering
from inbox_app.data.ids import new_id
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.domain import leases
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.services import other_servers, routing, settling, waiting
from inbox_app.services.use_case import topics_of, use_case

PROCESS: Final = new_id()
RENEW_SECONDS: Final = 8
CLOCK_LOOK_SECONDS: Final = 1
AGENT_GRACE_SECONDS: Final = 3  # a reload closes and opens: nobody is told of that
VISITOR_GRACE_SECONDS: Final = 9  # PRODUCT 3.7: the agent sees "visitor disconnected" after 10 s
_background: set[asyncio.Task[None]] = set()
_open: dict[str, str] = {}  # connection → subject: what this process holds, whatever the database was told
_closed: set[str] = set()  # closed while the database was away
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Connection:
    """A stream or a socket. `subject_id`: a member's or a device's."""

    id: str
    subject_id: str
    is_agent: bool


@asynccontextmanager
async def present(subject_id: str, *, is_agent: bool) -> AsyncIterator[None]:
    """The subject (a member's or a device's id) is there while the block runs."""
    connection = _Connection(new_id(), subject_id, is_agent)
    coming = asyncio.ensure_future(_come(connection))
    try:
        if await asyncio.shield(coming) and is_agent:
            await _agent_arrived(subject_id)
        yield
    finally:
        task = asyncio.create_task(_leave(connection, coming))
        _background.add(task)
        task.add_done_callback(_background.discard)


@uninterrupted
async def _come_all(connections: list[_Connection]) -> list[bool]:
    """Note all who come at one moment, as after a restart; tell of each whether nobody knew of it yet."""
    agents = {one.id: one.subject_id for one in connections if one.is_agent}
    devices = {one.id: one.subject_id for one in connections if not one.is_agent}
    if agents:
        async with use_case() as case:
            await presence.renew(case.session, PROCESS, now=clock.now())
            await presence.connect_all(case.session, PROCESS, agents)
            await waiting.agents_are_back(case, set(agents.values()))
    if devices:
        await presence.connect_devices(PROCESS, devices, now=clock.now())
    _open.update(agents | devices)
    before = await presence.were_online(agents | devices)
    await _tell_devices(set(devices.values()) - before, is_online=True)
    return [one.subject_id not in before for one in connections]


_come: Final = Gathering(_come_all)


@uninterrupted
async def _agents_arrived(member_ids: list[str]) -> list[None]:
    """Whoever waits may be theirs."""
    await routing.offer_waiting(now=clock.now())
    return [None] * len(member_ids)


_agent_arrived: Final = Gathering(_agents_arrived)


async def _leave(connection: _Connection, coming: asyncio.Future[bool]) -> None:
    """`coming`: a page may leave while a slow database still notes that it came; its end is noted after that."""
    try:
        await asyncio.wait([coming])
        await asyncio.sleep(AGENT_GRACE_SECONDS if connection.is_agent else VISITOR_GRACE_SECONDS)
    finally:
        _open.pop(connection.id, None)
    try:
        await _part(connection)
    except DatabaseUnavailable:
        _closed.add(connection.id)
        log.warning("presence: the database is away, the lease will tell")
    except Exception:  # otherwise the connection would count as open as long as this process runs
        _closed.add(connection.id)
        log.exception("presence: the end of a connection isn't noted yet, trying again")


@uninterrupted
async def _part_all(connections: list[_Connection]) -> list[None]:
    """All who left at one moment."""
    await presence.close_connections([one.id for one in connections])
    await _gone_if_offline({one.subject_id for one in connections})
    return [None] * len(connections)


_part: Final = Gathering(_part_all)


async def _gone_if_offline(subject_ids: Collection[str]) -> None:
    """The last connection is gone: of an agent or of a visitor's browser, whichever it is."""
    if not subject_ids:
        return
    async with reading_session() as session:
        gone = set(subject_ids) - await presence.online_among(session, subject_ids)
        members = await presence.members_among(session, gone)
    for member_id in sorted(members):
        await waiting.agent_is_away(member_id, now=clock.now())
    await _tell_devices(gone - members, is_online=False)
    if gone - members:
        await waiting.devices_are_gone(gone - members, now=clock.now())


async def _tell_devices(device_ids: Collection[str], *, is_online: bool) -> None:
    """The dot of PRODUCT 1.2 changes in the open chats and in their agents' lists."""
    if not device_ids:
        return
    async with reading_session() as session:
        found = await visitors.going_on_in(session, device_ids)
    for _, conversation_id, agent_id in found:
        topics = topics_of(conversation_id, agent_id)
        await live.publish(topics, "presence", {"conversation_id": conversation_id, "is_online": is_online})


async def hold_lease() -> None:
    """Renew this process's lease until cancelled, and clear up after processes that died.

    When the clock was set, it only renews: the leases of living processes look wrong until they have done the same.
    """
    was_set = False
    while True:
        try:
            async with use_case() as case:
                await presence.renew(case.session, PROCESS, now=clock.now())
                await other_servers.look(case.session, PROCESS)
                await waiting.agents_are_back(case, await presence.keep(case.session, PROCESS, _open))
                await presence.disconnect(case.session, *(closed := frozenset(_closed)))
                may_judge = settling.is_over() and not was_set
                gone = await presence.forget_dead(case.session, now=clock.now()) if may_judge else []
            _closed.difference_update(closed)
            await _gone_if_offline(gone)
        except DatabaseUnavailable:
            log.warning("presence: the database does not answer, trying again")
        was_set = await _until_renewal()


async def _until_renewal() -> bool:
    """Wait, but only until the clock is set. Returns whether it was."""
    began, shown = time.monotonic(), clock.now()
    while (passed := time.monotonic() - began) < RENEW_SECONDS:
        if abs(clock.now() - shown - timedelta(seconds=passed)) > leases.SKEW:
            return True
        await asyncio.sleep(CLOCK_LOOK_SECONDS)
    return False


async def end_process() -> None:
    """At an orderly end."""
    for task in list(_background):
        task.cancel()
    try:
        async with use_case() as case:
            gone = await presence.end_process(case.session, PROCESS)
            await waiting.expect_back(case, gone, now=clock.now())
    except DatabaseUnavailable:
        log.warning("presence: the database is away, the lease will tell")


async def is_someone_available(*, now: datetime) -> bool:
    """Whether an agent is there who is offered chats."""
    return await presence.is_someone_available(now)
