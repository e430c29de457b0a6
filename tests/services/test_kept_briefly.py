"""Answers that are kept for seconds: asked for once, forgotten at once when told so, not all gone at one moment."""

from collections.abc import Callable

import pytest

from inbox_app.services.kept_briefly import KeptBriefly

SECONDS = 30


class Asked:
    """Answers with the number of times that it was asked."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> int:
        self.times += 1
        return self.times


class Timer:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


async def test_an_answer_is_kept_for_half_the_time_at_least_and_for_the_whole_at_most() -> None:
    timer, ask = Timer(), Asked()
    kept = KeptBriefly[int](10, seconds=SECONDS, timer=timer)
    assert [await kept.get("Vera", ask) for _ in range(3)] == [1, 1, 1]
    timer.seconds += SECONDS / 2 - 1
    assert await kept.get("Vera", ask) == 1
    timer.seconds += SECONDS / 2 + 1
    assert await kept.get("Vera", ask) == 2


async def test_what_was_read_at_one_moment_is_not_read_again_at_one_moment() -> None:
    timer, ask = Timer(), Asked()
    kept, read = KeptBriefly[int](1_000, seconds=SECONDS, timer=timer), []
    for _ in range(0, SECONDS + 1, 3):
        before = ask.times
        for number in range(200):
            await kept.get(str(number), ask)
        read.append(ask.times - before)
        timer.seconds += 3
    assert read[:5] == [200, 0, 0, 0, 0]
    assert all(0 < count < 120 for count in read[6:])


async def test_nobody_is_asked_for_again() -> None:
    kept, found = KeptBriefly[int](10, seconds=SECONDS), [None, 7]

    async def ask() -> int | None:
        return found.pop(0)

    assert [await kept.get("Vera", ask), await kept.get("Vera", ask)] == [None, 7]


@pytest.mark.parametrize(
    "forget",
    [
        lambda kept: kept.forget("Vera"),
        lambda kept: kept.forget(),
        lambda kept: kept.forget_where(lambda answer: answer == 1),
    ],
)
async def test_what_is_forgotten_is_asked_for_again(forget: Callable[[KeptBriefly[int]], None]) -> None:
    kept, ask = KeptBriefly[int](10, seconds=SECONDS), Asked()
    await kept.get("Vera", ask)
    forget(kept)
    assert await kept.get("Vera", ask) == 2


async def test_an_answer_that_was_on_its_way_when_it_was_forgotten_is_not_kept() -> None:
    kept, asked = KeptBriefly[int](10, seconds=SECONDS), Asked()

    async def ask() -> int:
        answer = await asked()
        kept.forget("Vera")
        return answer

    assert await kept.get("Vera", ask) == 1
    assert await kept.get("Vera", asked) == 2


async def test_the_least_used_go_when_there_are_too_many() -> None:
    kept, ask = KeptBriefly[int](2, seconds=SECONDS), Asked()
    for name in ("Vera", "Otto", "Vera", "Lena"):
        await kept.get(name, ask)
    assert await kept.get("Vera", ask) == 1
    assert await kept.get("Otto", ask) == 4
