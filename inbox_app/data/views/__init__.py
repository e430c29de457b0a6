"""What screens and the API read, one module a screen.

Every function is told who is asking and answers only what that member may see.
"""

from inbox_app.data.views.audit import audit
from inbox_app.data.views.conversations import (
    conversation,
    conversation_row,
    conversation_rows,
    messages,
    unread_total,
)
from inbox_app.data.views.history import history, transcript
from inbox_app.data.views.missed import missed, unclaimed
from inbox_app.data.views.people import agent, agents, pending_offers
from inbox_app.data.views.visitors import activities, visitor

__all__ = [
    "activities", "agent", "agents", "audit", "conversation", "conversation_row", "conversation_rows", "history",
    "messages", "missed", "pending_offers", "transcript", "unclaimed", "unread_total", "visitor",
]  # fmt: skip
