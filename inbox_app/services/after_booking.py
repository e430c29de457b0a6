"""What follows a step of a meeting (PRODUCT 4.4): mails to both, the event in the agent's calendars.

Planned in the transaction of the step, done by `services/outbox.py` until it is done.
"""

from datetime import datetime
from typing import Final

from inbox_app.data import outbox
from inbox_app.data.tables import MeetingRow
from inbox_app.services.use_case import UseCase

VISITOR_MAIL: Final = "mail.visitor"
AGENT_MAIL: Final = "mail.agent"
CALENDAR: Final = "calendar"
MAILS: Final = (VISITOR_MAIL, AGENT_MAIL)


async def plan(case: UseCase, meeting: MeetingRow, *, now: datetime) -> None:
    """After it was booked, moved or cancelled: `sequence` and `status` say which version this is."""
    for kind in (VISITOR_MAIL, AGENT_MAIL, CALENDAR):
        await outbox.plan(
            case.session, kind=kind, key=f"{kind}:{meeting.id}:{meeting.sequence}", subject_id=meeting.id,
            payload={"sequence": meeting.sequence, "status": meeting.status}, now=now,
        )  # fmt: skip
