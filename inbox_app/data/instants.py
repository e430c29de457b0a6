"""Instants as text: ISO 8601 in UTC with `Z` and milliseconds, the one form that leaves the server."""

from datetime import UTC, datetime


def iso(at: datetime | None) -> str:
    """Empty text for None."""
    if at is None:
        return ""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
