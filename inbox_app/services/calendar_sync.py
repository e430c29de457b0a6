"""Reads the connected calendars again and again, so that what is busy, and that one is broken, is known in a minute.

A calendar is taken in a short transaction, read without one, and settled in another. Who is killed while reading has
it read by somebody else after the lease.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from anyio import CancelScope

from inbox_app import clock, live
from inbox_app.data import calendars
from inbox_app.data.calendars import Due
from inbox_app.data.engine import unit_of_work
from inbox_app.domain.booking import Interval
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.domain.intervals import without
from inbox_app.domain.leases import READ_AGAIN, READING
from inbox_app.integrations.calendars import BusyTime, Reading
from inbox_app.integrations.calendars.troubles import CalendarTrouble, NoCalendarServer, TooSlow, as_shown_to_agents
from inbox_app.services.calendar_access import Opener, connect, opened
from inbox_app.services.use_case import UseCase, use_case

LOOK_SECONDS: Final = 1.0
EVERY: Final = READ_AGAIN
SOON: Final = timedelta(seconds=12)
"""From a failure that may pass to the next try: longer than a server may take, so that the times of the tries, which
the operator of the name server sees, don't depend on what is at the address."""
ALARM_AFTER: Final = timedelta(seconds=25)
"""From a first failure that may pass until the agent is alarmed, whatever the tries took."""
LONGEST_SECONDS: Final = 25  # one calendar, all of its answers
LEASE: Final = READING
AT_ONCE: Final = 5  # a process, of those that answer; as many of those that do not, so that none waits for these
KNOWN: Final = timedelta(days=365)  # the longest horizon of meetings
AHEAD: Final = KNOWN + timedelta(days=1)
log = logging.getLogger(__name__)


async def run_forever() -> None:
    """Until cancelled. Several processes may do it at once."""
    running: dict[asyncio.Task[None], Due] = {}
    try:
        while True:
            try:
                await _begin(running, now=clock.now())
            except DatabaseUnavailable:
                log.warning("calendars: the database does not answer, trying again")
            except Exception:  # a reading that cannot be begun must not end all others
                log.exception("calendars: nothing could be begun, trying again")
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        with CancelScope(shield=True):
            await _stop(running)


async def _begin(running: dict[asyncio.Task[None], Due], *, now: datetime) -> None:
    for task in [task for task in running if task.done()]:
        due = running.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("calendars: %s is read again after the lease: %s", due.id, error)
    broken = sum(due.status == "broken" for due in running.values())
    for due in await _claim(AT_ONCE - (len(running) - broken), AT_ONCE - broken, now=now):
        running[asyncio.create_task(check(due, now=now))] = due


async def _claim(well: int, broken: int, *, now: datetime) -> list[Due]:
    """At most so many of each."""
    if not await calendars.is_any_due(now):
        return []
    until = now + LEASE
    async with unit_of_work() as session:
        return [
            *await calendars.claim(session, is_broken=False, limit=well, now=now, until=until),
            *await calendars.claim(session, is_broken=True, limit=broken, now=now, until=until),
        ]


async def _stop(running: dict[asyncio.Task[None], Due]) -> None:
    """What is cut is given back, so that the next process need not wait."""
    cut = {task: due for task, due in running.items() if not task.done()}
    for task in cut:
        task.cancel()
    await asyncio.gather(*cut, return_exceptions=True)
    if cut:
        async with unit_of_work() as session:
            for due in cut.values():
                await calendars.settle(session, due)


async def run_due(*, now: datetime, opener: Opener = connect) -> int:
    """Read all that is due; how many were read."""
    done = 0
    while found := await _claim(AT_ONCE, AT_ONCE, now=now):
        await asyncio.gather(*(check(due, now=now, opener=opener) for due in found))
        done += len(found)
    return done


