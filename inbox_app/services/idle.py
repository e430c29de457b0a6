"""A chat in which nobody writes ends by itself, with a warning before (PRODUCT 3.6)."""

from datetime import datetime, timedelta

from inbox_app import live
from inbox_app.data import conversations, rule_settings, tasks
from inbox_app.data.instants import iso
from inbox_app.domain.conversation import EndReason, State
from inbox_app.domain.idle import warned_end, warning_time
from inbox_app.services import routing
from inbox_app.services.conversations import end_in
from inbox_app.services.offers import IDLE
from inbox_app.services.use_case import UseCase


async def look(case: UseCase, conversation_id: str, *, now: datetime) -> None:
    """Warn, end, or look again when it would be time: a message only moves the time, it touches no task."""
    row = await conversations.row_of(case.session, conversation_id)
    if row is None or row.state != State.ACTIVE:
        return
    idle = timedelta(minutes=(await rule_settings.load(case.session)).idle_minutes)
    ends_at = row.activity_at + idle
    if now < ends_at - warning_time(idle):
        await tasks.plan(case.session, IDLE, conversation_id, due_at=ends_at - warning_time(idle))
    elif now < ends_at or warned_end(row.activity_at, row.idle_warned_at, idle) is None:
        await _warn(case, conversation_id, row.agent_id, max(ends_at, now + warning_time(idle)))
        row.idle_warned_at = now
    else:
        conversation = await conversations.get(case.session, conversation_id)
        if conversation is not None:
            await end_in(case, conversation, reason=EndReason.IDLE, now=now)
            await routing.offer_waiting_in(case, now=now)


async def _warn(case: UseCase, conversation_id: str, agent_id: str | None, ends_at: datetime) -> None:
    """Nobody loses a chat unwarned, also when the server was away at the time of the warning."""
    await tasks.plan(case.session, IDLE, conversation_id, due_at=ends_at)
    topics = [live.topics.conversation(conversation_id)] + ([live.topics.agent(agent_id)] if agent_id else [])
    for topic in topics:
        case.tell(topic, "idle", conversation_id=conversation_id, ends_at=iso(ends_at))
