"""Presence is a lease held by live connections (PRODUCT 2.5): closed is gone, killed is gone with the lease."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from inbox_app import clock, live
from inbox_app.data import presence as leases
from inbox_app.data import views
from inbox_app.data.engine import reading_session, unit_of_work
from inbox_app.data.tables import ConnectionRow, ProcessRow, TaskRow
from inbox_app.domain.people import Member
from inbox_app.services import presence, waiting
from inbox_app.settings import Settings
from tests.data.builders import NOW, a_chat, a_device, a_member, rows_of

pytestmark = pytest.mark.usefixtures("database")
NEVER = {"time_zone": "UTC", "blocks": [], "exceptions": []}
SettingsWith = Callable[..., Settings]


async def an_absent_member(name: str = "Ana", **changes: Any) -> Member:
    """Here only the connections that a test opens count."""
    return await a_member(name, is_present=False, **changes)


async def hears(changes: live.Subscription, kind: str) -> live.Event:
    """Waits for the next event of this kind."""
    async with asyncio.timeout(10):
        while (event := await changes.next()).kind != kind:
            pass
    return event


@asynccontextmanager
async def the_lease_kept() -> AsyncIterator[None]:
    """What a worker process runs beside its requests."""
    task = asyncio.create_task(presence.hold_lease())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def another_process(*subjects: str, renewed_ago: float = 0) -> None:
    """A second process that holds connections of these."""
    async with unit_of_work() as session:
        await leases.renew(session, "other", now=clock.now() - timedelta(seconds=renewed_ago))
        for subject in subjects:
            await leases.connect(session, f"connection of {subject}", "other", subject)


async def test_one_is_there_while_a_connection_is_open() -> None:
    ana = await an_absent_member()
    async with presence.present(ana.id, is_agent=True):
        assert await leases.is_online(ana.id)
        assert await leases.is_someone_available(NOW)


async def test_many_who_come_at_once_after_a_start_are_all_there() -> None:
    team = [await an_absent_member(f"Agent {number}") for number in range(10)]
    async with AsyncExitStack() as stack:
        comings = [stack.enter_async_context(presence.present(one.id, is_agent=True)) for one in team]
        await asyncio.gather(*comings)
        assert len(await rows_of(ConnectionRow)) == 10


async def test_who_leaves_while_a_slow_database_notes_the_arrival_is_gone_afterwards(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "AGENT_GRACE_SECONDS", 0)
    ana = await an_absent_member()
    async with a_stall(database):
        page = asyncio.create_task(a_visit(ana))
        async with asyncio.timeout(10):
            while presence._come._rounds is None or presence._come._rounds.done() or presence._come._waiting:  # noqa: ASYNC110
                await asyncio.sleep(0)  # until its arrival is being written
        page.cancel()
        await asyncio.wait([page])
        (leaving,) = presence._background
        await asyncio.wait([leaving], timeout=0.2)  # as long as it can while the database is slow
    await asyncio.wait([leaving], timeout=10)
    assert presence._open == {}
    assert not await leases.is_online(ana.id)
    assert await rows_of(ConnectionRow) == []


@asynccontextmanager
async def a_stall(database_url: str) -> AsyncIterator[None]:
    """Nobody can write connections meanwhile."""
    async with unit_of_work() as session:
        if not database_url.startswith("sqlite"):
            await session.execute(text("LOCK TABLE connection IN SHARE MODE"))
        yield


async def a_visit(member: Member) -> None:
    async with presence.present(member.id, is_agent=True):
        await asyncio.Event().wait()


async def test_two_tabs_of_which_one_is_closed_are_still_there() -> None:
    ana = await an_absent_member()
    async with presence.present(ana.id, is_agent=True):
        async with presence.present(ana.id, is_agent=True):
            pass
        await until(one_connection_is_left)
        assert await leases.is_online(ana.id)


async def one_connection_is_left() -> bool:
    return len(await rows_of(ConnectionRow)) == 1


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Asks again and again, for what is done behind a request."""
    async with asyncio.timeout(10):
        while not await is_so():  # noqa: ASYNC110  (the database tells nobody)
            await asyncio.sleep(0.02)


HOUR = 3_600


