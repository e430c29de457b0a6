"""The invented past as rows: the same for the same seed and instant of filling, to which all its dates relate."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from inbox_app.data.tables import (
    ActivityRow,
    AuditRow,
    CalendarShareRow,
    ConversationRow,
    DeviceRow,
    EntryRow,
    MeetingRow,
    MemberRow,
    OfferRow,
    OfflineMessageRow,
    VisitorRow,
)
from inbox_app.demo import doings, requests
from inbox_app.demo import vocabulary as words
from inbox_app.demo.meetings import Booking, Diary, Fates, plan, settle
from inbox_app.demo.people import PEOPLE
from inbox_app.demo.requests import Regular
from inbox_app.demo.talk import Ending, Talk
from inbox_app.demo.timeline import Caller, Ids, Timeline
from inbox_app.demo.visitors import Guest, guests
from inbox_app.domain.people import visitor_title

SEED: Final = 20_26
BEGAN: Final = timedelta(days=130)  # the demo's people are a little older than their first chat


@dataclass
class Past:
    """All rows, each table in order of time."""

    members: list[MemberRow] = field(default_factory=list)
    visitors: list[VisitorRow] = field(default_factory=list)
    devices: list[DeviceRow] = field(default_factory=list)
    conversations: list[ConversationRow] = field(default_factory=list)
    entries: list[EntryRow] = field(default_factory=list)
    offers: list[OfferRow] = field(default_factory=list)
    activities: list[ActivityRow] = field(default_factory=list)
    offline_messages: list[OfflineMessageRow] = field(default_factory=list)
    shares: list[CalendarShareRow] = field(default_factory=list)
    meetings: list[MeetingRow] = field(default_factory=list)
    audits: list[AuditRow] = field(default_factory=list)


def invent(*, password_hash: str, now: datetime, seed: int = SEED) -> Past:
    """Everything that a demo database begins with."""
    return _Inventor(password_hash, now, random.Random(seed)).invent()  # noqa: S311


class _Inventor:
    def __init__(self, password_hash: str, now: datetime, dice: random.Random) -> None:
        self.now, self.dice, self.ids = now, dice, Ids(dice)
        self.past = Past()
        self.password_hash = password_hash
        self.fates, self.diary = Fates(now), Diary(now, dice)

    def invent(self) -> Past:
        self._members()
        regulars = [self._regular(guest) for guest in guests(self.dice)]
        for at in requests.moments(self.now, self.dice):
            regular = self.dice.choices(regulars, [one.weight(at) for one in regulars])[0]
            self._converse(regular, at)
        self._tell_visitors(regulars)
        self.past.entries.sort(key=lambda entry: entry.at)  # stable: within a conversation the order stays
        return self.past

    def _members(self) -> None:
        at = self.now - BEGAN
        for person in PEOPLE:
            row = MemberRow(
                id=self.ids.at(at), email=person.email, name=person.name, role=person.role,
                takes_chats=person.takes_chats, password_hash=self.password_hash, time_zone=person.time_zone,
                created_at=at,
            )  # fmt: skip
            self.past.members.append(row)
            self.past.audits.append(AuditRow(at=at, action="member.added", subject=row.id, details={"role": row.role}))

    def _regular(self, guest: Guest) -> Regular:
        at = self.now - BEGAN
        row = VisitorRow(
            id=self.ids.at(at), name=guest.name, email=guest.email or None, phone=guest.phone,
            job_title=guest.job_title, company=guest.company, crm_status=guest.crm_status, browser=guest.browser,
            country=guest.country.name if guest.is_located else "", language=guest.country.locale,
            time_zone=guest.country.time_zone, referrer=guest.referrer, tags=list(guest.tags), created_at=at,
            seen_at=at,
        )  # fmt: skip
        self.past.visitors.append(row)
        device_ids = [self.ids.at(at) for _ in range(2 if guest.name and self.dice.random() < 0.3 else 1)]
        for device_id in device_ids:
            digest = f"{self.dice.getrandbits(256):064x}"  # of a token that nobody has
            self.past.devices.append(
                DeviceRow(id=device_id, token_digest=digest, visitor_id=row.id, shown_id=row.id, created_at=at)
            )
        return Regular(guest, row.id, device_ids, last_at=at)

    def _converse(self, regular: Regular, at: datetime) -> None:
        dialogue = regular.choose(at, self.dice)
        caller = Caller(
            regular.visitor_id, self.dice.choice(regular.device_ids),
            visitor_title(regular.guest.name, regular.visitor_id), words.SITE + dialogue.page,
        )  # fmt: skip
        agents = sorted((row for row in self.past.members if row.takes_chats), key=lambda row: (row.turn, row.id))
        ending = requests.ending_of(at, self.dice)
        talk = Talk(regular.guest, dialogue, caller, tuple(agents), at, self.dice, self.ids)
        if regular.guest.email and ending in {Ending.AGENT, Ending.VISITOR}:
            talk.plan = plan(self.fates, self.diary, agents[0], at=at)
        timeline = talk.play(ending)
        if ending not in {Ending.MISSED, Ending.CANCELLED} and self.dice.random() < 0.6:
            timeline.row.tags = list(dialogue.tags)
        self._keep(timeline)
        if talk.booking and talk.plan:
            settle(talk.booking, talk.plan, now=self.now, dice=self.dice)
            self._keep_booking(talk.booking)
        self.past.activities += doings.page_views(regular.visitor_id, dialogue.page, at, self.dice)
        if ending is Ending.MISSED and self.dice.random() < 0.6:
            self._leave_message(timeline, talk.at + timedelta(seconds=40))

    def _keep(self, timeline: Timeline) -> None:
        past = self.past
        past.conversations.append(timeline.row)
        past.entries += timeline.entries
        past.offers += timeline.offers
        past.activities += timeline.activities
        for offer in timeline.offers:  # the rotation of `data.offers.add`
            agent = next(row for row in past.members if row.id == offer.agent_id)
            agent.turn = max(row.turn for row in past.members) + 1

    def _keep_booking(self, booking: Booking) -> None:
        self.past.shares += booking.shares
        self.past.meetings += booking.meetings
        self.past.activities += booking.activities

    def _leave_message(self, timeline: Timeline, at: datetime) -> None:
        self.past.offline_messages.append(
            OfflineMessageRow(
                id=self.ids.at(at), visitor_id=timeline.row.visitor_id, conversation_id=timeline.row.id,
                text=self.dice.choice(words.LEFT_MESSAGES), at=at,
            )
        )  # fmt: skip

    def _tell_visitors(self, regulars: list[Regular]) -> None:
        """Add what they did besides, and put on each record where and when it was seen first and last."""
        past, rows = self.past, {row.id: row for row in self.past.visitors}
        by_visitor: dict[str, list[ActivityRow]] = {regular.visitor_id: [] for regular in regulars}
        for activity in past.activities:
            by_visitor[activity.visitor_id].append(activity)
        past.activities = []
        for regular in regulars:
            done = by_visitor[regular.visitor_id]
            done += doings.between_chats(regular.visitor_id, regular.guest, self.now, self.dice)
            kept = doings.without_reloads(done)
            visitor = rows[regular.visitor_id]
            visitor.created_at, visitor.seen_at = kept[0].at, kept[-1].at
            visitor.page_url = [row.title for row in kept if row.type == "visited_page"][-1]
            past.activities += kept
        for device in past.devices:
            device.created_at = rows[device.visitor_id].created_at
        past.activities.sort(key=lambda row: row.at)
