"""Moving windows in memory: the same answers as `limits`' own, without its search through every key."""

import asyncio

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from inbox_app.live.windows import Windows

THREE_A_MINUTE = parse("3 per minute")


async def test_it_counts_as_the_library_does() -> None:
    answers = []
    for storage in (MemoryStorage(), Windows()):
        limiter = MovingWindowRateLimiter(storage)
        answers.append(
            [
                *[await limiter.hit(THREE_A_MINUTE, "vera") for _ in range(5)],
                await limiter.hit(THREE_A_MINUTE, "ben", cost=3),
                await limiter.hit(THREE_A_MINUTE, "ben"),
                await limiter.hit(THREE_A_MINUTE, "cleo", cost=4),
                (await limiter.get_window_stats(THREE_A_MINUTE, "vera")).remaining,
                await limiter.clear(THREE_A_MINUTE, "vera"),
                await limiter.hit(THREE_A_MINUTE, "vera"),
            ]
        )
    assert answers[0] == answers[1] == [True, True, True, False, False, True, False, False, 0, None, True]


async def test_what_left_the_window_makes_room() -> None:
    windows = Windows()
    assert [await windows.acquire_entry("vera", 2, 60) for _ in range(3)] == [True, True, False]
    assert await windows.acquire_entry("vera", 2, -1)  # a window so short that both have left it
    assert len(windows.events["vera"]) == 2


async def test_a_hit_starts_nothing_in_the_background() -> None:
    limiter = MovingWindowRateLimiter(Windows())
    before = asyncio.all_tasks()
    for visitor in range(100):
        await limiter.hit(THREE_A_MINUTE, str(visitor))
    assert asyncio.all_tasks() == before


async def test_expired_keys_are_forgotten() -> None:
    windows = Windows(forget_seconds=0)
    await windows.acquire_entry("gone", 5, 0)
    await windows.acquire_entry("kept", 5, 60)
    await windows.acquire_entry("new", 5, 60)
    assert set(windows.events) == {"kept", "new"}
