"""A chat in which nobody writes ends by itself, and is warned before (PRODUCT 3.6)."""

from datetime import datetime, timedelta


def warning_time(idle: timedelta) -> timedelta:
    """How long before the end: one minute, or half of the time where that is all there is."""
    return min(timedelta(minutes=1), idle / 2)


def warned_end(activity_at: datetime, warned_at: datetime | None, idle: timedelta) -> datetime | None:
    """When a chat that was warned ends; None when it was not, or somebody has written since.

    Warned late, because the server was away: the warning still has its full length.
    """
    if warned_at is None or warned_at < activity_at:
        return None
    return max(activity_at + idle, warned_at + warning_time(idle))
