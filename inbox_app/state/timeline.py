"""The thread as its page holds it: pure values, so that the path of a message needs no database and no browser.

`page` is what was read when the conversation was opened, `fresh` the newest few: only these travel with a new message
(the browser keeps what it was sent before).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from inbox_app.data.models import MessageView

PAGE: Final = 50
FRESH: Final = 8
RUN: Final = timedelta(minutes=2)  # DESIGN: messages of one sender within 2 minutes are one group


@dataclass(frozen=True)
class Entry:
    """An entry and whether a new group begins with it. `follows`: the seq of the one before it; 0: it's the first."""

    seq: int
    follows: int
    kind: str
    sender: str
    sender_name: str
    text: str
    at: str
    client_id: str
    state: str
    end_reason: str
    details: dict[str, Any]
    starts_run: bool


@dataclass(frozen=True)
class Timeline:
    """`last`: the newest entry that the page has."""

    page: list[Entry]
    fresh: list[Entry]

    @property
    def last(self) -> Entry | None:
        newest = self.fresh or self.page
        return newest[-1] if newest else None

    @property
    def last_seq(self) -> int:
        return self.last.seq if self.last else 0


def opened(messages: Sequence[MessageView]) -> Timeline:
    """From the newest page, read with one more than PAGE: the extra one only tells where the first group begins."""
    return Timeline(page=grouped(messages), fresh=[])


def grouped(messages: Sequence[MessageView]) -> list[Entry]:
    """The last PAGE of them."""
    return entries_of(messages)[-PAGE:]


def entries_of(messages: Sequence[MessageView]) -> list[Entry]:
    """Each message knowing whether a group begins with it."""
    before = [None, *messages]
    return [entry_of(message, previous) for message, previous in zip(messages, before, strict=False)]


def entry_of(message: MessageView, before: MessageView | Entry | None) -> Entry:
    """The entry of a message that follows `before`."""
    return Entry(
        message.seq, before.seq if before else 0, message.kind, message.sender, message.sender_name, message.text,
        message.at, message.client_id, message.state, message.end_reason, message.details,
        starts_run=not _goes_on(before, message),
    )  # fmt: skip


def _goes_on(before: MessageView | Entry | None, message: MessageView) -> bool:
    if before is None or before.kind != "message" or message.kind != "message":
        return False
    is_same = (before.sender, before.sender_name) == (message.sender, message.sender_name)
    return is_same and instant(message.at) - instant(before.at) <= RUN


def instant(iso: str) -> datetime:
    """The datetime of an ISO 8601 text with Z."""
    return datetime.fromisoformat(iso)


def extended(timeline: Timeline, messages: Sequence[MessageView]) -> Timeline | None:
    """With what is new of `messages`; None when one is missing in between, or too many came to be told apart."""
    entries, last = [], timeline.last
    for message in messages:
        seq = last.seq if last else 0
        if message.seq <= seq:
            continue
        if message.seq != seq + 1:
            return None
        last = entry_of(message, last)
        entries.append(last)
    if len(entries) > FRESH:
        return None
    return replace(timeline, fresh=[*timeline.fresh, *entries][-FRESH:]) if entries else timeline


def message_of(data: Mapping[str, Any]) -> MessageView:
    """The entry that an event of the hub carries."""
    return MessageView(**{name: data[name] for name in MessageView.__dataclass_fields__})
