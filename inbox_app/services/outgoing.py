"""What `services/outbox.py` hands to whoever does a kind of work outside, and how that answers.

A handler returns when it is done. It may take HANDLE_SECONDS at most, and may be called again for what it has done: a
process can die between the deed and its note.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from inbox_app.domain.text import told

HANDLE_SECONDS: Final = 60


@dataclass(frozen=True)
class Errand:
    """`key`: what it is, however often it is tried; `subject_id`: of the meeting; `payload`: as it was planned."""

    key: str
    kind: str
    subject_id: str
    payload: Mapping[str, Any]
    tries: int


class Handler(Protocol):
    def __call__(self, errand: Errand, *, now: datetime) -> Awaitable[None]: ...


class Unfinished(Exception):
    """It was not done. `problem`: a code that components/admin/deliveries.py has words for.

    `detail`: what the other side said, cleaned here: a text that can't be stored would keep the row from being settled.
    """

    def __init__(self, problem: str, detail: str = "") -> None:
        self.problem, self.detail = problem, told(detail)
        super().__init__(f"{problem}: {self.detail}" if self.detail else problem)

    @property
    def noted(self) -> str:
        """As it is stored: the code, and in the next line what they said."""
        return f"{self.problem}\n{self.detail[:500]}" if self.detail else self.problem


class NotNow(Unfinished):
    """It may work later: it is tried again, up to a day."""


class Never(Unfinished):
    """It will not work by itself: an admin sees it and can have it tried again."""


class NotNeeded(Unfinished):
    """There is nothing to do any more: the meeting has passed, a newer version is on its way."""
