"""The visitor's event stream."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from inbox_app.api import shapes, streams
from inbox_app.api.callers import CallingDevice
from inbox_app.data.views import chats
from inbox_app.domain.conversation import PAST
from inbox_app.domain.errors import InvalidInput, NotFound

router = APIRouter(prefix="/api/v1/visitor", tags=["visitor"])


@router.get("/conversations/{conversation_id}/events", response_model=None)
async def events(
    conversation_id: str, device: CallingDevice, after: Annotated[int | None, Query(ge=0, le=shapes.SEQ_LIMIT)] = None,
    last_event_id: Annotated[str, Header()] = "",
) -> Response:  # fmt: skip
    """Replays what follows `Last-Event-ID` (or `after`), then goes on live. 204 when there is nothing more to come."""
    is_number = last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 10
    if after is None and last_event_id and not is_number:
        raise InvalidInput("Last-Event-ID", "Last-Event-ID is the number of the last event that was received.")
    begin = after if after is not None else int(last_event_id or 0)
    view = await chats.chat(conversation_id, device.id, after=begin)
    if view is None:
        raise NotFound
    if view.state in PAST and not view.entries:
        return Response(status_code=204)
    return streams.response(streams.ChatStream(conversation_id, device.id, begin).events())
