"""What is due is done (ARCHITECTURE, decision 7): once, by one of several processes, and again after a failure."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from inbox_app.data import tasks
from inbox_app.data.engine import unit_of_work, use_database
from inbox_app.data.tables import ActivityRow, EntryRow, MemberRow, OfferRow, TaskRow
from inbox_app.services import availability, offers, sweeper, waiting
from inbox_app.services.use_case import UseCase
from tests.data.builders import NOW, a_member, rows_of
from tests.services.builders import a_busy_member, a_request, an_active_chat, later, ringing, state_of, timeline_of

pytestmark = pytest.mark.usefixtures("database")


class Killed(Exception):
    """Stands for the end of the process."""


async def planned() -> dict[tuple[str, str], object]:
    return {(row.kind, row.subject_id): row.due_at for row in await rows_of(TaskRow)}


async def test_what_is_not_due_is_left_alone() -> None:
    await a_member()
    await a_request()
    before = await planned()
    assert await sweeper.run_due(now=later(29)) == 0
    assert await planned() == before


async def test_a_task_is_gone_when_it_is_done() -> None:
    await a_busy_member()
    chat_id = await a_request()
    assert ("wait_limit", chat_id) in await planned()
    assert await sweeper.run_due(now=later(100)) == 1
    assert ("wait_limit", chat_id) not in await planned()
    assert await sweeper.run_due(now=later(1_000)) == 0


async def test_a_task_of_an_unknown_kind_is_put_off_and_stops_nobody() -> None:
    await a_busy_member()
    chat_id = await a_request()
    async with unit_of_work() as session:
        await tasks.plan(session, "of_a_later_version", "x", due_at=NOW)
    await sweeper.run_due(now=later(100))
    assert await state_of(chat_id) == "missed"
    assert (await planned())["of_a_later_version", "x"] == later(110)


async def a_task_that_fails() -> str:
    """The boundary of somebody whose hours are damaged; it forgets the switch first. Returns the member's id."""
    damaged = {"time_zone": "Mars/Base"}
    mia = await a_member("Mia", takes_chats=False, schedule=damaged, override=True, override_until=NOW)
    async with unit_of_work() as session:
        await tasks.plan(session, availability.BOUNDARY, mia.id, due_at=NOW)
    return mia.id


async def test_a_task_that_fails_leaves_nothing_half_done_and_is_tried_again() -> None:
    member_id = await a_task_that_fails()
    await sweeper.run_due(now=NOW)
    assert [row.override for row in await rows_of(MemberRow, id=member_id)] == [True]
    assert await planned() == {(availability.BOUNDARY, member_id): later(10)}


async def test_a_task_that_fails_does_not_stop_the_others() -> None:
    await a_busy_member()
    chat_id, _ = await a_request(), await a_task_that_fails()
    await sweeper.run_due(now=later(100))
    assert await state_of(chat_id) == "missed"


async def test_who_is_killed_halfway_leaves_the_task_to_the_next() -> None:
    await a_busy_member()
    chat_id = await a_request()
    with pytest.raises(Killed):
        await done_and_killed(chat_id)
    assert (await state_of(chat_id), await timeline_of(chat_id)) == ("waiting", ["requested", "message"])
    await sweeper.run_due(now=later(100))
    assert await state_of(chat_id) == "missed"


async def done_and_killed(chat_id: str) -> None:
    """All of it but the commit."""
    async with unit_of_work() as session:
        task = await tasks.take_due(session, later(100))
        assert task is not None
        await waiting.pass_limit(UseCase(session), chat_id, now=later(100))
        await tasks.remove(session, task, task.due_at)
        raise Killed


async def test_a_task_that_was_planned_anew_while_it_was_done_stays() -> None:
    async with unit_of_work() as session:
        await tasks.plan(session, "idle", "x", due_at=NOW)
    async with unit_of_work() as session:
        task = await tasks.take_due(session, NOW)
        assert task is not None
        due_at = task.due_at
        await tasks.plan(session, "idle", "x", due_at=later(60))
        await tasks.remove(session, task, due_at)
    assert await planned() == {("idle", "x"): later(60)}


async def test_a_new_time_replaces_the_old_one() -> None:
    for seconds in (60, 30, 90):
        async with unit_of_work() as session:
            await tasks.plan(session, "idle", "x", due_at=later(seconds))
    assert await planned() == {("idle", "x"): later(90)}


async def test_several_sweepers_at_once_do_everything_once() -> None:
    await a_busy_member()
    ids = [await a_request() for _ in range(12)]
    await asyncio.gather(*(sweeper.run_due(now=later(100)) for _ in range(6)))
    assert {await state_of(chat_id) for chat_id in ids} == {"missed"}
    missed = [entry.conversation_id for entry in await rows_of(EntryRow, state="missed")]
    assert sorted(missed) == sorted(ids)
    assert len(await rows_of(ActivityRow, type="missed_chat")) == 12


async def test_sweepers_and_agents_at_once_leave_one_winner_for_each_chat() -> None:
    team = [await a_member(name, capacity=10) for name in ("Ana", "Ben")]
    ids = [await a_request() for _ in range(8)]
    found = [await ringing(chat_id, *team) for chat_id in ids]
    accepts = [offers.accept(offer_id, member=member, now=later(30)) for member, offer_id in found]
    sweeps = [sweeper.run_due(now=later(30)) for _ in range(3)]
    answers = await asyncio.gather(*accepts, *sweeps, return_exceptions=True)
    wrong = [one for one in answers if isinstance(one, Exception) and not isinstance(one, offers.OfferGone)]
    assert wrong == []
    states = {row.id: row.state for row in await rows_of(OfferRow)}
    won = [chat_id for chat_id, (_, offer_id) in zip(ids, found, strict=True) if states[offer_id] == "accepted"]
    assert {chat_id for chat_id in ids if await state_of(chat_id) == "active"} == set(won)
    assert {await state_of(chat_id) for chat_id in ids} <= {"active", "offered"}


async def test_what_was_due_while_nothing_ran_is_done_in_order_after_the_start(database: str) -> None:
    ana = await a_member("Ana")
    active = await an_active_chat(ana)
    asked = await a_request()
    await use_database(database)  # as a new process opens it
    await sweeper.run_due(now=later(minutes=30))
    assert await state_of(asked) == "missed"
    assert await state_of(active) == "active"  # warned first
    await sweeper.run_due(now=later(minutes=31))
    assert await state_of(active) == "ended"


async def test_nothing_is_done_twice_when_the_clock_goes_on() -> None:
    await a_member("Ana"), await a_member("Ben")
    chat_id = await a_request()
    for seconds in range(0, 200, 7):
        await sweeper.run_due(now=NOW + timedelta(seconds=seconds))
    kinds = await timeline_of(chat_id)
    assert kinds == ["requested", "message", "offered", "expired", "offered", "expired", "missed"]


async def test_the_overdue_are_counted() -> None:
    async with unit_of_work() as session:
        for n in range(3):
            await tasks.plan(session, "idle", str(n), due_at=later(n))
        assert len((await session.execute(select(col(TaskRow.id)))).all()) == 3
    assert await tasks.overdue(later(1)) == 2
