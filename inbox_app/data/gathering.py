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
            async with self._turn():
                batch, self._waiting = self._waiting, []
                batch = [(item, asked) for item, asked in batch if not asked.done()]  # whoever left is not served
                if not batch:
                    continue
                answers: Sequence[Answer | Exception]
                try:
                    answers = await self._act([item for item, _ in batch])
                except Exception as error:
                    answers = [error] * len(batch)
            for (_, asked), answer in zip(batch, answers, strict=True):
                if asked.done():
                    continue
                if isinstance(answer, Exception):
                    asked.set_exception(answer)
                else:
                    asked.set_result(answer)
