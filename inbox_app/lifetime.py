"""What runs as long as a process: the lease, the wire to other processes, what they tell; and what is put away."""

import asyncio
import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from anyio import CancelScope

from inbox_app import clock
from inbox_app.data.engine import use_database
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.live import hub
from inbox_app.live.counts import counts
from inbox_app.live.leases import leases
from inbox_app.live.redis_wire import RedisWire
from inbox_app.services import (
    availability,
    calendar_sync,
    devices,
    outbox,
    presence,
    rechecking,
    settling,
    sign_in,
    sweeper,
    waiting,
)
from inbox_app.services.background import keep_running
from inbox_app.services.catching_up import CatchingUp
from inbox_app.settings import get_settings

RETRY_SECONDS = 0.5
log = logging.getLogger(__name__)


async def plan() -> None:
    """What a start brings up to date. One waits for a database that is away: who gives up takes the server along."""
    while True:
        try:
            await availability.plan_boundaries(now=clock.now())
            await waiting.plan_after_start(now=clock.now())
        except DatabaseUnavailable:
            log.warning("start: the database does not answer yet")
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return


@asynccontextmanager
async def lifetime() -> AsyncIterator[None]:
    """Once a worker process."""
    settling.begin()
    always: dict[str, Callable[[], Awaitable[None]]] = {
        "start": plan, "presence": presence.hold_lease, "sweeper": sweeper.run_forever, "outbox": outbox.run_forever,
        "calendars": calendar_sync.run_forever, "sign-ins": sign_in.forget_what_ends_elsewhere,
        "devices": devices.forget_what_changes, "rechecking": rechecking.run_forever,
    }  # fmt: skip
    wire = None
    if url := get_settings().redis_url:
        catching_up = CatchingUp(hub)
        wire = RedisWire(url, hub, on_gap=catching_up.begin)
        hub.wire = wire
        listening = asyncio.create_task(keep_running("live", wire.run))
        always["live: catching up"] = functools.partial(catching_up.run, wire)
        always["leases"] = leases().run_forever
    scopes = [CancelScope() for _ in always]
    tasks = [
        asyncio.create_task(_within(scope, name, work))
        for scope, (name, work) in zip(scopes, always.items(), strict=True)
    ]
    try:
        yield
    finally:
        for scope in scopes:
            scope.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await presence.end_process()
        if wire is not None:
            await wire.flush()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await wire.close()
            await counts().close()
            await leases().close()
        await use_database(None)


async def _within(scope: CancelScope, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """A scope lets a transaction end that was begun; `Task.cancel` would cut it, and its connection with it."""
    with scope:
        await keep_running(name, work)
