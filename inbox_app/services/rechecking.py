"""Ends pages and streams whose session has ended: a lost event keeps none open for longer than half a minute.

All sessions and conversations that a process has listeners for are asked about together, in a few statements, however
many streams there are.
"""

import asyncio
import logging
from typing import Final

from inbox_app import clock, live
from inbox_app.data import conversations, sign_ins
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.services import sign_in

EVERY_SECONDS: Final = 25
log = logging.getLogger(__name__)


async def run_forever() -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await recheck()
        except DatabaseUnavailable:
            log.warning("rechecking: the database does not answer, trying again")


@uninterrupted
async def recheck() -> None:
    """Tell listeners of ended sessions that they're signed out, and those of removed conversations to read again."""
    for sign_in_id in await sign_ins.ended(_listened_to(live.topics.sign_in("")), now=clock.now()):
        sign_in.forget(sign_in_id)
        live.hub.deliver(live.topics.sign_in(sign_in_id), live.Event("signed_out"))
    removed = await conversations.removed(_listened_to(live.topics.conversation("")))
    live.hub.resync(map(live.topics.conversation, removed))


def _listened_to(prefix: str) -> set[str]:
    return {topic.removeprefix(prefix) for topic in live.hub.topics if topic.startswith(prefix)}
