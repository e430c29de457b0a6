"""Work that runs as long as the process, or as long as a socket."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

PAUSE_SECONDS: Final = 2.0
log = logging.getLogger(__name__)


async def keep_running(name: str, work: Callable[[], Awaitable[None]], *, pause: float = PAUSE_SECONDS) -> None:
    """Do it until it returns or is cancelled; after an error, log it and begin again after a pause.

    A task that ended with an error would be missing without a word for the rest of the process.
    """
    while True:
        try:
            await work()
        except Exception:
            log.exception("%s failed unexpectedly and starts again in %s s", name, pause)
            await asyncio.sleep(pause)
        else:
            return
