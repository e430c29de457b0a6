"""The meetings of the invented past."""

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from inbox_app import clock
from inbox_app.data.tables import CalendarShareRow, MeetingRow, OutboxRow
from inbox_app.demo.filling import ensure_filled
from inbox_app.demo.past import Past, invent
from inbox_app.services import meeting_steps, shares
from tests.data.builders import NOW, rows_of

DAYS = range(7)
"""Of filling: meetings must be right on every day of the week."""


def past_on(day: int) -> Past:
    return invent(password_hash="", now=NOW + timedelta(days=day))


async def test_filling_twice_adds_no_meeting_and_plans_no_mail(database: str) -> None:
    assert await ensure_filled(now=clock.now())
    first = {row.id for row in await rows_of(MeetingRow)}
    assert not await ensure_filled(now=clock.now() + timedelta(days=3))
    assert {row.id for row in await rows_of(MeetingRow)} == first
    assert len(await rows_of(CalendarShareRow)) == len(first) > 0
    assert await rows_of(OutboxRow) == []


@pytest.mark.parametrize("day", DAYS)
def test_each_status_is_there_ahead_and_passed(day: int) -> None:
    now = NOW + timedelta(days=day)
    found = {(row.status, row.start_at > now) for row in past_on(day).meetings}
    statuses = ("scheduled", "rescheduled", "cancelled")
    assert found == {(status, is_ahead) for status in statuses for is_ahead in (True, False)}


@pytest.mark.parametrize("day", DAYS)
def test_meetings_keep_to_the_hours_of_their_agents_and_never_overlap(day: int) -> None:
    past = past_on(day)
    for agent in (row for row in past.members if row.takes_chats):
        own = sorted((row for row in past.meetings if row.agent_id == agent.id), key=lambda row: row.start_at)
        for row in own:
            start, end = (at.astimezone(ZoneInfo(agent.time_zone)) for at in (row.start_at, row.end_at))
            assert start.weekday() < 5
            assert (start.minute % 30, start.second) == (0, 0)
            assert 9 <= start.hour < 17
            assert end - start == timedelta(minutes=30)
            assert row.created_at <= row.changed_at < row.start_at
            assert row.uid == f"{row.id}@agent-inbox"
        living = [row for row in own if row.status != "cancelled"]
        assert living
        assert all(first.end_at <= second.start_at for first, second in pairwise(living))


def test_cards_stand_in_the_transcripts_as_services_write_them() -> None:
    past = past_on(0)
    agents = {row.id: row for row in past.members}
    ended = {row.id: row.ended_at for row in past.conversations}
    cards = [entry for entry in past.entries if entry.kind in {"calendar_share", "meeting"}]
    assert all(entry.seq and entry.at < ended[entry.conversation_id] for entry in cards)
    shared = {entry.details["id"]: entry.details for entry in cards if entry.kind == "calendar_share" and entry.details}
    assert shared == {row.id: shares.card(row, agents[row.agent_id]) for row in past.shares}
    newest = {entry.details["id"]: entry for entry in cards if entry.kind == "meeting" and entry.details}
    assert newest.keys() == {row.id for row in past.meetings}
    as_they_are = [row for row in past.meetings if row.changed_at == newest[row.id].at]
    assert {row.status for row in as_they_are} == {"scheduled", "rescheduled"}
    for row in as_they_are:
        assert newest[row.id].details == meeting_steps.card(row, agents[row.agent_id])


def test_each_step_of_a_meeting_is_in_the_history_of_its_visitor() -> None:
    past = past_on(0)
    told = [row for row in past.activities if row.type.endswith("_meeting")]
    for meeting in past.meetings:
        own = [row for row in told if row.conversation_id == meeting.conversation_id]
        assert {row.visitor_id for row in own} == {meeting.visitor_id}
        assert own[0].at == meeting.created_at
        assert own[-1].at == meeting.changed_at
        assert len(own) == meeting.sequence + 1
    assert len(told) == sum(row.sequence + 1 for row in past.meetings)
