"""The life of a conversation, PRODUCT 3: `waiting → offered → active → ended`, or `missed`, or `cancelled`.

A transition takes a conversation and returns a `Step`: the conversation after it and the entry for its timeline.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from inbox_app.domain.errors import Conflict, ConversationEnded, InvalidInput, OfferGone
from inbox_app.domain.text import without_nul

MESSAGE_LIMIT: Final = 4_000  # characters, CONTRACT
SCORE_FROZEN_AFTER: Final = timedelta(hours=24)  # PRODUCT 1.8


class State(StrEnum):
    """Where a conversation is in its life."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACTIVE = "active"
    ENDED = "ended"
    MISSED = "missed"
    CANCELLED = "cancelled"


class EndReason(StrEnum):
    """Who or what ended it."""

    AGENT = "agent"
    VISITOR = "visitor"
    IDLE = "idle"
    SYSTEM = "system"


class Sender(StrEnum):
    """Whose words an entry holds."""

    VISITOR = "visitor"
    AGENT = "agent"
    SYSTEM = "system"


class EntryKind(StrEnum):
    """What an entry of the timeline is. The first four are seen by both sides and take a `seq`."""

    MESSAGE = "message"
    STATE = "state"
    CALENDAR_SHARE = "calendar_share"
    MEETING = "meeting"
    REQUESTED = "requested"
    OFFERED = "offered"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    IDLE_WARNING = "idle_warning"
    CLAIMED = "claimed"
    NOTE = "note"
    SCORED = "scored"


OPEN: Final = frozenset({State.WAITING, State.OFFERED, State.ACTIVE})
PAST: Final = frozenset({State.ENDED, State.MISSED, State.CANCELLED})
SEEN_BY_BOTH: Final = frozenset({EntryKind.MESSAGE, EntryKind.STATE, EntryKind.CALENDAR_SHARE, EntryKind.MEETING})


@dataclass(frozen=True)
class Conversation:
    """What the rules know of a conversation."""

    id: str
    visitor_id: str
    state: State
    requested_at: datetime
    agent_id: str | None = None
    end_reason: EndReason | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    score: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True)
class Entry:
    """One entry of the timeline: what happened, by whom, when.

    `actor_id` is a member's id, or None for visitor and system. `details`: of a shared calendar or a meeting.
    """

    kind: EntryKind
    at: datetime
    sender: Sender
    actor_id: str | None = None
    actor_name: str = ""
    text: str = ""
    state: State | None = None
    end_reason: EndReason | None = None
    details: Mapping[str, Any] | None = None

    @property
    def takes_seq(self) -> bool:
        return self.kind in SEEN_BY_BOTH


@dataclass(frozen=True)
class Step:
    """A conversation after a transition, and the entry that tells of it."""

    conversation: Conversation
    entry: Entry


def clean_message(text: object) -> str:
    """The text as it is stored: line ends unified, outer white space and NULs gone.

    Raises InvalidInput when nothing is left, when it is longer than MESSAGE_LIMIT characters, or when it is no text.
    """
    if not isinstance(text, str):
        raise InvalidInput("text", "The message must be text.")
    cleaned = without_nul(text, field="text").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not cleaned:
        raise InvalidInput("text", "Write a message first.")
    if len(cleaned) > MESSAGE_LIMIT:
        raise InvalidInput("text", "A message has at most {limit} characters.", limit=MESSAGE_LIMIT)
    return cleaned


def offer(conversation: Conversation, *, to: str, name: str, why: str, now: datetime) -> Step:
    """A waiting conversation is offered to one agent. The entry is for agents only."""
    if conversation.state is not State.WAITING:
        raise Conflict("Only a waiting conversation can be offered.")
    entry = Entry(EntryKind.OFFERED, now, Sender.SYSTEM, actor_id=to, actor_name=name, text=why)
    return Step(replace(conversation, state=State.OFFERED), entry)


def decline(conversation: Conversation, *, by: str, name: str, now: datetime) -> Step:
    """The asked agent says no: it waits again, for the next one."""
    if conversation.state is not State.OFFERED:
        raise OfferGone
    entry = Entry(EntryKind.DECLINED, now, Sender.AGENT, actor_id=by, actor_name=name)
    return Step(replace(conversation, state=State.WAITING), entry)


