"""What admins read: as `data/models.py`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AuditValueView:
    """One value of a detail. `kind`: `text`, `time` (ISO 8601), or what it is a code of, such as `role`."""

    kind: str
    text: str


@dataclass(frozen=True)
class AuditDetailView:
    """What was noted. `key`: a code that has a label, or empty. `is_change`: the parts are before and after."""

    key: str
    parts: list[AuditValueView]
    is_change: bool = False


@dataclass(frozen=True)
class AuditView:
    """A line of the audit log. `actor` empty: nobody signed in. `subject`: a name, or the key of a changed setting."""

    id: int
    at: str
    actor: str
    action: str
    subject: str
    details: list[AuditDetailView]


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
