"""Wherever an agent or a manager reads an address, it says whether the visitor only claims it (PRODUCT 6.4)."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from inbox_app.data import keeping, views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import MemberRow, OfflineMessageRow
from inbox_app.domain.people import Member, Role
from inbox_app.integrations.calendars import Event
from inbox_app.services import calendar_events, outbox, transcripts
from inbox_app.services.history_export import Filters, as_csv, as_json, exported
from inbox_app.settings import Settings
from tests.data.builders import NOW, a_chat, a_device, a_member
from tests.mail_servers import running_mail_server
from tests.services import meetings

pytestmark = pytest.mark.usefixtures("database")
VERA, OTTO = "vera@example.com", "otto@example.com"
ALL: Filters = {"query": "", "agent": "", "outcome": "", "date_from": "", "date_to": ""}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str, bool]] = {
    "proved": ({"email": VERA}, {}, VERA, True),
    "proved since": ({"email": VERA}, {"said_email": VERA}, VERA, True),
    "claimed": ({"said_email": VERA}, {}, VERA, False),
    "claimed in this chat": ({}, {"said_email": VERA}, VERA, False),
    "another one claimed in this chat": ({"email": OTTO}, {"said_email": VERA}, VERA, False),
    "none": ({}, {}, "", False),
}
"""The record, the conversation, the address that is shown, and whether it's confirmed."""
EACH = pytest.mark.parametrize(
    ("record", "conversation", "email", "is_confirmed"), list(CASES.values()), ids=list(CASES)
)


async def a_manager(**changes: Any) -> Member:
    return await a_member("Mia", role=Role.MANAGER, **changes)


@EACH
async def test_in_the_history_its_exports_and_the_transcripts(
    record: dict[str, Any], conversation: dict[str, Any], email: str, is_confirmed: bool
) -> None:
    mia = await a_manager(language="en")
    chat = await a_chat(state="ended", device=await a_device("Vera", **record), **conversation)
    (row,) = (await views.history(mia)).items
    whole = await views.transcript(mia, chat.id)
    (taken,) = json.loads("".join([part async for part in await exported(mia, as_json, ALL, now=NOW)]))
    table = "".join([part async for part in await exported(mia, as_csv, ALL, now=NOW)])
    (line,) = csv.DictReader(io.StringIO(table, newline=""))
    (kept,), _ = await keeping.past_page(None, limit=9)
    for read in (asdict(row), asdict(whole), taken, kept["visitor"]):
        assert (read["email"], read["email_confirmed"]) == (email, is_confirmed)
    assert (line["email"], line["email_confirmed"]) == (email, str(is_confirmed).lower())
    head = transcripts.as_text(whole, mia).partition("\n")[0]
    shown = email if is_confirmed else f"says {email} (not confirmed)"
    assert head == f"Conversation with Vera · {shown}" if email else head == "Conversation with Vera"


@EACH
async def test_among_those_to_follow_up(
    record: dict[str, Any], conversation: dict[str, Any], email: str, is_confirmed: bool
) -> None:
    ana = await a_member(is_present=False)
    await a_chat(state="missed", device=await a_device("Vera", **record), **conversation)
    (line,) = await views.missed(ana, now=NOW)
    assert (line.email, line.email_confirmed) == (email, is_confirmed)


@pytest.mark.parametrize(("typed", "is_confirmed"), [(VERA, True), (OTTO, False)])
async def test_with_a_message_that_was_left(typed: str, is_confirmed: bool) -> None:
    ana = await a_member(is_present=False)
    chat = await a_chat(state="missed", device=await a_device("Vera", email=VERA))
    left = OfflineMessageRow(
        id="1", visitor_id=chat.visitor_id, conversation_id=chat.id, text="Call me", email=typed, at=NOW
    )
    async with unit_of_work() as session:
        session.add(left)
    (line,) = await views.missed(ana, now=NOW)
    assert (line.email, line.email_confirmed) == (typed, is_confirmed)


BOOKED = pytest.mark.parametrize(
    ("visitor", "is_confirmed"),
    [
        ({"email": VERA}, True), ({"email": None, "said_email": VERA}, False), ({"email": OTTO}, False),
        ({"email": None}, False),
    ],
    ids=["proved", "claimed", "another", "none"],
)  # fmt: skip


