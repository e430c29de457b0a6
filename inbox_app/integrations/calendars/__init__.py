"""Calendars outside of this installation, of whatever kind, behind one small protocol."""

import asyncio
import importlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from inbox_app.domain.people import told_name

SLOWEST: Final = 10.0  # seconds that a server may take for an answer


@dataclass(frozen=True)
class FoundCalendar:
    """A calendar of an account. `address`: its own URL or id."""

    address: str
    name: str


def name_of(address: str) -> str:
    """Return what to call a calendar without a visible name: the end of its URL's path, or the host."""
    parts = urlsplit(address)
    return told_name(parts.path.rstrip("/").rpartition("/")[2]) or parts.hostname or address


@dataclass(frozen=True, order=True)
class BusyTime:
    """`uid` of the event; empty where only busy times are told."""

    start: datetime
    end: datetime
    uid: str = ""


@dataclass(frozen=True)
class Reading:
    """What is busy; None: nothing has changed since `version`, which is what the calendar calls its state."""

    times: list[BusyTime] | None
    version: str = ""


@dataclass(frozen=True)
class Event:
    """A meeting as it stands in a calendar. It names no attendees: a server would invite them a second time."""

    uid: str
    sequence: int
    title: str
    text: str
    place: str
    start: datetime
    end: datetime
    changed_at: datetime


class Connection(Protocol):
    """One account of a calendar server. Everything may raise CalendarTrouble."""

    async def calendars(self) -> list[FoundCalendar]:
        """Those that hold events."""

    async def busy(self, address: str, start: datetime, end: datetime, *, zone: str, version: str = "") -> Reading:
        """`zone`: where an all-day event begins and ends. `version`: of the last reading that still serves."""

    async def write(self, address: str, event: Event) -> None:
        """Put it there; again, or moved: the same event."""

    async def remove(self, address: str, uid: str) -> None:
        """Take it away; gone already is as good."""

    async def close(self) -> None:
        """Let go of its sockets."""


async def module_of(kind: str) -> Any:
    """The module of a kind, imported beside the event loop at first use: `caldav` takes a second to import."""
    return await asyncio.to_thread(importlib.import_module, f"{__name__}.{kind}")