async def check(due: Due, *, now: datetime, opener: Opener = connect) -> None:
    """Read one and keep what is busy, or why it could not be read."""
    if due.status != "broken" and due.broken_since is not None and now >= due.broken_since + ALARM_AFTER:
        await _alarm(due, now)
        return
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            reading = await _read(due, now, opener)
    except CalendarTrouble as trouble:
        await _failed(due, trouble, now)
    except TimeoutError:
        await _failed(due, TooSlow(), now)
    except DatabaseUnavailable:
        raise
    except Exception:  # whatever a server made a library do must not look as if all were well
        is_news = due.broken_since is None  # one traceback an outage, not one a try
        log.exception("calendars: %s of kind %s could not be read", due.id, due.kind, exc_info=is_news)
        await _failed(due, NoCalendarServer(), now)
    else:
        await _worked(due, reading, now)


async def _read(due: Due, now: datetime, opener: Opener) -> Reading:
    still_serves = due.known_until is not None and due.known_until >= now + KNOWN
    async with opened(due, now=now, opener=opener) as connection:
        return await connection.busy(
            due.address, now, now + AHEAD, zone=due.zone, version=due.version if still_serves else ""
        )


async def _worked(due: Due, reading: Reading, now: datetime) -> None:
    values = {
        "status": "ok", "problem": "", "broken_since": None, "checked_at": now, "check_at": now + EVERY,
        "version": reading.version,
    }  # fmt: skip
    if reading.times is not None:
        values["known_until"] = now + AHEAD
    async with use_case() as case:
        if not await calendars.settle(case.session, due, **values):
            return
        if reading.times is not None:
            await store(case, due.id, due.member_id, reading.times)
        tell(case, due.member_id, is_news=due.status != "ok")


async def store(case: UseCase, calendar_id: str, member_id: str, times: Iterable[BusyTime]) -> None:
    """Replace what is known of it. A time without a UID may be our own meeting: that one is no reason to be busy."""
    ours = await calendars.own_meetings(case.session, member_id)
    rows = []
    for time in times:
        left = [Interval(time.start, time.end)] if time.uid else without(Interval(time.start, time.end), ours)
        rows += [(interval.start, interval.end, time.uid) for interval in left]
    await calendars.replace_busy(case.session, calendar_id, rows)


async def _failed(due: Due, trouble: CalendarTrouble, now: datetime) -> None:
    log.info("calendars: %s of kind %s, %s: %s", due.id, due.kind, type(trouble).__name__, trouble)
    sentence, passes = as_shown_to_agents(trouble, due.kind)
    since = min(due.broken_since or now, now)  # not from a clock that was set back
    if not passes:
        await _break(due, sentence, since, check_at=now + EVERY)
    elif due.status == "broken":
        await _settle(due, check_at=now + EVERY)  # its sentence stays: a new one would tell when this try ended
    else:
        await _settle(due, problem=sentence, broken_since=since, check_at=min(now + SOON, since + ALARM_AFTER))


async def _alarm(due: Due, now: datetime) -> None:
    """Show it as broken before the next try, which is due at once, so that the time it takes stays hidden."""
    await _break(due, due.problem, due.broken_since or now, check_at=now)


async def _break(due: Due, sentence: str, since: datetime, *, check_at: datetime) -> None:
    values = {"status": "broken", "problem": sentence, "broken_since": since, "check_at": check_at}
    async with use_case() as case:
        if await calendars.settle(case.session, due, **values):
            tell(case, due.member_id, is_news=due.status != "broken" or due.problem != sentence)


async def _settle(due: Due, **values: object) -> None:
    async with unit_of_work() as session:
        await calendars.settle(session, due, **values)


def tell(case: UseCase, member_id: str, *, is_news: bool) -> None:
    """`calendar`: how it is has changed; `calendar_read`: it was read as before."""
    case.tell(live.topics.agent(member_id), "calendar" if is_news else "calendar_read")
    if is_news:
        case.tell(live.topics.everyone(), "calendar")
