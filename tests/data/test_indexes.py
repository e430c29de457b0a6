"""Lists and messages stay fast with thousands of rows: the planner of each database reaches them by an index."""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from inbox_app.data import conversations, messages_postgres, messages_sqlite, offers, views
from inbox_app.data.engine import database as current_database
from inbox_app.data.engine import reading, reading_session, unit_of_work
from inbox_app.data.tables import ConversationRow, EntryRow, OfflineMessageRow
from inbox_app.data.views import chats
from inbox_app.domain.people import Member, Role
from tests.data.builders import NOW, Chat, a_chat, a_device, a_member

CONVERSATIONS, ENTRIES_EACH = 3_000, 4
BIG = {"conversation", "entry", "offline_message"}
Query = Callable[[Member, Chat], Awaitable[Any]]


@pytest.fixture
async def big(database: str) -> tuple[Member, Chat]:
    """Thousands of past conversations, few active ones, of which one is returned with its agent."""
    ana, device = await a_member("Ana", role=Role.ADMIN, takes_chats=True), await a_device()
    rows = [
        {
            "id": f"C{n:05}", "visitor_id": device.visitor_id, "device_id": device.id, "client_id": str(n),
            "state": "ended", "agent_id": ana.id, "requested_at": NOW - timedelta(minutes=n),
            "activity_at": NOW - timedelta(minutes=n), "last_seq": ENTRIES_EACH,
        }
        for n in range(CONVERSATIONS)
    ]  # fmt: skip
    entries = [
        {"conversation_id": row["id"], "seq": seq, "kind": "message", "sender": "visitor", "text": "Hello", "at": NOW}
        for row in rows
        for seq in range(1, ENTRIES_EACH + 1)
    ]
    left = [
        {
            "id": f"L{row['id']}",
            "visitor_id": device.visitor_id,
            "conversation_id": row["id"],
            "text": "Call me",
            "at": NOW,
        }
        for row in rows
    ]
    async with unit_of_work() as session:
        await session.execute(insert(ConversationRow).values(tags=[]), rows)
        await session.execute(insert(EntryRow), entries)
        await session.execute(insert(OfflineMessageRow), left)
    chat = await a_chat(agent=ana)
    if not current_database().is_sqlite:  # what autovacuum does by itself
        async with unit_of_work() as session:
            await session.execute(text("ANALYZE"))
    return ana, chat


async def scanned(work: Awaitable[Any]) -> set[str]:
    """Run it, ask the planner about each of its statements, and name the big tables that were read from end to end."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        statements.append((statement, values))

    engine = current_database().engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await work
    finally:
        event.remove(engine, "before_cursor_execute", note)
    queries = [(statement, values) for statement, values in statements if statement.lstrip().startswith("SELECT")]
    assert queries
    return {table for statement, values in queries for table in await full_scans(statement, values)}


async def full_scans(statement: str, values: Any) -> set[str]:
    is_sqlite = current_database().is_sqlite
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN (FORMAT JSON) "
    async with reading() as connection:
        plan = (await connection.exec_driver_sql(explain + statement, values)).all()
    return scans_of_sqlite(plan) if is_sqlite else scans_of_postgres(plan)


def scans_of_sqlite(plan: Any) -> set[str]:
    lines = [row[3] for row in plan]
    return {match[1] for line in lines if (match := re.fullmatch(r"SCAN (\w+)", line))} & {*BIG, "e", "c"}


def scans_of_postgres(plan: Any) -> set[str]:
    def walk(node: dict[str, Any]) -> set[str]:
        own = {node["Relation Name"]} if node["Node Type"] == "Seq Scan" else set()
        return own.union(*(walk(child) for child in node.get("Plans", [])))

    document = plan[0][0]
    return walk((json.loads(document) if isinstance(document, str) else document)[0]["Plan"]) & BIG


async def in_session(work: Callable[..., Awaitable[Any]], *values: Any) -> None:
    async with reading_session() as session:
        await work(session, *values)


async def second_page(member: Member, only: str) -> None:
    page = await views.conversation_rows(member, only=only)  # type: ignore[arg-type]
    await views.conversation_rows(member, only=only, before=page.next or "WzEuMCwgIkMwIl0")  # type: ignore[arg-type]


QUERIES: dict[str, Query] = {
    "the active list": lambda ana, chat: second_page(ana, "active"),
    "the list of all": lambda ana, chat: second_page(ana, "all"),
    "a line of the list": lambda ana, chat: views.conversation_row(ana, chat.id),
    "unread messages": lambda ana, chat: views.unread_total(ana),
    "an opened conversation": lambda ana, chat: views.conversation(ana, chat.id),
    "the newest messages": lambda ana, chat: views.messages(ana, chat.id),
    "older messages": lambda ana, chat: views.messages(ana, chat.id, before=3),
    "newer messages": lambda ana, chat: views.messages(ana, chat.id, after=1),
    "a transcript": lambda ana, chat: views.transcript(ana, "C00007"),
    "the signed-in agent": lambda ana, chat: views.agent(ana.id, now=NOW),
    "pending offers": lambda ana, chat: views.pending_offers(ana),
    "the history": lambda ana, chat: views.history(ana),
    "visitors to follow up": lambda ana, chat: views.missed(ana, now=NOW),
    "a visitor's chat": lambda ana, chat: chats.chat(chat.id, chat.device.id),
    "what a stream missed": lambda ana, chat: chats.entries_after(chat.id, 0),
    "who can take a chat": lambda ana, chat: in_session(partial(offers.candidates, capacity=5, now=NOW)),
    "who was asked": lambda ana, chat: in_session(offers.tried, chat.id),
    "who waits": lambda ana, chat: in_session(conversations.waiting),
    "the queue": lambda ana, chat: in_session(conversations.queue),
    "a conversation to change": lambda ana, chat: in_session(conversations.get, chat.id),
    "a repeated request": lambda ana, chat: in_session(conversations.by_client_id, chat.device.id, "7"),
}


async def test_no_list_and_no_chat_reads_a_table_from_end_to_end(big: tuple[Member, Chat]) -> None:
    slow = {name: tables for name, query in QUERIES.items() if (tables := await scanned(query(*big)))}
    assert slow == {}


async def test_a_full_scan_would_be_noticed(big: tuple[Member, Chat]) -> None:
    async def search() -> None:
        async with reading() as connection:
            await connection.execute(text("SELECT id FROM entry WHERE text = 'Hello'"))
            await connection.execute(text("SELECT id FROM conversation WHERE page_url = '/'"))
            await connection.execute(text("SELECT id FROM offline_message WHERE text = 'Call me'"))

    assert await scanned(search()) == BIG


async def test_the_message_path_reads_no_table_from_end_to_end(big: tuple[Member, Chat]) -> None:
    is_sqlite = current_database().is_sqlite
    store: Any = messages_sqlite if is_sqlite else messages_postgres
    for sender, owner in store.OWNER.items():
        same = store._SAME.format(owner=owner).replace("?", "'x'")
        statements = [re.sub(r":\w+|\$\d+(?!:)|\$\d+::", lambda m: "1::" if m[0].endswith("::") else "'1'", s)
                      for s in (same, store._SEEN[sender])]  # fmt: skip
        for statement in statements:
            assert await full_scans(statement, ()) == set()
