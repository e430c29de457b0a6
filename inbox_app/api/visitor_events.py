"""The visitor's event stream."""

from typing import Annotated, Final

from fastapi import Header, Query, Response

from inbox_app.api import shapes, streams
from inbox_app.api.callers import CallingDevice
from inbox_app.api.incoming import clean_router
from inbox_app.domain.errors import InvalidInput

MOST_DIGITS: Final = len(str(shapes.SEQ_LIMIT))
router = clean_router(prefix="/api/v1/visitor", tags=["visitor"])


@router.get("/conversations/{conversation_id}/events", response_model=None)
async def events(
    conversation_id: str, device: CallingDevice, after: Annotated[int | None, Query(ge=0, le=shapes.SEQ_LIMIT)] = None,
    epoch: shapes.Epoch = None, last_event_id: Annotated[str, Header()] = "",
) -> Response:  # fmt: skip
    """Replay what follows `Last-Event-ID` (or `after`), then stream live. 204 when nothing more will come.

    Event `reset {epoch}`: the database was restored to an earlier point. Forget what you know of this conversation;
    everything follows. Send `epoch` with each later request, so that you hear of the next restore in any case.
    """
    is_number = last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) <= MOST_DIGITS
    if after is None and last_event_id and not (is_number and int(last_event_id) <= shapes.SEQ_LIMIT):
        raise InvalidInput("Last-Event-ID", "Last-Event-ID is the number of the last event that was received.")
    begin = after if after is not None else int(last_event_id or 0)
    return streams.Opening(streams.ChatStream(conversation_id, device.id, begin, epoch).opened())
