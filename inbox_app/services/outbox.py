"""Does what was planned to be done outside (PRODUCT 4.4): mails, events in calendars; until it is done, and done once.

A row is taken in a short transaction, done without one, and settled in another. Who is killed between the last two
has it done again after the lease: what goes out carries the row's key, so that the repetition is recognisable.
"""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from anyio import CancelScope

from inbox_app import clock, live
from inbox_app.data import outbox
from inbox_app.data.engine import unit_of_work
from inbox_app.data.outbox import Taken
from inbox_app.data.views.visitors import LINK_MAIL
from inbox_app.domain import leases, retry
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.services import (
    account_mails,
    address_links,
    after_booking,
    calendar_events,
    mailing,
    meeting_mails,
    member_links,
)
from inbox_app.services.outgoing import HANDLE_SECONDS, Errand, Handler, Never, NotNow, Unfinished

LOOK_SECONDS: Final = 1.0
LEASE: Final = leases.ERRAND
"""Three times what a row may take, so that what was done can still be noted."""
AT_ONCE: Final = 4
"""Of one kind, a process: a calendar that is slow must not hold up the mails."""
STOP_SECONDS: Final = 3
"""What is being done when the server stops may take so long; the server itself waits for five."""
HANDLERS: Final[dict[str, Handler]] = {
    after_booking.VISITOR_MAIL: meeting_mails.to_visitor,
    after_booking.AGENT_MAIL: meeting_mails.to_agent,
    after_booking.CALENDAR: calendar_events.bring_up_to_date,
    LINK_MAIL: address_links.mail,
    member_links.INVITATION_MAIL: account_mails.invitation,
    member_links.RESET_MAIL: account_mails.reset,
}
log = logging.getLogger(__name__)


async def run_forever(handlers: Mapping[str, Handler] = HANDLERS) -> None:
    """Until cancelled; what is being done then is finished. Several processes may do it at once."""
    with outbox.waking() as wake:
        crew = Crew(handlers, wake)
        try:
            while True:
                wake.clear()
                try:
                    has_begun = await crew.begin(now=clock.now())
                except DatabaseUnavailable:
                    log.warning("outbox: the database does not answer, trying again")
                    has_begun = False
                if not has_begun:
                    await _woken(wake)
        finally:
            with CancelScope(shield=True):
                await crew.stop()


async def _woken(wake: asyncio.Event) -> None:
    """When there is something new, when something ended, or after a while."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await wake.wait()
    except TimeoutError:
        return


async def run_due(*, now: datetime, handlers: Mapping[str, Handler] = HANDLERS) -> int:
    """Do all that is due; how many were tried."""
    done = 0
    while rows := await _take(list(handlers), now=now):
        await asyncio.gather(*(_do(row, handlers[row.kind], now=now) for row in rows))
        done += len(rows)
    return done


class Crew:
    """What this process is doing at present, at most AT_ONCE of a kind."""

    def __init__(self, handlers: Mapping[str, Handler], wake: asyncio.Event) -> None:
        self._handlers, self._wake = handlers, wake
        self._busy: Counter[str] = Counter()
        self._tasks: dict[asyncio.Task[None], Taken] = {}

    async def begin(self, *, now: datetime) -> bool:
        """Take what there is room for and begin it. False: nothing was due."""
        rows = await _take([kind for kind in self._handlers if self._busy[kind] < AT_ONCE], now=now)
        for row in rows:
            self._busy[row.kind] += 1
            task = asyncio.create_task(_do(row, self._handlers[row.kind], now=now))
            self._tasks[task] = row
            task.add_done_callback(self._ended)
        return bool(rows)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._busy[self._tasks.pop(task).kind] -= 1
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("outbox: not noted, it is done again after the lease: %s", error)
        self._wake.set()

    async def stop(self) -> None:
        """Let it end; what takes too long is cut and given back, so that the next process need not wait."""
        running = dict(self._tasks)
        if running:
            await asyncio.wait(running, timeout=STOP_SECONDS)
        cut = [task for task in running if not task.done()]
        for task in cut:
            task.cancel()
        await asyncio.gather(*cut, return_exceptions=True)
        if cut:
            async with unit_of_work() as session:
                for task in cut:
                    await outbox.give_back(session, running[task])


async def standing(*, now: datetime) -> tuple[float, float, float]:
    """For operators: rows pending, rows failed, age of the oldest pending in seconds; no numbers without a database."""
    try:
        counts, oldest = await outbox.counts(), await outbox.oldest_pending()
    except DatabaseUnavailable:
        return (float("nan"),) * 3
    return counts["pending"], counts["failed"], (now - oldest).total_seconds() if oldest else 0.0


def waits_for_set_up(kind: str) -> bool:
    """Mails without a mail server stay planned and cost nothing; they go out once it is set up."""
    return kind.startswith("mail.") and not mailing.is_configured()


async def _take(all_kinds: Collection[str], *, now: datetime) -> list[Taken]:
    kinds = [kind for kind in all_kinds if not waits_for_set_up(kind)]
    if not kinds or not await outbox.is_anything_due(kinds, now, LEASE):
        return []
    async with unit_of_work() as session:
        return await outbox.take(session, kinds, limit=AT_ONCE, now=now, lease=LEASE)


async def _do(row: Taken, handler: Handler, *, now: datetime) -> None:
    problem = await _tried(row, handler, now)
    state = _state_after(problem, row.tries)
    await _settle(row, state, problem.noted if problem else "", now)
    log.info("outbox: %s is %s after %d tries%s", row.key, state, row.tries, f": {problem}" if problem else "")
    await live.publish([live.topics.outbox()], "delivery", {"kind": row.kind, "state": state})


def _state_after(problem: Unfinished | None, tries: int) -> str:
    if isinstance(problem, NotNow):
        return "failed" if tries >= retry.TRIES else "pending"
    if isinstance(problem, Never):
        return "failed"
    return "skipped" if problem else "done"


async def _settle(row: Taken, state: str, noted: str, now: datetime) -> None:
    """A database that is away for a moment must not make a mail go out twice: it is told as long as the lease lasts."""
    for _ in range(2 * HANDLE_SECONDS):
        try:
            async with unit_of_work() as session:
                if state == "pending":
                    due_at = now + retry.pause(row.tries, chance=secrets.randbelow(1_000) / 1_000)
                    await outbox.put_off(session, row, problem=noted, due_at=due_at)
                else:
                    await outbox.settle(session, row, state, problem=noted, now=now)
        except DatabaseUnavailable:
            log.warning("outbox: %s is %s, which the database is still to be told", row.key, state)
            await asyncio.sleep(1)
        else:
            return


async def _tried(row: Taken, handler: Handler, now: datetime) -> Unfinished | None:
    """None: it is done."""
    errand = Errand(row.key, row.kind, row.subject_id, row.payload, row.tries)
    try:
        async with asyncio.timeout(HANDLE_SECONDS):
            await handler(errand, now=now)
    except Unfinished as problem:
        return problem
    except TimeoutError:
        return NotNow("slow")
    except DatabaseUnavailable:
        return NotNow("database_away")
    except Exception as error:
        log.exception("outbox: %s failed, trying again later", row.key)
        return NotNow("unexpected", type(error).__name__)
    return None
