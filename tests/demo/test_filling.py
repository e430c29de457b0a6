"""What a demo database holds, on each kind of database."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest

from inbox_app import clock
from inbox_app.data.tables import (
    ActivityRow,
    ConversationRow,
    EntryRow,
    MemberRow,
    OfferRow,
    VisitorRow,
)
from inbox_app.demo.dialogues import all_dialogues
from inbox_app.demo.filling import NotADemo, ensure_filled
from inbox_app.demo.past import invent
from inbox_app.demo.people import PASSWORD, PEOPLE
from inbox_app.demo.visitor.persona import personas
from inbox_app.domain.activity import SHOWN_FOR, ActivityType
from inbox_app.domain.conversation import SEEN_BY_BOTH
from inbox_app.services import people, sign_in
from inbox_app.services.demo_mark import is_demo_database
from tests.data.builders import NOW, a_member, rows_of

TABLES = (MemberRow, VisitorRow, ConversationRow, EntryRow, OfferRow, ActivityRow)


async def counts() -> list[int]:
    return [len(await rows_of(table)) for table in TABLES]


async def test_filling_twice_adds_nothing(database: str) -> None:
    assert await ensure_filled(now=clock.now())
    first = await counts()
    assert not await ensure_filled(now=clock.now() + timedelta(days=3))
    assert await counts() == first
    assert await is_demo_database()


async def test_a_database_in_use_is_refused_and_left_as_it_is(database: str) -> None:
    await a_member()
    with pytest.raises(NotADemo):
        await ensure_filled(now=clock.now())
    assert len(await rows_of(MemberRow)) == 1
    assert not await is_demo_database()


async def test_a_filling_that_was_interrupted_goes_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("inbox_app.demo.filling.invent", lambda **_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            await ensure_filled(now=clock.now())
    assert await ensure_filled(now=clock.now())
    assert len(await rows_of(ConversationRow)) == 300


async def test_everyone_of_the_contract_can_sign_in(database: str) -> None:
    await ensure_filled(now=clock.now())
    for person in PEOPLE:
        assert await sign_in.sign_in(person.email, PASSWORD, now=clock.now())
    takes_chats = {row.email for row in await people.everyone() if row.takes_chats}
    assert takes_chats == {"ana@example.com", "ben@example.com"}


async def test_every_conversation_is_whole(database: str) -> None:
    await ensure_filled(now=clock.now())
    entries = defaultdict(list)
    for entry in sorted(await rows_of(EntryRow), key=lambda entry: entry.id):
        entries[entry.conversation_id].append(entry)
    for row in await rows_of(ConversationRow):
        own = entries[row.id]
        shared = [entry for entry in own if entry.kind in SEEN_BY_BOTH]
        spoken = [entry for entry in shared if entry.kind == "message"]
        assert [entry.seq for entry in shared] == list(range(1, row.last_seq + 1))
        assert all(entry.seq is None for entry in own if entry not in shared)
        assert [entry.at for entry in own] == sorted(entry.at for entry in own)
        assert row.last_text == " ".join(spoken[-1].text.split())[:120]
        assert (row.last_sender, row.activity_at) == (spoken[-1].sender, shared[-1].at)
        assert (row.ended_at, row.waiting_since) == (shared[-1].at, None)
        assert row.ended_at < clock.now()
        assert max(row.agent_seen_seq, row.visitor_seen_seq) <= row.last_seq
        assert 2 <= row.last_seq <= 20


async def test_agents_took_strict_turns(database: str) -> None:
    await ensure_filled(now=clock.now())
    offers = sorted(await rows_of(OfferRow), key=lambda offer: (offer.offered_at, offer.id))
    assert all(first.agent_id != second.agent_id for first, second in pairwise(offers))
    assert not [offer for offer in offers if offer.state == "pending"]


async def test_every_type_of_activity_is_there_also_beyond_what_is_shown(database: str) -> None:
    now = clock.now()
    await ensure_filled(now=now)
    activities = await rows_of(ActivityRow)
    assert {activity.type for activity in activities} == set(ActivityType)
    assert [activity for activity in activities if activity.at < now - SHOWN_FOR]
    assert all(activity.at <= now for activity in activities)


def test_the_same_seed_and_instant_give_the_same_past() -> None:
    once, again = (invent(password_hash="", now=NOW) for _ in range(2))
    assert [row.model_dump() for row in once.entries] == [row.model_dump() for row in again.entries]
    assert [row.id for row in once.conversations] == [row.id for row in again.conversations]


def test_visitors_come_with_and_without_each_field() -> None:
    visitors = invent(password_hash="", now=NOW).visitors
    for field in ("name", "email", "phone", "job_title", "company", "crm_status", "country", "referrer"):
        has = Counter(bool(getattr(visitor, field)) for visitor in visitors)
        assert min(has[True], has[False]) >= 5, field
    assert len({visitor.crm_status for visitor in visitors}) >= 6


@pytest.mark.parametrize("hour", [0, 7, 12, 19])
def test_nothing_lies_in_the_future_whatever_the_hour(hour: int) -> None:
    now = NOW.replace(hour=hour)
    past = invent(password_hash="", now=now)
    assert max(row.activity_at for row in past.conversations) < now
    assert max(row.at for row in past.entries) < now
    assert max(row.at for row in past.activities) < now
    assert max(row.at for row in past.offline_messages) < now


def test_personas_are_people_of_the_past_or_strangers() -> None:
    known = {visitor.email: visitor.name for visitor in invent(password_hash="", now=NOW).visitors}
    names = {persona.name for persona in personas() if persona.name and persona.name in known.values()}
    assert names == {persona.name for persona in personas() if persona.email in known} == {"Lena Vogt", "Uwe Lorenz"}


def test_every_dialogue_opens_with_its_visitor_and_is_answered() -> None:
    for dialogue in all_dialogues():
        assert dialogue.lines[0].speaker == "visitor", dialogue.title
        assert {line.speaker for line in dialogue.lines} == {"visitor", "agent"}, dialogue.title
        assert len(dialogue.lines) <= 12, dialogue.title
