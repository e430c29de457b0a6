"""Fills a database with the demo, once; never one that is in use."""

from datetime import datetime

from inbox_app.data import demo
from inbox_app.data.engine import unit_of_work
from inbox_app.demo.past import invent
from inbox_app.demo.people import PASSWORD
from inbox_app.domain.errors import Conflict
from inbox_app.services import sign_in
from inbox_app.services.demo_mark import is_demo_database, mark_as_demo


class NotADemo(Conflict):
    """The database holds people or conversations of somebody."""

    def __init__(self) -> None:
        super().__init__(
            "This database is in use and not a demo: nothing was changed. Set INBOX_DATABASE_URL or INBOX_DATA_DIR "
            "to a place of its own for the demo."
        )


async def refuse_foreign() -> None:
    """Raises NotADemo for a database that is in use; asked before anything is changed, also before it is migrated."""
    if await demo.has_tables() and not await is_demo_database() and await demo.is_anyone_here():
        raise NotADemo


async def ensure_filled(*, now: datetime) -> bool:
    """Make a migrated database a demo unless it is one. Whether it was filled now. Raises NotADemo.

    The mark comes first and the rest in one transaction, so that a crash in between leaves nothing that production
    would serve, and the next start goes on.
    """
    await refuse_foreign()
    await mark_as_demo()
    if await demo.has_members():
        return False
    await _fill(now)
    return True


async def _fill(now: datetime) -> None:
    past = invent(password_hash=sign_in.hash_password(PASSWORD), now=now)
    async with unit_of_work() as session:
        for rows in (
            past.members, past.visitors, past.devices, past.conversations, past.entries, past.offers, past.shares,
            past.meetings, past.activities, past.offline_messages, past.audits,
        ):  # fmt: skip
            await demo.insert_all(session, rows)
