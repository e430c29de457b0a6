"""Warn when several servers share a database without Redis: none then hears of the others' chats."""

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from inbox_app.data import presence
from inbox_app.settings import get_settings

WARN_SECONDS: Final = 3600
log = logging.getLogger(__name__)


class OtherServers:
    """What one server saw of the others' leases at its last look."""

    def __init__(self) -> None:
        self._seen: Mapping[str, datetime] = {}
        self._warned_at: float | None = None

    def to_warn_of(self, renewals: Mapping[str, datetime], *, at: float) -> int:
        """How many others renewed since the last look; 0 if a warning was due in the past hour (`at`: monotonic).

        A lease that a restart or a crash left behind isn't renewed. The clocks of other machines don't matter.
        """
        renewed = [known for known in renewals.keys() & self._seen.keys() if renewals[known] != self._seen[known]]
        self._seen = renewals
        if not renewed or (self._warned_at is not None and at - self._warned_at < WARN_SECONDS):
            return 0
        self._warned_at = at
        return len(renewed)


_others: Final = OtherServers()


async def look(session: AsyncSession, process_id: str, others: OtherServers = _others) -> None:
    """With each renewal of this process's lease, and before dead ones are removed."""
    if get_settings().redis_url is not None:
        return
    renewals = await presence.renewals(session)
    renewals.pop(process_id, None)
    if count := others.to_warn_of(renewals, at=time.monotonic()):
        log.warning(
            "%d other server process(es) use this database, but INBOX_REDIS_URL isn't set, so none hears of the "
            "others' chats until it reads the database again. Set INBOX_REDIS_URL for all, or stop all but one.", count,
        )  # fmt: skip
