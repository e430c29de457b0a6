"""The shape of every use case: a transaction, and news that go out only when it is committed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from inbox_app import live
from inbox_app.data.engine import unit_of_work
from inbox_app.data.models import MessageView
from inbox_app.data.tables import AuditRow
from inbox_app.live import outside
from inbox_app.services import left_news


@dataclass
class UseCase:
    """A transaction and the news to publish after it."""

    session: AsyncSession
    news: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def tell(self, topic: str, kind: str, /, **data: Any) -> None:
        """Publish this after the commit."""
        self.news.append((topic, kind, data))

    def tell_entry(self, conversation_id: str, agent_id: str | None, entry: MessageView) -> None:
        """An entry that both sides see: to the open chat and to its agent's list."""
        for topic in topics_of(conversation_id, agent_id):
            self.tell(topic, entry.kind, **entry_data(conversation_id, entry))

    def audit(self, action: str, *, by: str | None, now: datetime, subject: str = "", **details: Any) -> None:
        """PRODUCT 5.6: who did what, in the same transaction as the deed."""
        self.session.add(AuditRow(at=now, actor_id=by, action=action, subject=subject, details=details))


def topics_of(conversation_id: str, agent_id: str | None) -> list[str]:
    """Who hears of a conversation: whoever has it open, and its agent's list."""
    topics = [live.topics.conversation(conversation_id)]
    return [*topics, live.topics.agent(agent_id)] if agent_id else topics


def entry_data(conversation_id: str, entry: MessageView) -> dict[str, Any]:
    """An entry as it travels on the hub. Not `asdict`: its deep copy costs more than storing the message."""
    return {**vars(entry), "conversation_id": conversation_id}


@asynccontextmanager
async def use_case() -> AsyncIterator[UseCase]:
    """Commit at the end, then publish; an error publishes nothing. A command leaves its news to the servers."""
    async with unit_of_work() as session:
        case = UseCase(session)
        yield case
        if case.news and outside.is_command():
            await left_news.leave(session, case.news)
    for topic, kind, data in case.news:
        await live.publish([topic], kind, data)
