"""Letting go of what is old, and taking along what is kept. Both are the operator's, and both are in the audit log."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final

from inbox_app import live
from inbox_app.data import keeping
from inbox_app.data.keeping import Old
from inbox_app.services.use_case import use_case

BATCH: Final = 200
"""Conversations a transaction: agents can go on writing meanwhile."""
PAGE: Final = 200


async def old(before: datetime) -> Old:
    """How much `prune` would delete."""
    return await keeping.count_old(before)


async def prune(before: datetime, *, now: datetime) -> Old:
    """Delete past conversations whose last activity is before that instant, and activities as old. Never open ones.

    In batches: interrupted, it has done a part and can be called again. People and visitors' records stay.
    """
    conversations = activities = 0
    while True:
        async with use_case() as case:
            done = await keeping.delete_conversations(case.session, before, limit=BATCH)
        conversations, activities = conversations + done.conversations, activities + done.activities
        if done.conversations < BATCH:
            break
    while True:
        async with use_case() as case:
            count = await keeping.delete_activities(case.session, before, limit=5 * BATCH)
        activities += count
        if count < 5 * BATCH:
            break
    async with use_case() as case:
        case.audit(
            "conversations.pruned", by=None, now=now, before=before.isoformat(), conversations=conversations,
            activities=activities,
        )  # fmt: skip
        case.tell(live.topics.past(), live.RESYNC)
    return Old(conversations, activities)


async def export(*, now: datetime) -> AsyncIterator[dict[str, Any]]:
    """All past conversations with their entries, oldest first, a page at a time."""
    async with use_case() as case:
        case.audit("conversations.exported", by=None, now=now)
    after = None
    while True:
        page, after = await keeping.past_page(after, limit=PAGE)
        for conversation in page:
            yield conversation
        if after is None:
            return
