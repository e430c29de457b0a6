"""What admins read: as `data/models.py`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AuditView:
    """A line of the audit log. `actor` empty: nobody signed in. `subject`: a name where one is known."""

    id: int
    at: str
    actor: str
    action: str
    subject: str
    details: str


@dataclass(frozen=True)
class DeliveryView:
    """Something that did not go out. `state`: failed, pending (again at `next_at`) or busy; `problem`: a code.

    `detail`: what the other side said. `meets_at`: when the meeting begins that it is about.
    """

    id: int
    kind: str
    state: str
    tries: int
    problem: str
    detail: str
    next_at: str
    planned_at: str
    visitor: str
    agent: str
    meets_at: str
    conversation_id: str
