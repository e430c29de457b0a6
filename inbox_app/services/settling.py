"""After a start the pages of before come back within seconds: until then nobody counts as gone or as not coming."""

import asyncio
import time
from typing import Final

RETURN_SECONDS: Final = 5
_settled_at = 0.0  # by the monotonic clock; a process that does not serve is always settled


def begin() -> None:
    """The process starts to serve."""
    global _settled_at
    _settled_at = time.monotonic() + RETURN_SECONDS


def is_over() -> bool:
    """Whether who is absent now is really absent."""
    return time.monotonic() >= _settled_at


async def over() -> None:
    """Wait for it."""
    await asyncio.sleep(max(0.0, _settled_at - time.monotonic()))
