"""`inbox prune` and `inbox export`, on the invented past: three hundred conversations are enough to count."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import select

from inbox_app import clock
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import (
    ActivityRow,
    AuditRow,
    CalendarShareRow,
    ConversationRow,
    EntryRow,
    MeetingRow,
    OfferRow,
    OutboxRow,
    VisitorRow,
)
from inbox_app.demo.filling import ensure_filled
from inbox_app.services import conversations, keeping
from tests.data.builders import NOW, a_chat, a_device, a_member, rows_of
from tests.installation.test_command_line import inbox, sentence_of
from tests.services.booking_builders import a_meeting, a_share, at


async def test_prune_deletes_what_is_older_and_nothing_else(database: str) -> None:
    now = clock.now()
    await ensure_filled(now=now)
    before = now - timedelta(days=30)
    met_later = {row.conversation_id for row in await rows_of(MeetingRow) if row.end_at >= before}
    going = {row.id for row in await rows_of(ConversationRow) if row.activity_at < before} - met_later
    visitors = len(await rows_of(VisitorRow))
    told = await keeping.old(before)
    done = await keeping.prune(before, now=now)
    assert done == told
    assert done.conversations == len(going) > 100
    for table in (ConversationRow, ActivityRow):
        old = [row for row in await rows_of(table) if getattr(row, "activity_at", getattr(row, "at", now)) < before]
        assert {getattr(row, "conversation_id", row.id) for row in old} <= met_later
    for table in (EntryRow, OfferRow, ActivityRow):
        assert not {row.conversation_id for row in await rows_of(table)} & going
    assert len(await rows_of(VisitorRow)) == visitors
    assert (await rows_of(AuditRow, action="conversations.pruned"))[0].details["conversations"] == len(going)


async def test_prune_never_touches_an_open_conversation(database: str) -> None:
    long_ago = clock.now() - timedelta(days=400)
    ana, device = await a_member(), await a_device()
    chat = await a_chat(agent=ana, device=device, at=long_ago)
    await keeping.prune(clock.now(), now=clock.now())
    assert [row.id for row in await rows_of(ConversationRow)] == [chat.id]
    assert len(await rows_of(ActivityRow)) == 1


async def test_export_is_everything_that_is_past_once_and_in_order(database: str) -> None:
    await ensure_filled(now=clock.now())
    await a_chat(agent=await a_member(), state="active")
    found = [conversation async for conversation in keeping.export(now=clock.now())]
    assert len({conversation["id"] for conversation in found}) == len(found) == 300
    assert sum(len(conversation["entries"]) for conversation in found) == len(await rows_of(EntryRow)) - 1
    for conversation in found:
        seqs = [entry["seq"] for entry in conversation["entries"] if entry["seq"]]
        assert seqs == list(range(1, len(seqs) + 1))
    ends = [conversation["ended_at"] for conversation in found]
    assert ends == sorted(ends)


async def test_export_goes_on_after_pages_of_the_same_instant(database: str) -> None:
    device = await a_device()
    at = clock.now()
    chats = {(await a_chat(device=device, state="ended", at=at)).id for _ in range(5)}
    was, keeping.PAGE = keeping.PAGE, 2  # type: ignore[misc]
    try:
        assert {conversation["id"] async for conversation in keeping.export(now=at)} == chats
    finally:
        keeping.PAGE = was  # type: ignore[misc]


def test_the_commands(tmp_path: Path) -> None:
    assert "run 'inbox migrate' first" in sentence_of(inbox(tmp_path, "export", "-"))
    inbox(tmp_path, "migrate")
    assert inbox(tmp_path, "prune", "--older-than", "30").stdout == "Nothing is older than 30 days.\n"
    assert inbox(tmp_path, "prune", "--older-than", "0").returncode != 0
    file = tmp_path / "past.jsonl"
    assert inbox(tmp_path, "export", str(file)).stdout == f"Exported 0 conversation(s) to {file}.\n"
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("", 0o600)
    assert "cannot write" in sentence_of(inbox(tmp_path, "export", str(tmp_path / "no" / "where.jsonl")))


async def test_the_commands_on_a_past(sqlite_url: str, tmp_path: Path) -> None:
    from inbox_app.data.engine import use_database

    await use_database(sqlite_url)
    await ensure_filled(now=clock.now())
    await use_database(None)
    lines = inbox(tmp_path, "export", "-", database_url=sqlite_url).stdout.splitlines()
    assert len(lines) == 300
    assert {"id", "state", "visitor", "agent", "entries", "ended_at"} <= json.loads(lines[0]).keys()
    dry = inbox(tmp_path, "prune", "--older-than", "60", "--dry-run", database_url=sqlite_url)
    assert dry.stdout.startswith("Would delete ")
    unasked = inbox(tmp_path, "prune", "--older-than", "60", database_url=sqlite_url)
    assert unasked.returncode == 1
    assert "--yes" in unasked.stderr
    done = inbox(tmp_path, "prune", "--older-than", "60", "--yes", database_url=sqlite_url)
    assert done.stdout == dry.stdout.replace("Would delete", "Deleted").replace(" older than 60 days", "")


async def a_past_chat_with_a_meeting(start: datetime) -> str:
    """Ended long before the meeting."""
    share = await a_share(await a_member())
    await a_meeting(share, at(10))
    await conversations.end(share.chat.id, member=share.chat.agent, now=NOW)  # type: ignore[arg-type]
    async with unit_of_work() as session:
        (meeting,) = (await session.execute(select(MeetingRow).where(MeetingRow.share_id == share.id))).scalars()
        meeting.start_at, meeting.end_at = start, start + timedelta(minutes=30)
    return share.chat.id


async def test_meetings_go_with_their_conversations_and_never_before_their_time(database: str) -> None:
    before = NOW + timedelta(days=30)
    old = await a_past_chat_with_a_meeting(before - timedelta(days=2))
    kept = await a_past_chat_with_a_meeting(before + timedelta(days=2))
    found = {conversation["id"]: conversation async for conversation in keeping.export(now=before)}
    assert [meeting["status"] for meeting in found[old]["meetings"]] == ["scheduled"]
    assert [entry["details"]["id"] for entry in found[old]["entries"] if entry["kind"] == "meeting"]
    assert (await keeping.prune(before, now=before)).conversations == 1
    assert [row.id for row in await rows_of(ConversationRow)] == [kept]
    (meeting,), (share,) = await rows_of(MeetingRow), await rows_of(CalendarShareRow)
    assert (meeting.conversation_id, share.conversation_id) == (kept, kept)
    assert {row.subject_id for row in await rows_of(OutboxRow)} == {meeting.id}
