"""What runs as long as a process survives errors that nobody foresaw: logged, and begun again."""

import asyncio
import functools
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from sqlalchemy import text

from inbox_app import clock, live
from inbox_app.data.engine import unit_of_work
from inbox_app.data.ids import new_id
from inbox_app.data.tables import OutboxRow, ProcessRow
from inbox_app.lifetime import lifetime
from inbox_app.live import RESYNC, Hub
from inbox_app.live.redis_wire import RedisWire
from inbox_app.services import member_links, sign_in
from inbox_app.services.background import keep_running
from inbox_app.services.catching_up import CatchingUp
from inbox_app.services.use_case import use_case
from inbox_app.settings import Settings
from tests.data.builders import PASSWORD, a_member, rows_of

LONGEST_SECONDS = 20


async def until(is_so: Callable[[], Awaitable[bool]], what: str) -> None:
    began = time.monotonic()
    while not await is_so():
        assert time.monotonic() - began < LONGEST_SECONDS, what
        await asyncio.sleep(0.02)


@asynccontextmanager
async def without(*tables: str) -> AsyncIterator[None]:
    """An error of the database that doesn't mean that it is away."""
    for table in tables:
        await run(f'ALTER TABLE "{table}" RENAME TO "{table}_moved"')
    try:
        yield
    finally:
        for table in tables:
            await run(f'ALTER TABLE "{table}_moved" RENAME TO "{table}"')


async def run(statement: str) -> None:
    async with unit_of_work() as session:
        await session.execute(text(statement))


def failed(caplog: pytest.LogCaptureFixture) -> set[str]:
    """The names of what is logged to have failed, each with its traceback."""
    return {str(record.args[0]) for record in caplog.records if record.exc_info and isinstance(record.args, tuple)}


async def test_work_that_fails_is_logged_with_its_traceback_and_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    times = 0

    async def work() -> None:
        nonlocal times
        times += 1
        if times < 3:
            raise ZeroDivisionError

    await keep_running("sums", work, pause=0.01)
    assert times == 3
    (first, second) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert first.exc_info
    assert second.exc_info
    assert "sums" in first.getMessage()


async def test_what_is_cancelled_is_not_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    task = asyncio.create_task(keep_running("sleep", lambda: asyncio.sleep(60)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert failed(caplog) == set()


async def test_loops_that_read_the_database_go_on_after_an_error_that_nobody_foresaw(
    database: str, settings_with: Callable[..., Settings], caplog: pytest.LogCaptureFixture
) -> None:
    settings_with(smtp_url="smtp://127.0.0.1:1")  # mails wait for one; nobody is mailed here

    async def have_failed() -> bool:
        return {"presence", "outbox"} <= failed(caplog)

    async def lease_is_held() -> bool:
        return bool(await rows_of(ProcessRow))

    async def mail_is_settled() -> bool:
        return [row.problem for row in await rows_of(OutboxRow)] == ["gone"]

    async with AsyncExitStack() as stack:
        async with without("process", "outbox"):
            await stack.enter_async_context(lifetime())
            await until(have_failed, "what failed isn't logged")
        await until(lease_is_held, "the lease isn't renewed again")
        async with use_case() as case:
            await member_links.plan_mail(case, member_links.RESET, new_id(), {}, key="1", now=clock.now())
        await until(mail_is_settled, "mails aren't sent any more")


async def test_a_gap_between_processes_is_not_lost_with_the_look_that_failed(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def has_failed() -> bool:
        return "catching up" in failed(caplog)

    hub = Hub()
    catching_up, wire = CatchingUp(hub), RedisWire("redis://127.0.0.1:1", hub)
    wire.is_down = False  # no look but for a gap
    async with hub.subscribe(live.topics.agent("somebody")) as listener:
        async with without("conversation"):
            task = asyncio.create_task(keep_running("catching up", functools.partial(catching_up.run, wire), pause=0.1))
            catching_up.begin()
            await until(has_failed, "the look that failed isn't logged")
        assert (await asyncio.wait_for(listener.next(), LONGEST_SECONDS)).kind == RESYNC
    task.cancel()
    await asyncio.wait([task])
    await wire.close()


async def test_caches_go_on_forgetting_after_an_event_that_nobody_foresaw(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    ana = await a_member()
    token = await sign_in.sign_in(ana.email, PASSWORD, now=clock.now())

    async def is_forgotten() -> bool:
        """What is forgotten is asked for again, and is over in the database."""
        return await is_signed_out(token)

    async with lifetime():
        await until_subscribed()
        await live.publish([live.topics.sign_ins()], "signed_out", {"id": ["no", "id"]})
        await live.publish([live.topics.visitors()], "changed", {"ids": 5})
        await until(lambda: holds({"sign-ins", "devices"} <= failed(caplog)), "nothing is logged")
        await until_subscribed()
        await sign_in.member_of(token, now=clock.now())
        await run("DELETE FROM sign_in")
        await live.publish([live.topics.sign_ins()], "signed_out", {"id": sign_in.id_of(token)})
        began = time.monotonic()
        await until(is_forgotten, "a session that ended elsewhere is still kept")
        assert time.monotonic() - began < 2, "it was forgotten only because nothing is kept for longer"


async def holds(is_so: bool) -> bool:
    return is_so


async def until_subscribed() -> None:
    async def both() -> bool:
        return {live.topics.sign_ins(), live.topics.visitors()} <= live.hub.topics

    await until(both, "what forgets doesn't listen")


async def is_signed_out(token: str) -> bool:
    try:
        await sign_in.member_of(token, now=clock.now())
    except sign_in.NotSignedIn:
        return True
    return False
