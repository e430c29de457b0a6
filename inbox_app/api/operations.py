"""For operators: is the process alive, is it ready, what does it measure."""

from fastapi import Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from inbox_app import clock
from inbox_app.api.callers import operator
from inbox_app.api.incoming import clean_router
from inbox_app.live import hub
from inbox_app.services import health, outbox

router = clean_router(tags=["operations"])
_listeners = Gauge("inbox_live_subscriptions", "Open live subscriptions of this process: pages and streams.")
_listeners.set_function(lambda: hub.listeners)
_outbox_rows = Gauge("inbox_outbox_rows", "Mails and calendar events that wait or have failed.", ["state"])
_outbox_oldest = Gauge("inbox_outbox_oldest_seconds", "How long the oldest one that waits has waited.")


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", dependencies=[Depends(operator)])
async def readyz(response: Response) -> dict[str, str]:
    """The database answers, and Redis where there is one; else 503 and which does not."""
    states = {"database": await health.database(), "redis": await health.redis()}
    if health.AWAY in states.values():
        response.status_code = 503
        response.headers["Retry-After"] = "2"
    return states


@router.get("/metrics", dependencies=[Depends(operator)])
async def metrics() -> Response:
    """Prometheus."""
    pending, failed, oldest = await outbox.standing(now=clock.now())
    _outbox_rows.labels("pending").set(pending)
    _outbox_rows.labels("failed").set(failed)
    _outbox_oldest.set(oldest)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
