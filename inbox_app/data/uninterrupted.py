"""Database work that a cancelled listener does not cut in the middle.

Reflex cancels a page's listeners when it is closed or left. A query that is cut makes the pool throw its connection
away and log an error; so the work runs in a task of its own to its end, and only the waiting for it is cancelled.
"""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
_running: Final[set[asyncio.Task[Any]]] = set()  # the loop itself holds tasks only weakly


def uninterrupted(
    work: Callable[Given, Coroutine[Any, Any, Result]],
) -> Callable[Given, Coroutine[Any, Any, Result]]:
    """Decorates an async function that reads or writes the database."""

    @functools.wraps(work)
    async def to_the_end(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        task = asyncio.create_task(work(*args, **kwargs))
        _running.add(task)
        task.add_done_callback(_finished)
        return await asyncio.shield(task)

    return to_the_end


def _finished(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled():
        task.exception()  # seen: whoever waited was told, and a listener that left does not care


async def finish() -> None:
    """At the end of a process: wait for what is still running."""
    if _running:
        await asyncio.wait(set(_running), timeout=10)