def expire(conversation: Conversation, *, by: str, name: str, now: datetime) -> Step:
    """The asked agent did not answer in time (PRODUCT 3.3): it waits again, for the next one."""
    if conversation.state is not State.OFFERED:
        raise OfferGone
    entry = Entry(EntryKind.EXPIRED, now, Sender.SYSTEM, actor_id=by, actor_name=name)
    return Step(replace(conversation, state=State.WAITING), entry)


def release(conversation: Conversation, *, now: datetime) -> Step:
    """PRODUCT 3.8: its agent is gone; it waits for another, and both sides see that it does."""
    if conversation.state is not State.ACTIVE:
        raise Conflict("Only an active conversation can be given to another agent.")
    after = replace(conversation, state=State.WAITING, agent_id=None)
    return Step(after, Entry(EntryKind.STATE, now, Sender.SYSTEM, state=State.WAITING))


def claim(conversation: Conversation, *, by: str, name: str, now: datetime) -> Step:
    """PRODUCT 3.4: an agent takes a missed one on for follow-up. Who is first is decided by the database."""
    if conversation.state is not State.MISSED:
        raise Conflict("Only a missed conversation can be claimed.")
    return Step(conversation, Entry(EntryKind.CLAIMED, now, Sender.AGENT, by, name))


def withdraw(conversation: Conversation, *, now: datetime) -> Step:
    """The offer is taken back (its agent went away): it waits again."""
    if conversation.state is not State.OFFERED:
        raise OfferGone
    return Step(replace(conversation, state=State.WAITING), Entry(EntryKind.WITHDRAWN, now, Sender.SYSTEM))


def accept(conversation: Conversation, *, by: str, name: str, now: datetime) -> Step:
    """The asked agent takes it. Both sides see this entry."""
    if conversation.state is not State.OFFERED:
        raise OfferGone
    after = replace(conversation, state=State.ACTIVE, agent_id=by, accepted_at=now)
    return Step(after, Entry(EntryKind.STATE, now, Sender.AGENT, by, name, state=State.ACTIVE))


def end(conversation: Conversation, *, reason: EndReason, now: datetime, by: str | None = None, name: str = "") -> Step:
    """PRODUCT 1.5: an active chat ends. A visitor who ends one that nobody took yet cancels it (3.5)."""
    if not conversation.is_open:
        raise ConversationEnded
    sender = {EndReason.AGENT: Sender.AGENT, EndReason.VISITOR: Sender.VISITOR}.get(reason, Sender.SYSTEM)
    state = State.ENDED if conversation.state is State.ACTIVE else State.CANCELLED
    ended_by = reason if state is State.ENDED else None
    after = replace(conversation, state=state, end_reason=ended_by, ended_at=now)
    return Step(after, Entry(EntryKind.STATE, now, sender, by, name, state=state, end_reason=ended_by))


def miss(conversation: Conversation, *, now: datetime) -> Step:
    """PRODUCT 3.4: nobody could come."""
    if conversation.state not in {State.WAITING, State.OFFERED}:
        raise Conflict("Only a conversation that nobody took can be missed.")
    after = replace(conversation, state=State.MISSED, ended_at=now)
    return Step(after, Entry(EntryKind.STATE, now, Sender.SYSTEM, state=State.MISSED))


def set_score(conversation: Conversation, *, score: int | None, by: str, name: str, now: datetime) -> Step:
    """PRODUCT 1.8: 0-3 or none, frozen 24 h after the end."""
    if score is not None and score not in range(4):
        raise InvalidInput("score", "The score is 0, 1, 2 or 3.")
    if conversation.ended_at and now - conversation.ended_at > SCORE_FROZEN_AFTER:
        raise Conflict("The score can no longer be changed: the conversation ended more than 24 hours ago.")
    entry = Entry(EntryKind.SCORED, now, Sender.AGENT, by, name, text="" if score is None else str(score))
    return Step(replace(conversation, score=score), entry)


def add_card(
    conversation: Conversation, kind: EntryKind, details: Mapping[str, Any], *, sender: Sender, by: str | None = None,
    name: str = "", now: datetime,
) -> Step:  # fmt: skip
    """PRODUCT 1.7, 4.4: a shared calendar or a meeting, as it is at this moment, in an open conversation.

    An ended one is immutable (1.5): raises ConversationEnded. `by`: the member who did it.
    """
    if not conversation.is_open:
        raise ConversationEnded
    return Step(conversation, Entry(kind, now, sender, by, name, details=details))
