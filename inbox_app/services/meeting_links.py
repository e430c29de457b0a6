"""The link in a visitor's mail by which a meeting is moved or cancelled: signed, and void when the meeting is over."""

from datetime import datetime
from typing import Final

from inbox_app import sealing
from inbox_app.data.models_meetings import MeetingView
from inbox_app.data.views.meetings import visitors_meeting
from inbox_app.domain.errors import NotFound
from inbox_app.sealing import SealBroken

PURPOSE: Final = "meeting-link"
LONGEST: Final = 400
"""Characters of a token that are looked at: a longer text is none."""


def token_of(meeting_id: str, *, now: datetime) -> str:
    """For the visitor alone: whoever has it may move and cancel. Safe in a URL."""
    return sealing.seal(meeting_id, purpose=PURPOSE, now=now)


async def meeting_of(token: str, *, now: datetime) -> MeetingView:
    """The meeting, also a cancelled one, until its end. Raises NotFound with a sentence for every other token."""
    try:
        meeting_id = sealing.unseal(token[:LONGEST], purpose=PURPOSE, now=now)
        meeting = await visitors_meeting(meeting_id, now=now)
    except (SealBroken, NotFound):
        raise NotFound("This link doesn’t work. Open it from the invitation email again.") from None
    if datetime.fromisoformat(meeting.end) <= now:
        raise NotFound("This meeting is over, and its link with it.")
    return meeting
