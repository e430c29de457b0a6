"""SQLite's one write lock, while another process holds it: a command, a backup tool, a database browser.

A transaction waits two seconds for it and then fails, so that a request is answered. Whoever is next in this process
doesn't wait as long again: that would add up with the number of requests.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Final

BUSY_SECONDS: Final = 2
BUSY_MS: Final = BUSY_SECONDS * 1000
BEGIN: Final = "BEGIN IMMEDIATE"
log = logging.getLogger(__name__)


class SqliteLock:
    """When this process last failed to get the lock."""

    def __init__(self) -> None:
        self._failed_at = -float(BUSY_SECONDS)

    def begin(self, execute: Callable[[str], Any], *, patience_ms: int | None = None) -> None:
        """Begin to write. `patience_ms`: instead of the connection's own; it has BUSY_MS again afterwards."""
        if patience_ms is None and time.monotonic() - self._failed_at < BUSY_SECONDS:
            patience_ms = 0
        if patience_ms is None:
            self._begin(execute)
            return
        execute(f"PRAGMA busy_timeout={patience_ms}")
        try:
            self._begin(execute)
        finally:
            execute(f"PRAGMA busy_timeout={BUSY_MS}")

    def _begin(self, execute: Callable[[str], Any]) -> None:
        try:
            execute(BEGIN)
        except Exception as error:
            if is_locked(error) and time.monotonic() - self._failed_at >= BUSY_SECONDS:
                self._failed_at = time.monotonic()
                log.warning("sqlite: another process has had the database locked for %d s", BUSY_SECONDS)
            raise


def is_locked(error: BaseException) -> bool:
    """Whether another process holds the database, rather than something being wrong with it."""
    return "database is locked" in str(error)
