"""Two passwords are hashed at once, whoever asks."""

import asyncio
import threading

import pytest

from inbox_app.domain.errors import TooManyRequests
from inbox_app.services.hashing import hashing


async def test_two_run_at_once_and_the_rest_wait_or_are_refused() -> None:
    running, most, guard, two_run = 0, 0, threading.Lock(), threading.Barrier(2)

    def work() -> None:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        two_run.wait(10)
        with guard:
            running -= 1

    patient = [asyncio.create_task(hashing(work)) for _ in range(6)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests) as refused:
        await hashing(work, may_wait=False)
    assert refused.value.retry_after == 1
    await asyncio.gather(*patient)
    assert most == 2
    assert await hashing(lambda: "done", may_wait=False) == "done"
