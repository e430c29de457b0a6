"""What is to be done outside is done once, in order, again after a failure, and by another after a crash (4.4)."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from inbox_app import clock
from inbox_app.data import outbox as rows
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import OutboxRow
from inbox_app.domain import retry
from inbox_app.services import outbox
from inbox_app.services.outgoing import Errand, Never, NotNeeded, NotNow
from tests.data.builders import NOW, rows_of
from tests.services.builders import later

pytestmark = pytest.mark.usefixtures("database")


class Post:
    """A post office: what it was given, and what it answers."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.answer: Callable[[Errand], Exception | None] = lambda _errand: None

    async def __call__(self, errand: Errand, *, now: datetime) -> None:
        self.taken.append(errand.key)
        await asyncio.sleep(0)  # others have their turn, as when it goes over a network
        if problem := self.answer(errand):
            raise problem


async def planned(subject: str = "m", version: int = 0, *, kind: str = "mail", now: datetime = NOW) -> None:
    async with unit_of_work() as session:
        await rows.plan(session, kind=kind, key=f"{kind}:{subject}:{version}", subject_id=subject, payload={}, now=now)


async def run(post: Post, *, now: datetime = NOW) -> int:
    return await outbox.run_due(now=now, handlers={"mail": post})


async def states() -> dict[str, str]:
    return {row.key: row.state for row in await rows_of(OutboxRow)}


async def only_row() -> OutboxRow:
    (row,) = await rows_of(OutboxRow)
    return row


async def taken_and_killed(now: datetime = NOW) -> None:
    """A process takes all that is due and is gone."""
    async with unit_of_work() as session:
        assert await rows.take(session, ["mail"], limit=9, now=now, lease=outbox.LEASE)


async def test_what_is_planned_is_done_once() -> None:
    post = Post()
    await planned()
    await planned()
    assert (await run(post), await run(post)) == (1, 0)
    assert post.taken == ["mail:m:0"]
    row = await only_row()
    assert (row.state, row.attempts, row.done_at, row.problem) == ("done", 1, NOW, "")


async def test_many_workers_at_once_do_each_once() -> None:
    post = Post()
    for number in range(30):
        await planned(f"m{number}")
    await asyncio.gather(*(run(post) for _ in range(6)))
    assert Counter(post.taken) == Counter({f"mail:m{number}:0": 1 for number in range(30)})
    assert set((await states()).values()) == {"done"}


async def test_what_does_not_work_is_tried_again_after_longer_and_longer_pauses() -> None:
    post, now, pauses = Post(), NOW, []
    post.answer = lambda _errand: NotNow("unreachable", "connection\r\nrefused")
    await planned()
    for tries in range(1, 13):
        assert await run(post, now=now) == 1
        row = await only_row()
        assert (row.state, row.attempts, row.problem) == ("pending", tries, "unreachable\nconnection refused")
        assert await run(post, now=row.due_at - timedelta(milliseconds=1)) == 0
        pauses.append((row.due_at - now).total_seconds())
        now = row.due_at
    for pause, expected in zip(pauses, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600], strict=True):
        assert 0.75 * expected <= pause <= 1.25 * expected


async def test_after_about_a_day_it_has_failed() -> None:
    post, now = Post(), NOW
    post.answer = lambda _errand: NotNow("unreachable")
    await planned()
    while (row := await only_row()).state == "pending":
        now = row.due_at
        await run(post, now=now)
    assert (row.state, row.attempts) == ("failed", retry.TRIES)
    assert timedelta(hours=18) < now - NOW < timedelta(hours=30)
    assert await run(post, now=now + timedelta(days=9)) == 0


async def test_what_will_never_work_has_failed_at_once_and_is_done_when_it_is_tried_anew() -> None:
    post = Post()
    post.answer = lambda _errand: Never("refused", "550 no such mailbox")
    await planned()
    await run(post)
    row = await only_row()
    assert (row.state, row.problem) == ("failed", "refused\n550 no such mailbox")
    async with unit_of_work() as session:
        assert await rows.try_now(session, row.id or 0, now=later(60)) is not None
    post.answer = lambda _errand: None
    assert await run(post, now=later(60)) == 1
    row = await only_row()
    assert (row.state, row.attempts, row.problem) == ("done", 1, "")


async def test_what_is_not_needed_any_more_is_settled_and_says_why() -> None:
    post = Post()
    post.answer = lambda _errand: NotNeeded("passed")
    await planned()
    await run(post)
    row = await only_row()
    assert (row.state, row.problem) == ("skipped", "passed")


