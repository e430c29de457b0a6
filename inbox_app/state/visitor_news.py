"""What an open page follows about a visitor, until the record is merged into another."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

from inbox_app import live
from inbox_app.domain.errors import NotFound

Read = TypeVar("Read")


async def while_known(visitor_id: str, read: Callable[[], Awaitable[Read]]) -> AsyncGenerator[Read, None]:
    """What `read` returns now, and again after each change of the visitor.

    Ends when there is no such record any more: it was merged, and the thread's own listener then shows the other one.
    """
    async with live.subscribe(live.topics.visitor(visitor_id)) as changes:
        async for _ in changes.bursts():
            try:
                found = await read()
            except NotFound:
                return
            yield found
