"""The one place that knows what time it is. The domain gets `now` as an argument and never asks."""

from datetime import UTC, datetime, timedelta

from inbox_app.settings import get_settings


def now() -> datetime:
    """The present instant, aware and in UTC, moved by `INBOX_CLOCK_OFFSET` (tests only)."""
    return datetime.now(UTC) + timedelta(seconds=get_settings().clock_offset)