@pytest.mark.parametrize(
    ("seconds", "is_there"), [(24, True), (26, False), (-4, True), (-7, False), (-HOUR, False), (HOUR, False)]
)
async def test_a_lease_counts_from_its_renewal_for_25_seconds_and_not_before_it(
    seconds: int, is_there: bool, settings_with: SettingsWith
) -> None:
    ana = await an_absent_member()
    await another_process(ana.id)
    settings_with(clock_offset=seconds)
    assert await leases.is_online(ana.id) is is_there
    async with reading_session() as session:
        assert await leases.online_among(session, [ana.id]) == ({ana.id} if is_there else set())
    async with unit_of_work() as session:
        assert await leases.forget_dead(session, now=clock.now()) == ([] if is_there else [ana.id])


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_set_while_it_runs_costs_a_living_process_no_connection(
    hours: int, settings_with: SettingsWith
) -> None:
    ana, ben = await an_absent_member(), await an_absent_member("Ben")
    await another_process(ben.id)
    async with the_lease_kept(), presence.present(ana.id, is_agent=True):
        settings_with(clock_offset=hours * HOUR)
        await until(lambda: leases.is_online(ana.id))  # much sooner than at its next renewal
        assert len(await rows_of(ConnectionRow)) == 2  # the other process had no time to renew


async def test_a_dead_process_is_cleared_and_its_visitors_dots_change() -> None:
    ana, vera = await an_absent_member(), await a_device()
    chat = await a_chat(agent=ana, device=vera)
    await another_process(vera.id, renewed_ago=26)
    async with live.subscribe(live.topics.agent(ana.id)) as changes, the_lease_kept():
        event = await hears(changes, "presence")
    assert event.data == {"conversation_id": chat.id, "is_online": False}
    assert await rows_of(ProcessRow, id="other") == await rows_of(ConnectionRow, process_id="other") == []


async def test_a_living_process_is_left_alone() -> None:
    ana = await an_absent_member()
    await another_process(ana.id, renewed_ago=20)
    async with unit_of_work() as session:
        assert await leases.forget_dead(session, now=clock.now()) == []
    assert await leases.is_online(ana.id)


async def test_a_process_that_was_held_up_has_its_connections_back() -> None:
    ana = await an_absent_member()
    async with presence.present(ana.id, is_agent=True):
        async with unit_of_work() as session:
            await leases.forget_dead(session, now=clock.now() + timedelta(seconds=60))
        assert not await leases.is_online(ana.id)
        async with the_lease_kept():
            await until(lambda: leases.is_online(ana.id))


async def test_of_an_agent_who_is_back_nobody_counts_how_long_they_were_gone() -> None:
    ana = await an_absent_member()
    await waiting.agent_is_away(ana.id, now=NOW)
    async with presence.present(ana.id, is_agent=True):
        assert await rows_of(TaskRow, kind=waiting.AGENT_GONE) == []
        async with unit_of_work() as session:
            await leases.forget_dead(session, now=clock.now() + timedelta(seconds=60))
        await waiting.agent_is_away(ana.id, now=NOW)
        async with the_lease_kept():
            await until(lambda: leases.is_online(ana.id))
        assert await rows_of(TaskRow, kind=waiting.AGENT_GONE) == []


async def test_an_orderly_end_takes_all_connections_along() -> None:
    ana = await an_absent_member()
    async with presence.present(ana.id, is_agent=True):
        await presence.end_process()
        assert not await leases.is_online(ana.id)


async def test_the_dot_of_a_visitor_who_comes_changes_at_once_and_who_leaves_after_a_moment() -> None:
    ana, vera = await an_absent_member(), await a_device()
    chat = await a_chat(agent=ana, device=vera)
    async with live.subscribe(live.topics.conversation(chat.id)) as changes:
        async with presence.present(vera.id, is_agent=False):
            assert (await hears(changes, "presence")).data["is_online"] is True
            assert (await views.conversation(ana, chat.id)).is_online
        assert (await hears(changes, "presence")).data["is_online"] is False
    assert not (await views.conversation(ana, chat.id)).is_online


@pytest.mark.parametrize("changes", [{"override": False}, {"schedule": NEVER}, {"disabled_at": NOW}])
async def test_nobody_is_available_who_is_off_or_disabled(changes: dict[str, object]) -> None:
    ana = await an_absent_member(**changes)
    await another_process(ana.id)
    assert not await leases.is_someone_available(NOW)


async def test_nobody_is_available_who_is_away() -> None:
    await an_absent_member()
    assert not await leases.is_someone_available(NOW)
