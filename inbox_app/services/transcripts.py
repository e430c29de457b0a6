"""A transcript as text."""

from datetime import datetime
from zoneinfo import ZoneInfo

from inbox_app.data.models import MessageView, Transcript
from inbox_app.domain.people import Member
from inbox_app.texts.catalogue import translate

STATES = {
    "active": "{name} accepted", "missed": "Nobody could come", "cancelled": "The visitor left before anyone came",
}  # fmt: skip
ENDS = {"agent": "{name} ended the session", "visitor": "The visitor ended the session",
        "idle": "The session ended because nobody wrote", "system": "The session was ended by the system"}  # fmt: skip


def as_text(transcript: Transcript, reader: Member) -> str:
    """One line an entry, times on the wall of the reader's zone, in the reader's language."""
    language, zone = reader.language or "en", ZoneInfo(reader.time_zone)
    head = [transcript.title] + ([transcript.email] if transcript.email else [])
    lines = [
        translate("Conversation with {name}", language, name=" · ".join(head)),
        translate("Times in {zone}", language, zone=reader.time_zone),
        "",
    ]
    for entry in transcript.entries:
        at = datetime.fromisoformat(entry.at).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        lines.append(f"[{at}] {_line(entry, language)}")
    return "\n".join(lines) + "\n"


def _line(entry: MessageView, language: str) -> str:
    if entry.kind == "message":
        return f"{entry.sender_name}: {entry.text}"
    sentence = STATES.get(entry.state) or ENDS.get(entry.end_reason, "The session has ended")
    return "— " + translate(sentence, language, name=entry.sender_name)
