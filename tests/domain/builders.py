"""Values of the domain, each with sensible defaults: `a_conversation(state=State.ENDED)`."""

from datetime import UTC, datetime, timedelta
from typing import Any

from inbox_app.domain.conversation import OPEN, Conversation, State
from inbox_app.domain.people import Member, Role
from inbox_app.domain.routing import Candidate

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def a_conversation(**changes: Any) -> Conversation:
    """Waiting, unless said otherwise; what a state brings with it is filled in."""
    state = changes.get("state", State.WAITING)
    fitting: dict[str, Any] = {}
    if state in {State.ACTIVE, State.ENDED}:
        fitting |= {"agent_id": "ana", "accepted_at": NOW - timedelta(minutes=5)}
    if state not in OPEN:
        fitting |= {"ended_at": NOW}
    defaults = {"id": "c1", "visitor_id": "v1", "state": state, "requested_at": NOW - timedelta(minutes=6)}
    return Conversation(**defaults | fitting | changes)


def a_member(**changes: Any) -> Member:
    """An agent called Ana, unless said otherwise; managers and admins take no chats by default."""
    role = Role(changes.get("role", Role.AGENT))
    defaults: dict[str, Any] = {
        "id": "ana", "email": "ana@example.com", "name": "Ana", "role": role, "takes_chats": role is Role.AGENT,
        "time_zone": "UTC", "language": None, "capacity": None, "override": None, "is_disabled": False,
    }  # fmt: skip
    return Member(**defaults | changes | {"role": role})


def a_candidate(agent_id: str = "ana", **changes: Any) -> Candidate:
    """Available, present, with room."""
    defaults: dict[str, Any] = {
        "agent_id": agent_id, "name": agent_id.title(), "is_available": True, "is_present": True, "load": 0,
        "capacity": 5, "turn": 0,
    }  # fmt: skip
    return Candidate(**defaults | changes)
