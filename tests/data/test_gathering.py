"""What comes while one round runs waits for the next, and everyone gets the own answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from inbox_app.data.gathering import Gathering


class Rounds:
    """Doubles numbers; a round goes on when it is let go. Zero is refused, and a hundred breaks the round."""

    def __init__(self) -> None:
        self.seen: list[list[int]] = []
        self.go_on = asyncio.Event()
        self.double: Gathering[int, int] = Gathering(self._act)

    async def _act(self, numbers: list[int]) -> list[int | Exception]:
        self.seen.append(numbers)
        await self.go_on.wait()
        if 100 in numbers:
            raise OSError("the round broke")
        return [2 * number if number else ValueError("zero") for number in numbers]

    async def begun(self, *numbers: int) -> list[asyncio.Task[int]]:
        """Tasks that have asked."""
        tasks = [asyncio.ensure_future(self.double(number)) for number in numbers]
        for _ in range(3):
            await asyncio.sleep(0)
        return tasks


async def test_who_comes_during_a_round_is_of_the_next_one() -> None:
    rounds = Rounds()
    first = await rounds.begun(1)
    later = await rounds.begun(2, 3)
    rounds.go_on.set()
    assert await asyncio.gather(*first, *later) == [2, 4, 6]
    assert rounds.seen == [[1], [2, 3]]


async def test_a_refusal_is_told_to_whoever_asked_for_it_alone() -> None:
    rounds = Rounds()
    rounds.go_on.set()
    two, zero = await asyncio.gather(rounds.double(1), rounds.double(0), return_exceptions=True)
    assert (two, str(zero)) == (2, "zero")


async def test_a_round_that_breaks_is_told_to_all_of_it_and_the_next_goes_on() -> None:
    rounds = Rounds()
    rounds.go_on.set()
    answers = await asyncio.gather(rounds.double(1), rounds.double(100), return_exceptions=True)
    assert [type(answer) for answer in answers] == [OSError, OSError]
    assert await rounds.double(4) == 8


async def same(numbers: list[int]) -> list[int]:
    return numbers


@asynccontextmanager
async def fails_before() -> AsyncIterator[None]:
    raise OSError("no turn")
    yield


@asynccontextmanager
async def fails_after() -> AsyncIterator[None]:
    yield
    raise OSError("the turn broke")


async def too_few(numbers: list[int]) -> list[int]:
    return numbers[1:]


async def cancelled(numbers: list[int]) -> list[int]:
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("gathering", "error"),
    [
        (Gathering(same, fails_before), OSError),
        (Gathering(same, fails_after), OSError),
        (Gathering(too_few), ValueError),
        (Gathering(cancelled), asyncio.CancelledError),
    ],
)
async def test_whatever_goes_wrong_nobody_waits_for_ever(
    gathering: Gathering[int, int], error: type[BaseException]
) -> None:
    asked = [asyncio.ensure_future(gathering(number)) for number in range(3)]
    done, _ = await asyncio.wait(asked, timeout=2)
    assert done == set(asked)
    assert [type(answer) for answer in await asyncio.gather(*asked, return_exceptions=True)] == [error] * 3


async def test_who_leaves_takes_nothing_from_the_others() -> None:
    rounds = Rounds()
    gone, stays = await rounds.begun(1, 2)
    gone.cancel()
    rounds.go_on.set()
    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_who_leaves_before_a_round_is_not_served() -> None:
    rounds = Rounds()
    first = await rounds.begun(1)
    gone, stays = await rounds.begun(2, 3)
    gone.cancel()
    rounds.go_on.set()
    assert await asyncio.gather(*first, stays) == [2, 6]
    assert rounds.seen == [[1], [3]]


def test_a_loop_that_ended_in_the_middle_holds_up_no_other() -> None:
    rounds = Rounds()

    async def begin() -> None:
        await rounds.begun(1)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(begin())
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()

    async def again() -> int:
        rounds.go_on = asyncio.Event()
        rounds.go_on.set()
        return await rounds.double(5)

    assert asyncio.run(again()) == 10