async def test_a_handler_that_breaks_stops_nobody_and_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    post = Post()
    post.answer = lambda errand: RuntimeError("a bug") if errand.subject_id == "a" else None
    await planned("a")
    await planned("b")
    await run(post)
    assert await states() == {"mail:a:0": "pending", "mail:b:0": "done"}
    assert "mail:a:0 failed" in caplog.text


async def test_a_newer_version_settles_older_ones_that_have_not_gone_out() -> None:
    post = Post()
    for version in range(3):
        await planned(version=version)
    await run(post)
    assert post.taken == ["mail:m:2"]
    assert await states() == {"mail:m:0": "skipped", "mail:m:1": "skipped", "mail:m:2": "done"}


async def test_a_newer_version_settles_an_older_one_that_failed() -> None:
    post = Post()
    post.answer = lambda errand: Never("refused") if errand.key.endswith(":0") else None
    await planned()
    await run(post)
    await planned(version=1)
    await run(post)
    assert await states() == {"mail:m:0": "skipped", "mail:m:1": "done"}


async def test_a_newer_version_never_overtakes_one_that_is_on_its_way() -> None:
    post, begun, may_end = Post(), asyncio.Event(), asyncio.Event()

    async def slow(errand: Errand, *, now: datetime) -> None:
        begun.set()
        await may_end.wait()
        await post(errand, now=now)

    await planned()
    sending = asyncio.create_task(outbox.run_due(now=NOW, handlers={"mail": slow}))
    await begun.wait()
    await planned(version=1)
    assert await run(post) == 0
    may_end.set()
    await sending
    assert post.taken == ["mail:m:0", "mail:m:1"]


async def test_kinds_and_meetings_do_not_wait_for_each_other() -> None:
    post = Post()
    await planned("a")
    await taken_and_killed()
    await planned("b")
    await planned("a", kind="calendar")
    await outbox.run_due(now=NOW, handlers={"mail": post, "calendar": post})
    assert sorted(post.taken) == ["calendar:a:0", "mail:b:0"]


async def test_what_a_killed_process_had_taken_is_done_after_its_lease() -> None:
    post = Post()
    await planned()
    await taken_and_killed()
    assert await run(post, now=NOW + outbox.LEASE - timedelta(seconds=1)) == 0
    assert await run(post, now=NOW + outbox.LEASE) == 1
    assert (await only_row()).attempts == 2


async def test_a_lease_from_before_the_clock_was_set_back_does_not_hold() -> None:
    post, set_back = Post(), NOW - timedelta(hours=1)
    await planned(now=set_back)
    await taken_and_killed()
    assert await run(post, now=set_back) == 1


async def test_who_outlives_the_lease_settles_nothing() -> None:
    await planned()
    async with unit_of_work() as session:
        (late,) = await rows.take(session, ["mail"], limit=1, now=NOW, lease=outbox.LEASE)
    await taken_and_killed(NOW + outbox.LEASE)
    async with unit_of_work() as session:
        assert not await rows.settle(session, late, "done", now=NOW + outbox.LEASE)
    assert (await only_row()).state == "pending"


async def test_kinds_that_nobody_does_here_are_left_alone() -> None:
    post = Post()
    await planned(kind="of_a_later_version")
    assert await run(post) == 0
    assert set((await states()).values()) == {"pending"}


async def forever(post: object) -> "asyncio.Task[None]":
    return asyncio.create_task(outbox.run_forever({"mail": post}))  # type: ignore[dict-item]


async def test_a_commit_wakes_the_worker_and_a_roll_back_does_not() -> None:
    with rows.waking() as wake:
        with pytest.raises(RuntimeError):
            await planned_and_failed()
        assert not wake.is_set()
        await planned()
        assert wake.is_set()


async def planned_and_failed() -> None:
    async with unit_of_work() as session:
        await rows.plan(session, kind="mail", key="k", subject_id="m", payload={}, now=NOW)
        raise RuntimeError


async def test_a_worker_that_stops_lets_what_it_does_end() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(errand: Errand, *, now: datetime) -> None:
        begun.set()
        await may_end.wait()

    worker = await forever(slow)
    await planned(now=clock.now())
    await begun.wait()
    worker.cancel()
    asyncio.get_running_loop().call_soon(may_end.set)
    await asyncio.gather(worker, return_exceptions=True)
    assert (await only_row()).state == "done"


async def test_what_takes_too_long_at_the_stop_is_given_back(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def endless(errand: Errand, *, now: datetime) -> None:
        begun.set()
        await asyncio.Event().wait()

    worker = await forever(endless)
    await planned(now=clock.now())
    await begun.wait()
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    row = await only_row()
    assert (row.state, row.attempts, row.taken_until) == ("pending", 0, None)
