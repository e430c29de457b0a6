"""Password hashes: each takes a core for a tenth of a second, so that guesses at once could stop everything else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from inbox_app.domain.errors import TooManyRequests

AT_ONCE: Final = 2
Result = TypeVar("Result")
_threads: Final = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
_unfinished = 0


async def hashing(work: Callable[[], Result], *, may_wait: bool = True) -> Result:
    """Do the work in one of two threads. Raises TooManyRequests if both are busy and it may not wait."""
    global _unfinished
    if not may_wait and _unfinished >= AT_ONCE:
        raise TooManyRequests(1)
    _unfinished += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
    finally:
        _unfinished -= 1
