"""Runs the scripted visitors beside the server.

In a thread of the parent process: so they are there once, whatever the server's workers do, and are gone with it.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inbox_app.demo.visitor.crowd import Crowd

END_SECONDS: Final = 2
AGAIN_SECONDS: Final = 5
log = logging.getLogger(__name__)


@contextlib.contextmanager
def visitors_beside(url: str, memory: Path, *, speed: float = 1.0) -> Iterator[None]:
    """Scripted visitors come to `url` while the block runs; `memory`: the file that tells a restart who was there."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(_run(url, memory, speed))
    thread = threading.Thread(target=_until_cancelled, args=(loop, task), name="scripted-visitors", daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(END_SECONDS)


def _until_cancelled(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()


async def _run(url: str, memory: Path, speed: float) -> None:
    """A visitor's mistake must not take the demo along: it is told, and the crowd begins again."""
    while True:
        try:
            await Crowd(url, memory, speed=speed).run()
        except Exception:
            log.exception("the scripted visitors stumbled and begin again")
            await asyncio.sleep(AGAIN_SECONDS)
