"""Messages of both sides on their way in."""

from typing import Any

from fastapi import Response

from inbox_app import clock
from inbox_app.api import limits, shapes
from inbox_app.api.callers import CallingAgent, CallingDevice
from inbox_app.api.incoming import clean_router
from inbox_app.services import chat, conversations

PATH = "/conversations/{conversation_id}/messages"
of_visitors = clean_router(prefix="/api/v1/visitor", tags=["visitor"])
of_agents = clean_router(prefix="/api/v1", tags=["agent"])


@of_visitors.post(PATH, status_code=201)
async def write_as_visitor(
    conversation_id: str, body: shapes.MessageIn, device: CallingDevice, response: Response
) -> dict[str, Any]:
    """Write. 201 means committed; the same `client_id` again: 200 and the first row."""
    await limits.hit(limits.MESSAGES_PER_VISITOR, "messages", device.id)
    appended = await chat.send(
        conversation_id, client_id=body.client_id, text=body.text, device=device, now=clock.now()
    )
    response.status_code = 201 if appended.is_new else 200
    return shapes.message(appended.message)


@of_agents.post(PATH, status_code=201)
async def write_as_agent(
    conversation_id: str, body: shapes.MessageIn, member: CallingAgent, response: Response
) -> dict[str, Any]:
    """Write. 201 means committed; the same `client_id` again: 200 and the first row."""
    appended = await conversations.send(
        conversation_id, client_id=body.client_id, text=body.text, member=member, now=clock.now()
    )
    response.status_code = 201 if appended.is_new else 200
    return shapes.message(appended.message)
