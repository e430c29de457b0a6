"""What screens and the API read, one module a screen.

Every function is told who is asking and answers only what that member may see.
"""

from inbox_app.data.epoch import epoch
from inbox_app.data.views.audit import audit
from inbox_app.data.views.calendars import broken_calendars, calendar_health, calendars
from inbox_app.data.views.conversations import (
    conversation,
    conversation_row,
    conversation_rows,
    messages,
    unread_total,
)
from inbox_app.data.views.deliveries import deliveries, failed_deliveries
from inbox_app.data.views.history import history, transcript, transcript_for_mail
from inbox_app.data.views.meetings import meetings, shareable
from inbox_app.data.views.missed import missed, unclaimed
from inbox_app.data.views.people import agent, agents, pending_offers
from inbox_app.data.views.visitors import activities, visitor

__all__ = [
    "activities", "agent", "agents", "audit", "broken_calendars", "calendar_health", "calendars",
    "conversation", "conversation_row", "conversation_rows", "deliveries", "epoch", "failed_deliveries", "history",
    "meetings", "messages", "missed", "pending_offers", "shareable", "transcript", "transcript_for_mail", "unclaimed",
    "unread_total", "visitor",
]  # fmt: skip
