"""Whether what the server stands on answers: for load balancers and operators."""

import asyncio
from typing import Final

from inbox_app.data import engine
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.live import hub
from inbox_app.live.redis_wire import RedisWire

ANSWERS_WITHIN: Final = 3  # seconds
OK: Final = "ok"
NOT_USED: Final = "not used"
AWAY: Final = "does not answer"


async def database() -> str:
    """The database."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            await engine.ping()
    except (DatabaseUnavailable, TimeoutError):
        return AWAY
    return OK


async def redis() -> str:
    """Redis, where several processes share one."""
    if not isinstance(hub.wire, RedisWire):
        return NOT_USED
    try:
        await hub.wire.ping()
    except Exception:
        return AWAY
    return OK
