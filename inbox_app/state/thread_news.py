"""What a burst of events of the hub means for an opened conversation."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from inbox_app import clock, live
from inbox_app.data.models import MessageView
from inbox_app.live import Event
from inbox_app.state.timeline import message_of

ENTRIES: Final = frozenset({"message", "state", "calendar_share", "meeting"})
HEAD: Final = frozenset({"state", "conversation", "score", "visitor", "changed"})


@dataclass(frozen=True)
class News:
    """`vars`: what changes beside the log. `is_lost`: read everything again. `has_head`: the header changed."""

    entries: list[MessageView] = field(default_factory=list)
    vars: dict[str, Any] = field(default_factory=dict)
    is_lost: bool = False
    has_head: bool = False


def read_news(events: Sequence[Event]) -> News:
    """In the order of the events; the first burst of a subscription is empty and means: read."""
    kinds = {event.kind for event in events}
    changes: dict[str, Any] = {}
    for event in events:
        changes |= _vars(event)
    return News(
        entries=[message_of(event.data) for event in events if event.kind in ENTRIES],
        vars=changes,
        is_lost=not events or live.RESYNC in kinds,
        has_head=not kinds.isdisjoint(HEAD),
    )


def _vars(event: Event) -> dict[str, Any]:
    if event.kind == "idle":
        return {"idle_ends_at": event.data["ends_at"], "told_at": clock.now().isoformat()}
    if event.kind in ENTRIES:
        is_heard = event.kind == "state" or event.data.get("sender") == "visitor"
        return {"idle_ends_at": "", **({"is_typing": False} if is_heard else {})}
    by_visitor = event.data.get("by") == "visitor"
    if event.kind == "seen" and by_visitor:
        return {"seen_by_visitor": event.data["seq"]}
    if event.kind == "presence":
        return {"is_online": event.data["is_online"]}
    if event.kind == "typing" and by_visitor:
        return {"is_typing": event.data["active"], "beat": time.monotonic_ns() // 1_000_000}
    return {}
