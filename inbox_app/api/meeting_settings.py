"""The agent's own meeting settings."""

from typing import Any

from inbox_app import clock
from inbox_app.api.bodies import MeetingSettingsIn
from inbox_app.api.callers import CallingAgent
from inbox_app.api.incoming import clean_router
from inbox_app.services import meeting_settings

router = clean_router(prefix="/api/v1", tags=["agent"])


@router.get("/agent/meeting-settings")
async def read_meeting_settings(member: CallingAgent) -> dict[str, Any]:
    """When and how the agent can be met."""
    return await meeting_settings.of(member)


@router.put("/agent/meeting-settings")
async def set_meeting_settings(body: MeetingSettingsIn, member: CallingAgent) -> dict[str, Any]:
    """Replace them; what is left out becomes the default. 422 names the field."""
    return await meeting_settings.store(body.given(), member=member, now=clock.now())
