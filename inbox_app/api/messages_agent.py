"""The messages of a conversation, as its agents read them."""

from typing import Annotated, Any

from fastapi import Query

from inbox_app.api import shapes
from inbox_app.api.callers import CallingMember
from inbox_app.api.incoming import clean_router
from inbox_app.data import views
from inbox_app.data.views import chats
from inbox_app.domain.people import Member
from inbox_app.domain.replay import must_start_over

router = clean_router(prefix="/api/v1", tags=["agent"])
OptionalSeq = Annotated[int | None, Query(ge=0, le=shapes.SEQ_LIMIT)]


@router.get("/conversations/{conversation_id}/messages")
async def read_messages(
    conversation_id: str, member: CallingMember, after: OptionalSeq = None, before: OptionalSeq = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50, epoch: shapes.Epoch = None,
) -> dict[str, Any]:  # fmt: skip
    """In order of `seq`; what a stream missed is read with `after`.

    `reset`: the database was restored to an earlier point. Forget what you know of this conversation; these are its
    messages from the first one. `epoch`: as in event `ready` of the agent's stream.
    """
    found = await views.messages(member, conversation_id, after=after, before=before, limit=limit)
    is_reset = after is not None and await _is_reset(member, conversation_id, after, epoch)
    if is_reset:
        found = await views.messages(member, conversation_id, after=0, before=before, limit=limit)
    return {"items": [shapes.message(entry) for entry in found if entry.kind == "message"], "reset": is_reset}


async def _is_reset(member: Member, conversation_id: str, after: int, epoch: str | None) -> bool:
    shown = await views.conversation(member, conversation_id)
    is_stored = await chats.is_stored(conversation_id, after)
    return must_start_over(epoch, is_stored=is_stored, current_epoch=shown.epoch)
