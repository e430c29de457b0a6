"""Many who want the same at the same moment are served together: what comes while one round runs waits for the next.

A thousand browsers that come back after a restart are a few transactions then, not a thousand.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Gathering(Generic[Item, Answer]):
    """`act(items)` answers each of them, in their order; an exception as an answer is raised where it was asked."""

    def __init__(
        self,
        act: Callable[[list[Item]], Awaitable[Sequence[Answer | Exception]]],
        turn: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        """`turn`: what a round waits for before it looks who is there."""
        self._act, self._turn = act, turn
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._rounds: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Answer:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        if self._rounds is not None and self._rounds.get_loop() is not loop:  # one that ended in the middle of a round
            self._rounds, self._waiting = None, []
        self._waiting.append((item, answer))
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._run())
        return await answer

    async def close(self) -> None:
        """Wait for whoever waits."""
        if self._rounds is not None:
            await asyncio.wait([self._rounds])

    async def _run(self) -> None:
        while self._waiting:
            batch: list[tuple[Item, asyncio.Future[Answer]]] = []
            try:
                async with self._turn():
                    batch = self._next_batch()
                    answers = await self._act([item for item, _ in batch]) if batch else []
                for (_, asked), answer in list(zip(batch, answers, strict=True)):  # all of them or none
                    _give(asked, answer)
            except asyncio.CancelledError:
                for _, asked in batch + self._next_batch():
                    asked.cancel()
                raise
            except Exception as error:  # also of the turn, before or after the round
                for _, asked in batch or self._next_batch():
                    _give(asked, error)

    def _next_batch(self) -> list[tuple[Item, asyncio.Future[Answer]]]:
        """Take everyone who still waits: whoever left isn't served."""
        waiting, self._waiting = self._waiting, []
        return [(item, asked) for item, asked in waiting if not asked.done()]


def _give(asked: asyncio.Future[Answer], answer: Answer | Exception) -> None:
    if asked.done():
        return
    if isinstance(answer, Exception):
        asked.set_exception(answer)
    else:
        asked.set_result(answer)
