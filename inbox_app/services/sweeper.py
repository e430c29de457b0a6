"""Does what is due (ARCHITECTURE, decision 7).

Each task in the transaction that removes it, so that a crash loses and doubles nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from inbox_app import clock
from inbox_app.data import conversations, tasks
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.services import availability, idle, left_news, offers, routing, settling, waiting
from inbox_app.services.use_case import use_case

LOOK_SECONDS: Final = 0.25
AGAIN_AFTER: Final = timedelta(seconds=10)
Handler = Callable[..., Awaitable[None]]
HANDLERS: Final[dict[str, Handler]] = {
    routing.OFFER_EXPIRY: offers.expire,
    waiting.WAIT_LIMIT: waiting.pass_limit,
    waiting.VISITOR_LEFT: waiting.visitor_left,
    offers.IDLE: idle.look,
    waiting.AGENT_GONE: waiting.agent_gone,
    waiting.AGENT_RETURN: waiting.nobody_returned,
    availability.BOUNDARY: availability.pass_boundary,
    left_news.NEWS: left_news.publish,
}
log = logging.getLogger(__name__)


async def run_forever() -> None:
    """Until cancelled. Several processes may do it at once: a task is locked while it is done.

    What came due while no server ran is done when its people had the time to come back.
    """
    await settling.over()
    is_started = False
    while True:
        try:
            await run_due(now=clock.now())
            if not is_started:
                await routing.offer_waiting(now=clock.now())  # whoever waited for somebody to come back
                is_started = True
        except DatabaseUnavailable:
            log.warning("sweeper: the database does not answer, trying again")
        await asyncio.sleep(LOOK_SECONDS)


async def run_due(*, now: datetime) -> int:
    """Do all that is due; how many."""
    done = 0
    while await tasks.is_anything_due(now) and await _do_one(now):
        done += 1
    return done


async def _do_one(now: datetime) -> bool:
    kind = subject_id = ""
    try:
        async with use_case() as case:
            await conversations.begin_routing(case.session)  # before the task's lock: one order for everyone
            task = await tasks.take_due(case.session, now)
            if task is None:
                return False
            kind, subject_id, due_at = task.kind, task.subject_id, task.due_at
            await HANDLERS[kind](case, subject_id, now=now)
            await tasks.remove(case.session, task, due_at)
    except DatabaseUnavailable:
        raise
    except Exception:  # one broken task must not stop all the others
        log.exception("sweeper: %s of %s failed, trying again later", kind, subject_id)
        await _put_off(kind, subject_id, now)
    return True


async def _put_off(kind: str, subject_id: str, now: datetime) -> None:
    async with use_case() as case:
        await tasks.plan(case.session, kind, subject_id, due_at=now + AGAIN_AFTER)
