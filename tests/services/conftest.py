"""These tests share one PostgreSQL database, emptied before each, and one Radicale."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from inbox_app.data.engine import unit_of_work
from inbox_app.data.ids import new_id
from inbox_app.data.tables import CalendarShareRow, MeetingRow
from inbox_app.domain.people import Member
from tests.calendar_servers import Radicale, running_radicale
from tests.data.builders import NOW, a_chat, a_uuid
from tests.data.reuse import postgres_url, reused_postgres

__all__ = ["postgres_url", "reused_postgres"]


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """Each test adds calendars of its own names."""
    with running_radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def a_meeting_at() -> Callable[..., Awaitable[str]]:
    """`await a_meeting_at(ana, start, end, sequence=1)`: a booked meeting. Returns its id."""

    async def make(agent: Member, start: datetime, end: datetime, **changes: Any) -> str:
        chat, meeting_id = await a_chat(agent=agent), new_id()
        share = CalendarShareRow(id=new_id(), conversation_id=chat.id, agent_id=agent.id, shared_at=NOW)
        meeting = {
            "id": meeting_id, "uid": f"{meeting_id}@agent-inbox", "share_id": share.id, "conversation_id": chat.id,
            "visitor_id": chat.visitor_id, "agent_id": agent.id, "client_id": a_uuid(), "start_at": start,
            "end_at": end, "status": "scheduled", "visitor_name": "Vera", "visitor_email": "vera@acme.com",
            "created_at": NOW, "changed_at": NOW,
        }  # fmt: skip
        async with unit_of_work() as session:
            session.add(share)
            await session.flush()
            session.add(MeetingRow(**meeting | changes))
        return meeting_id

    return make