@BOOKED
async def test_of_a_meeting_in_the_list_and_in_the_export(visitor: dict[str, Any], is_confirmed: bool) -> None:
    booked = await meetings.a_meeting(visitor=visitor)
    (line,) = (await views.meetings(booked.agent, now=NOW)).items
    assert (line.visitor_email, line.email_confirmed) == (VERA, is_confirmed)
    async with unit_of_work() as session:
        chat = await session.get_one(keeping.C, booked.chat.id)
        chat.state, chat.ended_at = "ended", NOW
    (kept,), _ = await keeping.past_page(None, limit=9)
    assert [(one["email"], one["email_confirmed"]) for one in kept["meetings"]] == [(VERA, is_confirmed)]


@BOOKED
@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", f"says {VERA} (not confirmed)"), ("fr", f"indique {VERA} (adresse non confirmée)")],
)
async def test_of_a_meeting_in_the_agents_mail_and_calendar(
    settings_with: Callable[..., Settings], visitor: dict[str, Any], is_confirmed: bool, language: str, shown: str
) -> None:
    ana = await a_member("Ana", email="ana@example.com", language=language)
    with running_mail_server() as server:
        settings_with(smtp_url=server.url)
        booked = await meetings.a_meeting(ana, visitor=visitor)
        await outbox.run_due(now=NOW)
        (letter,) = server.to(ana.email)
    shown = VERA if is_confirmed else shown
    text = letter.text.replace("\r\n", "\n")
    assert f"\n{'Email' if language == 'en' else 'E-mail'}: {shown}\n" in text
    assert await event_of(booked.id) == ["Vera Klein", shown]
    (told,) = server.to(VERA)
    assert "not confirmed" not in told.text
    assert "non confirmée" not in told.text


async def event_of(meeting_id: str) -> list[str]:
    """The lines of the event in the agent's own calendar."""
    async with unit_of_work() as session:
        meeting = await session.get_one(calendar_events.MeetingRow, meeting_id)
        member = await session.get_one(MemberRow, meeting.agent_id)
        visitor = await session.get_one(calendar_events.VisitorRow, meeting.visitor_id)
        chat = await session.get_one(keeping.C, meeting.conversation_id)
        event: Event = calendar_events._event(meeting, member, visitor, chat)
    return event.text.split("\n")


async def test_agents_read_what_was_said_in_a_chat_and_not_what_another_who_shares_the_record_said(
    settings_with: Callable[..., Settings],
) -> None:
    mia, ana = await a_manager(), await a_member("Ana", email="ana@example.com")
    ina = {"email": VERA, "phone": "INA-PHONE", "company": "InaCo", "job_title": "Inspector"}
    jon = {"phone": "JON-PHONE", "company": "JönCo", "job_title": "Joiner"}
    with running_mail_server() as server:
        settings_with(smtp_url=server.url)
        booked = await meetings.a_meeting(ana, visitor={"name": "Ina", **ina})
        async with unit_of_work() as session:
            chat = await session.get_one(keeping.C, booked.chat.id)
            chat.said_name, chat.said_more = "Jon", jon
        await outbox.run_due(now=NOW)
        (letter,) = server.to(ana.email)
        event = await event_of(booked.id)
    async with unit_of_work() as session:
        chat = await session.get_one(keeping.C, booked.chat.id)
        chat.state, chat.ended_at = "missed", NOW
    (kept,), _ = await keeping.past_page(None, limit=9)
    (line,) = await views.missed(ana, now=NOW)
    (found,) = (await views.history(mia, query="jönco")).items
    assert {name: kept["visitor"][name] for name in jon} == jon
    assert (line.phone, found.id) == (jon["phone"], booked.chat.id)
    assert set(jon.values()) <= {row.partition(": ")[2] for row in letter.text.replace("\r\n", "\n").split("\n")}
    assert {jon["phone"], jon["company"]} <= set(event)
    for text in (letter.text, str(event), str(kept)):
        assert not [value for value in ina.values() if value != VERA and value in text]


async def test_of_a_meeting_booked_in_a_chat_that_an_agent_merged(settings_with: Callable[..., Settings]) -> None:
    ana = await a_member("Ana", email="ana@example.com", language="en")
    with running_mail_server() as server:
        settings_with(smtp_url=server.url)
        booked = await meetings.a_meeting(ana, visitor={"email": VERA})
        async with unit_of_work() as session:
            (await session.get_one(keeping.C, booked.chat.id)).merged_by_agent = True
        await outbox.run_due(now=NOW)
        (letter,) = server.to(ana.email)
    assert f"\nEmail: says {VERA} (not confirmed)\n" in letter.text.replace("\r\n", "\n")
    assert (await event_of(booked.id))[1] == f"says {VERA} (not confirmed)"
