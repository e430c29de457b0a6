"""`domain.leases.holds` as SQL."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from inbox_app.domain.leases import latest_end


def held(until: Any, *, now: datetime, length: timedelta) -> ColumnElement[bool]:
    """Whether a lease in this column is in force; never null."""
    return and_(col(until).is_not(None), col(until) > now, col(until) <= latest_end(now, length))
