"""Whoever changes a visitor locks the browser, the record and the chats in this order (`begin_routing`)."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from inbox_app.data import visitors as data
from inbox_app.data.engine import reading, unit_of_work, use_database
from inbox_app.data.tables import ConversationRow
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.domain.people import Member
from inbox_app.services import devices, merging, visitors
from tests.data.builders import NOW, a_chat, a_device, a_member
from tests.services.visitor_sessions import a_session

VERA = "vera@example.com"
Change = Callable[[str, str, Member], Awaitable[None]]


async def corrected(visitor_id: str, known_id: str, ana: Member) -> None:
    await visitors.correct(visitor_id, field="phone", value="+47 22", member=ana, now=NOW)


async def given_an_address(visitor_id: str, known_id: str, ana: Member) -> None:
    await visitors.correct(visitor_id, field="email", value="otto@example.com", member=ana, now=NOW)


async def merged(visitor_id: str, known_id: str, ana: Member) -> None:
    await merging.merge(visitor_id, known_id, member=ana, now=NOW)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("change", [corrected, given_an_address, merged], ids=lambda change: change.__name__)
async def test_an_agent_and_a_visitor_who_change_one_record_do_not_wait_in_a_circle(
    change: Change, database: str
) -> None:
    ana, session = await a_member(), await a_session(email=VERA)
    device = await devices.device(session.token)
    chat = await a_chat(agent=ana, state="ended", device=device)
    known = await a_chat(agent=ana, state="ended", device=await a_device("Vera", email=VERA))

    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks, unit_of_work() as unit:
        row, visitor = await data.visitor_of(unit, device.id)  # the visitor says something
        tasks.create_task(change(visitor.id, known.visitor_id, ana))
        if database.startswith("postgres"):  # SQLite has one writer
            await until_somebody_waits_for_a_lock()
        row.said, visitor.name = {"name": "V"}, "V"
        (await unit.get_one(ConversationRow, chat.id)).said_name = "V"
        await unit.flush()


async def until_somebody_waits_for_a_lock() -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while True:
        async with reading() as connection:
            if (await connection.execute(text(waiting))).scalar_one():
                return
        await asyncio.sleep(0.02)


@pytest.mark.postgres
async def test_a_deadlock_is_an_error_to_try_again_after(postgres_url: str) -> None:
    await use_database(postgres_url)
    first, second = await a_device("One"), await a_device("Two")
    meeting = asyncio.Barrier(2)

    async def lock(*those: str) -> None:
        async with unit_of_work() as unit:
            await data.get(unit, those[0])
            await meeting.wait()
            await data.get(unit, those[1])

    ids = first.visitor_id, second.visitor_id
    outcomes = await asyncio.gather(lock(*ids), lock(*reversed(ids)), return_exceptions=True)
    await use_database(None)
    assert [type(one) for one in outcomes if one] == [DatabaseUnavailable]
