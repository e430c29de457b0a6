"""News of a command beside the servers, on their way to the pages that the servers hold (see `live/outside.py`)."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from inbox_app.data import presence, tasks

if TYPE_CHECKING:
    from inbox_app.services.use_case import UseCase

NEWS: Final = "news"
AT_ONCE: Final = datetime(2000, 1, 1, tzinfo=UTC)
News = tuple[str, str, dict[str, Any]]


async def leave(session: AsyncSession, news: list[News]) -> None:
    """Leave them for the next server that looks, whatever time it is there: the clocks of two machines may differ.

    Without a server there are no listeners.
    """
    if await presence.is_any_server_known(session):
        await tasks.leave(session, NEWS, news, due_at=AT_ONCE)


async def publish(case: "UseCase", subject_id: str, *, now: datetime) -> None:  # noqa: ARG001  (every task has it)
    """A task of the sweeper. Publishing reaches the other servers through Redis."""
    for topic, kind, data in await tasks.left(case.session, NEWS, subject_id):
        case.tell(topic, kind, **data)
