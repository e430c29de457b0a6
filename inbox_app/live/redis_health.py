"""Whether Redis answers a part of this process, and what the log says about it."""

import logging
import time
from typing import Final

RETRY_SECONDS: Final = 0.5
WARNING_SECONDS: Final = 60.0
log = logging.getLogger(__name__)


class RedisHealth:
    """What one part, such as rate limits, knows about Redis: the parts have connections of their own.

    `meanwhile`: what the part does without Redis, for the log.
    """

    def __init__(self, part: str, meanwhile: str) -> None:
        self._part, self._meanwhile = part, meanwhile
        self.is_away, self._retry_at, self._warned_at = False, 0.0, -WARNING_SECONDS
        self._is_told = False

    @property
    def is_retry_due(self) -> bool:
        """Whether it's away and has been left alone long enough."""
        return self.is_away and time.monotonic() >= self._retry_at

    def lose(self, error: BaseException) -> None:
        """Redis didn't answer."""
        now = time.monotonic()
        self.is_away, self._retry_at = True, now + RETRY_SECONDS
        if now - self._warned_at >= WARNING_SECONDS:
            self._warned_at, self._is_told = now, True
            log.warning("%s: Redis doesn't answer, %s: %r", self._part, self._meanwhile, error)

    def regain(self) -> None:
        """Redis answered. The log says so where it said that it didn't."""
        if self.is_away and self._is_told:
            log.info("%s: Redis answers", self._part)
        self.is_away = self._is_told = False
