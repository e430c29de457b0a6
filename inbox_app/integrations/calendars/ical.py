"""Events in iCalendar (RFC 5545): when they are busy, and how ours is written."""

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from inbox_app.integrations.calendars import BusyTime, Event
from inbox_app.integrations.calendars.troubles import TooLarge

STEP: Final = timedelta(days=31)  # recurring events are unrolled so far at a time, so that an endless one is noticed
MOST: Final = 20_000  # busy times of one calendar
UID_LIMIT: Final = 255  # characters, as RFC 7986 asks for: an event that recurs has its UID kept many times
TOO_OFTEN: Final = {"SECONDLY", "MINUTELY"}
log = logging.getLogger(__name__)


def busy_times(objects: Iterable[str], start: datetime, end: datetime, zone: str) -> list[BusyTime]:
    """Of these calendar objects, in order. What cannot be read is left out. Raises TooLarge."""
    found: set[BusyTime] = set()
    for text in objects:
        try:
            found.update(_of_object(text, start, end, ZoneInfo(zone)))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as broken:
            log.warning("calendars: an event is left out, it cannot be read: %s", type(broken).__name__)
        if len(found) > MOST:
            raise TooLarge
    return sorted(found)


def _of_object(text: str, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[BusyTime]:
    calendar = icalendar.Calendar.from_ical(text)
    if any(_is_too_often(event) for event in calendar.walk("VEVENT")):
        raise ValueError("recurs too often")
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    while start < end:
        for event in query.between(start, min(start + STEP, end)):
            if _is_busy(event):
                first, last = _ends(event, zone)
                if last > first:
                    yield BusyTime(first, last, str(event.get("UID", ""))[:UID_LIMIT])
        start += STEP


def _is_too_often(event: Any) -> bool:
    """A meeting does not come every minute: such a rule is an attack or an accident."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        is_dense = "BYSECOND" in rule or len(rule.get("BYMINUTE", [])) > 4
        if is_dense or TOO_OFTEN & {str(frequency).upper() for frequency in rule.get("FREQ", [])}:
            return True
    return False


def _is_busy(event: Any) -> bool:
    """RFC 5545 3.8.2.7 and 3.8.1.11."""
    return (
        str(event.get("TRANSP", "OPAQUE")).upper() != "TRANSPARENT" and str(event.get("STATUS")).upper() != "CANCELLED"
    )


def _ends(event: Any, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return _instant(event.start, zone), _instant(event.end, zone)


def _instant(value: date, zone: ZoneInfo) -> datetime:
    """A whole day begins at midnight on the wall of the zone; a time without a zone is meant there too."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def as_object(event: Event) -> bytes:
    """Our meeting as an object of its own. No METHOD: it is stored, not sent."""
    component = icalendar.Event()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.changed_at)
    component.add("summary", event.title)
    component.add("description", event.text)
    if event.place:
        component.add("location", event.place)
    component.add("dtstart", event.start.astimezone(UTC))
    component.add("dtend", event.end.astimezone(UTC))
    component.add("status", "CONFIRMED")
    component.add("transp", "OPAQUE")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Agent Inbox//EN")
    calendar.add("version", "2.0")
    calendar.add_component(component)
    return bytes(calendar.to_ical())
