"""A past conversation, built step by step with the same rules and to the same columns as the services write.

`tests/demo/test_timeline.py` lets both do the same conversation and compares.
"""

import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from inbox_app.data.ids import ulid
from inbox_app.data.messages import PREVIEW
from inbox_app.data.tables import ActivityRow, ConversationRow, EntryRow, MemberRow, OfferRow
from inbox_app.domain import conversation as rules
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.chat_settings import ChatSettings
from inbox_app.domain.conversation import EndReason, EntryKind, Sender, State, Step
from inbox_app.domain.routing import Why, WhyKind

OFFER_LASTS = timedelta(seconds=ChatSettings().offer_seconds)
BY_TURN = Why(WhyKind.TURN)
WHY = json.dumps(asdict(BY_TURN))  # as services/routing.py stores it


class Ids:
    """Identifiers of past moments; the same dice give the same ones."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def at(self, instant: datetime) -> str:
        """As `data.ids.new_id` would have made it then."""
        return ulid(int(instant.timestamp() * 1000), self._dice.getrandbits(80))

    def client(self) -> str:
        """A UUID as clients make them."""
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4))


@dataclass(frozen=True)
class Caller:
    """Who asks for the chat, as the conversation keeps it."""

    visitor_id: str
    device_id: str
    title: str
    page_url: str


@dataclass
class Timeline:
    """The rows of one conversation."""

    row: ConversationRow
    caller: Caller
    ids: Ids
    entries: list[EntryRow] = field(default_factory=list)
    offers: list[OfferRow] = field(default_factory=list)
    activities: list[ActivityRow] = field(default_factory=list)
    agent: MemberRow | None = None

    @classmethod
    def requested(cls, caller: Caller, text: str, *, ids: Ids, at: datetime) -> "Timeline":
        """As `services.chat.request` opens one."""
        row = ConversationRow(
            id=ids.at(at), visitor_id=caller.visitor_id, device_id=caller.device_id, client_id=ids.client(),
            state=State.WAITING, page_url=caller.page_url, requested_at=at, activity_at=at, waiting_since=at,
        )  # fmt: skip
        timeline = cls(row, caller, ids)
        timeline._add(EntryRow(conversation_id=row.id, kind=EntryKind.REQUESTED, sender=Sender.VISITOR, at=at))
        timeline.say(Sender.VISITOR, text, at=at, client_id=row.client_id)
        timeline._note(ActivityType.REQUESTED_LIVE_CHAT, at)
        return timeline

    def offer(self, agent: MemberRow, *, at: datetime) -> None:
        """The agent is asked."""
        self.agent, self.row.why = agent, WHY
        self._take(rules.offer(self._value, to=agent.id, name=agent.name, why=str(BY_TURN), now=at))
        self.offers.append(
            OfferRow(
                id=self.ids.at(at), conversation_id=self.row.id, agent_id=agent.id, state="pending",
                why=WHY, offered_at=at, expires_at=at + OFFER_LASTS,
            )
        )  # fmt: skip

    def decline(self, *, at: datetime) -> None:
        """The asked agent says no."""
        self._take(rules.decline(self._value, by=self._asked.id, name=self._asked.name, now=at))
        self._decide("declined", at)

    def accept(self, *, at: datetime) -> None:
        """The asked agent takes it."""
        self._take(rules.accept(self._value, by=self._asked.id, name=self._asked.name, now=at))
        self._decide("accepted", at)
        self._note(ActivityType.ENGAGED_WITH_AGENT, at, title=self._asked.name)

    def say(self, sender: Sender, text: str, *, at: datetime, client_id: str = "") -> None:
        """As the message path appends it: see `_TAKE` in `data/messages_sqlite.py`."""
        row, is_visitor = self.row, sender is Sender.VISITOR
        row.last_seq += 1
        row.last_text, row.last_sender, row.activity_at = " ".join(text.split())[:PREVIEW], sender, at
        row.waiting_since = (row.waiting_since or at) if is_visitor else None
        row.unread += is_visitor
        row.first_reply_at = row.first_reply_at or (None if is_visitor else at)
        name, actor = (self.caller.title, None) if is_visitor else (self._asked.name, self._asked.id)
        self._add(
            EntryRow(
                conversation_id=row.id, seq=row.last_seq, kind=EntryKind.MESSAGE, sender=sender, actor_id=actor,
                actor_name=name, client_id=client_id or self.ids.client(), text=text, at=at,
            )
        )  # fmt: skip

    def card(self, kind: EntryKind, details: Mapping[str, Any], *, sender: Sender, at: datetime) -> None:
        """A shared calendar or a meeting as it is then."""
        by, name = (None, self.caller.title) if sender is Sender.VISITOR else (self._asked.id, self._asked.name)
        self._take(rules.add_card(self._value, kind, details, sender=sender, by=by, name=name, now=at))

    def end(self, reason: EndReason, *, at: datetime) -> None:
        """Ended by one side or by silence; before anyone took it: cancelled."""
        by, name = {
            EndReason.AGENT: (self._asked.id, self._asked.name), EndReason.VISITOR: (None, self.caller.title)
        }.get(reason, (None, ""))  # fmt: skip
        self._take(rules.end(self._value, reason=reason, now=at, by=by, name=name))
        if self.offers[-1].state == "pending":
            self._decide("withdrawn", at)

    def miss(self, *, at: datetime) -> None:
        """Nobody came."""
        self._take(rules.miss(self._value, now=at))
        self._note(ActivityType.MISSED_CHAT, at)

    def seen(self, *, by_visitor: int) -> None:
        """The agent has seen all, the visitor all up to a seq."""
        self.row.agent_seen_seq, self.row.unread = self.row.last_seq, 0
        self.row.visitor_seen_seq = by_visitor

    def score(self, score: int, *, at: datetime) -> None:
        """By its agent."""
        self._take(rules.set_score(self._value, score=score, by=self._asked.id, name=self._asked.name, now=at))

    @property
    def _asked(self) -> MemberRow:
        if self.agent is None:
            raise ValueError("no agent was asked yet")
        return self.agent

    @property
    def _value(self) -> rules.Conversation:
        row = self.row
        return rules.Conversation(
            id=row.id, visitor_id=row.visitor_id, state=State(row.state), requested_at=row.requested_at,
            agent_id=row.agent_id, end_reason=EndReason(row.end_reason) if row.end_reason else None,
            accepted_at=row.accepted_at, ended_at=row.ended_at, score=row.score,
        )  # fmt: skip

    def _take(self, step: Step) -> None:
        """As `data.conversations.save` stores a step."""
        row, after, entry = self.row, step.conversation, step.entry
        row.state, row.end_reason, row.agent_id = after.state, after.end_reason, after.agent_id
        row.accepted_at, row.ended_at, row.score = after.accepted_at, after.ended_at, after.score
        if entry.takes_seq:
            row.last_seq, row.activity_at = row.last_seq + 1, entry.at
        if not after.is_open:
            row.waiting_since = None
        self._add(
            EntryRow(
                conversation_id=row.id, seq=row.last_seq if entry.takes_seq else None, kind=entry.kind,
                sender=entry.sender, actor_id=entry.actor_id, actor_name=entry.actor_name, text=entry.text,
                state=entry.state, end_reason=entry.end_reason, at=entry.at,
                details=dict(entry.details) if entry.details else None,
            )
        )  # fmt: skip

    def _add(self, entry: EntryRow) -> None:
        self.entries.append(entry)

    def _decide(self, state: str, at: datetime) -> None:
        self.offers[-1].state, self.offers[-1].decided_at = state, at

    def _note(self, kind: ActivityType, at: datetime, title: str = "") -> None:
        self.activities.append(
            ActivityRow(visitor_id=self.caller.visitor_id, type=kind, title=title, conversation_id=self.row.id, at=at)
        )
