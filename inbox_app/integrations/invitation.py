"""A meeting as iCalendar: the object that a calendar opens from a mail (RFC 5545) and how it is to be taken (RFC 5546).

Instants are in UTC, so that no calendar has to know a zone. The same meeting gives the same text: its DTSTAMP is when
it was changed, and an update carries the UID it began with and a higher SEQUENCE.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from icalendar import Calendar, Event, vCalAddress, vDatetime, vUri

from inbox_app.domain.text import header_text
from inbox_app.integrations.addresses import mailto

PRODUCT: Final = "-//Agent Inbox//Meetings//EN"
Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


@dataclass(frozen=True)
class Person:
    """Somebody who takes part."""

    name: str
    email: str


@dataclass(frozen=True)
class Invitation:
    """`sent_by`: the mailbox that writes for the organizer, where it is another. `link`: where the meeting is held."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    created_at: datetime
    changed_at: datetime
    is_cancelled: bool
    summary: str
    description: str
    link: str
    organizer: Person
    attendee: Person
    sent_by: str = ""


def calendar_text(invitation: Invitation, method: Method) -> str:
    """REQUEST: a new or changed meeting, CANCEL: it is off, PUBLISH: to keep, without a question to anybody."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_event(invitation))
    text: bytes = calendar.to_ical()
    return text.decode()


def _event(invitation: Invitation) -> Event:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", _utc(invitation.changed_at))
    event.add("created", _utc(invitation.created_at))
    event.add("last-modified", _utc(invitation.changed_at))
    event.add("dtstart", _utc(invitation.start))
    event.add("dtend", _utc(invitation.end))
    event.add("summary", header_text(invitation.summary))  # calendar servers put it into mails
    if invitation.description:
        event.add("description", _without_controls(invitation.description))
    if invitation.link:
        event.add("location", invitation.link)
        event.add("url", vUri(invitation.link))
    event.add("status", "CANCELLED" if invitation.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if invitation.is_cancelled else "OPAQUE")
    event.add("organizer", _organizer(invitation), encode=False)
    event.add("attendee", _attendee(invitation.organizer), encode=False)
    event.add("attendee", _attendee(invitation.attendee), encode=False)
    return event


def _organizer(invitation: Invitation) -> vCalAddress:
    address = _address(invitation.organizer)
    if invitation.sent_by and invitation.sent_by.lower() != invitation.organizer.email.lower():
        address.params["SENT-BY"] = mailto(invitation.sent_by)
    return address


def _attendee(person: Person) -> vCalAddress:
    """Both have agreed: one offered the time, the other chose it. Nobody is asked for an answer."""
    address = _address(person)
    address.params |= {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    return address


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(mailto(person.email))
    if name := header_text(person.name).replace('"', "'"):
        address.params["CN"] = name
    return address


def _utc(instant: datetime) -> vDatetime:
    return vDatetime(instant.astimezone(UTC).replace(microsecond=0))


def _without_controls(text: str) -> str:
    """RFC 5545 has no control characters but the line's end and the tab."""
    return "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or c.isprintable() or not c.isascii())
