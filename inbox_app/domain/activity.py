"""The activity history of a visitor, PRODUCT 1.6."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SHOWN_FOR: Final = timedelta(days=90)
FROM_CRM_AT_MOST: Final = 25


class ActivityType(StrEnum):
    """What can stand in the history; the last three come from the CRM."""

    VISITED_PAGE = "visited_page"
    REQUESTED_LIVE_CHAT = "requested_live_chat"
    ENGAGED_WITH_AGENT = "engaged_with_agent"
    MISSED_CHAT = "missed_chat"
    SCHEDULED_MEETING = "scheduled_meeting"
    RESCHEDULED_MEETING = "rescheduled_meeting"
    CANCELLED_MEETING = "cancelled_meeting"
    FILLED_OUT_FORM = "filled_out_form"
    OPENED_EMAIL = "opened_email"
    INTERESTING_MOMENT = "interesting_moment"


FROM_CRM: Final = frozenset({ActivityType.FILLED_OUT_FORM, ActivityType.OPENED_EMAIL, ActivityType.INTERESTING_MOMENT})


def shown_since(now: datetime) -> datetime:
    """The oldest instant that is still shown: 90 days before `now`."""
    return now - SHOWN_FOR
