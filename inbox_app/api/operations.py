"""For operators: is the process alive, is it ready, what does it measure."""

import asyncio

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy import text

from inbox_app.data.engine import reading
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.live import hub
from inbox_app.live.redis_wire import RedisWire

router = APIRouter(tags=["operations"])
READY_SECONDS = 3
_listeners = Gauge("inbox_live_subscriptions", "Open live subscriptions of this process: pages and streams.")
_listeners.set_function(lambda: hub.listeners)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(response: Response) -> dict[str, str]:
    """The database answers, and Redis where there is one; else 503 and which does not."""
    states = {"database": await _database(), "redis": await _redis()}
    if any(state not in {"ok", "not used"} for state in states.values()):
        response.status_code = 503
    return states


async def _database() -> str:
    try:
        async with asyncio.timeout(READY_SECONDS), reading() as connection:
            await connection.execute(text("SELECT 1"))
    except (DatabaseUnavailable, TimeoutError):
        return "does not answer"
    return "ok"


async def _redis() -> str:
    if not isinstance(hub.wire, RedisWire):
        return "not used"
    try:
        await hub.wire.ping()
    except Exception:  # whatever a client library raises: an operator wants to know that it is away
        return "does not answer"
    return "ok"


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
