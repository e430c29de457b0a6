"""Reads what is busy out of a CalDAV answer in a process of its own, which can be ended.

A single recurrence rule can keep Python busy for minutes and a thread can't be stopped, so it would slow down everybody
whom this process serves. The child has limits of time and memory, and a low priority.
"""

import asyncio
import json
import logging
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from caldav.response import CalendarQueryResult, DAVResponse

from inbox_app.integrations.calendars import BusyTime, ical
from inbox_app.integrations.calendars.troubles import (
    CalendarTrouble,
    NoCalendarServer,
    TooLarge,
    odd_answers_are_trouble,
)

CPU_SECONDS: Final = 10  # a calendar with as much as is read (ical.MOST) takes 4
TIMEOUT_SECONDS: Final = 20.0  # other programs may leave the child little of the processor
MAX_MEMORY: Final = 1024**3
log = logging.getLogger(__name__)


async def busy_times(
    content: bytes,
    start: datetime,
    end: datetime,
    zone: str,
    *,
    cpu_seconds: int = CPU_SECONDS,
    seconds: float = TIMEOUT_SECONDS,
) -> list[BusyTime]:
    """Of the multistatus of a calendar-query, in order. Raises CalendarTrouble."""
    asked = json.dumps([start.isoformat(), end.isoformat(), zone, cpu_seconds]).encode() + b"\n"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(seconds):
            told, _ = await child.communicate(asked + content)
    except TimeoutError:
        told = b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        log.warning("calendars: reading an answer took too much time or memory (exit status %s)", child.returncode)
        raise TooLarge
    return _told(told)


def _told(told: bytes) -> list[BusyTime]:
    found = json.loads(told)
    if isinstance(found, str):
        raise TooLarge if found == TooLarge.__name__ else NoCalendarServer
    return [BusyTime(datetime.fromisoformat(start), datetime.fromisoformat(end), uid) for start, end, uid in found]


@dataclass(frozen=True)
class _Multistatus:
    """A response as the library takes it."""

    content: bytes
    headers: dict[str, str]
    status_code: int = 207
    reason: str = ""


def _read(content: bytes, start: str, end: str, zone: str) -> list[BusyTime]:
    with odd_answers_are_trouble():
        answer = DAVResponse(_Multistatus(content, {"Content-Type": "application/xml"}))
        results: list[CalendarQueryResult] = answer.parse_calendar_query()
    objects = [result.calendar_data for result in results if result.calendar_data]
    return ical.busy_times(objects, datetime.fromisoformat(start), datetime.fromisoformat(end), zone)


def _limit(cpu_seconds: int) -> None:
    """Windows has no such limits; there only the parent's clock ends the child."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """The child: the question in the first line of its input, then the answer of the server."""
    start, end, zone, cpu_seconds = json.loads(sys.stdin.buffer.readline())
    _limit(cpu_seconds)
    logging.getLogger("caldav").setLevel(logging.CRITICAL)
    try:
        times = _read(sys.stdin.buffer.read(), start, end, zone)
        told: object = [(time.start.isoformat(), time.end.isoformat(), time.uid) for time in times]
    except CalendarTrouble as trouble:
        told = type(trouble).__name__
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
