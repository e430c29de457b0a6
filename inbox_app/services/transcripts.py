"""A transcript as text."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox_app.data.models import MessageView, Transcript
from inbox_app.domain.people import Member
from inbox_app.services.address_words import address_words
from inbox_app.texts.catalogue import translate

HEADS = ("Conversation with {name}", "Times in {zone}")
ENDED = "The session has ended"
STATES = {
    "active": "{name} accepted", "missed": "Nobody could come", "cancelled": "The visitor left before anyone came",
}  # fmt: skip
ENDS = {"agent": "{name} ended the session", "visitor": "The visitor ended the session",
        "idle": "The session ended because nobody wrote", "system": "The session was ended by the system"}  # fmt: skip

CALENDARS = {False: "The calendar of {agent} was shared", True: "The calendar of {agent} was withdrawn"}
MEETINGS = {"scheduled": "{name} booked a meeting with {agent}: {time}",
            "rescheduled": "{name} moved the meeting to {time}",
            "cancelled": "{name} cancelled the meeting: {time}"}  # fmt: skip


def as_text(transcript: Transcript, reader: Member) -> str:
    """One line an entry, times on the wall of the reader's zone, in the reader's language."""
    language, zone = reader.language or "en", ZoneInfo(reader.time_zone)
    email = address_words(transcript.email, language, is_confirmed=transcript.email_confirmed)
    head = [part for part in (transcript.title, email) if part]
    lines = [
        translate(HEADS[0], language, name=" · ".join(head)),
        translate(HEADS[1], language, zone=reader.time_zone),
        "",
    ]
    for entry in transcript.entries:
        at = datetime.fromisoformat(entry.at).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        lines.append(f"[{at}] {_line(entry, language, zone)}")
    return "\n".join(lines) + "\n"


def _line(entry: MessageView, language: str, zone: ZoneInfo) -> str:
    if entry.kind == "message":
        return f"{entry.sender_name}: {entry.text}"
    sentence, gaps = _said(entry, zone)
    return "— " + translate(sentence, language, name=entry.sender_name, **gaps)


def _said(entry: MessageView, zone: ZoneInfo) -> tuple[str, dict[str, str]]:
    """What happened, as a sentence with its gaps."""
    match entry.kind:
        case "calendar_share":
            return CALENDARS[entry.details["withdrawn"]], {"agent": entry.details["agent"]["name"]}
        case "meeting":
            gaps = {"agent": entry.details["agent"]["name"], "time": _span(entry.details, zone)}
            return MEETINGS[entry.details["status"]], gaps
    return STATES.get(entry.state) or ENDS.get(entry.end_reason, ENDED), {}


def _span(meeting: Mapping[str, str], zone: ZoneInfo) -> str:
    """`2026-12-01 14:00-14:30` on the wall of the zone; the day of the end where it is another."""
    start, end = (datetime.fromisoformat(meeting[edge]).astimezone(zone) for edge in ("start", "end"))
    day = "" if start.date() == end.date() else f"{end:%Y-%m-%d} "
    return f"{start:%Y-%m-%d %H:%M}-{day}{end:%H:%M}"
