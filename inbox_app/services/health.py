"""Whether what the server stands on answers: for load balancers and operators."""

import asyncio
from typing import Final

from redis.exceptions import RedisError

from inbox_app.data.probe import probe_write
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.live import hub
from inbox_app.live.counts import counts
from inbox_app.live.leases import leases
from inbox_app.live.redis_wire import RedisWire

ANSWERS_WITHIN: Final = 3  # seconds
OK: Final = "ok"
NOT_USED: Final = "not used"
AWAY: Final = "does not answer"


async def database() -> str:
    """Whether the database takes a write; what was written is rolled back."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            await probe_write()
    except (DatabaseUnavailable, TimeoutError):
        return AWAY
    return OK


async def redis() -> str:
    """Whether Redis takes an event, a rate limit's count and a lease, where processes share one."""
    if not isinstance(hub.wire, RedisWire):
        return NOT_USED
    try:
        await asyncio.gather(hub.wire.probe(), counts().probe(), leases().probe())
    except (RedisError, OSError, TimeoutError):
        return AWAY
    return OK
