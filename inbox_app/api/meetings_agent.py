"""The agent API of shared calendars and meetings (PRODUCT 1.7, 4.5)."""

from typing import Annotated, Any

from fastapi import Query

from inbox_app import clock
from inbox_app.api import shapes
from inbox_app.api.callers import CallingAgent, CallingMember
from inbox_app.api.incoming import clean_router
from inbox_app.data import views
from inbox_app.data.views.meetings import shared_calendar
from inbox_app.services import bookings, shares

router = clean_router(prefix="/api/v1", tags=["meetings"])


@router.get("/agents")
async def agents(member: CallingMember) -> dict[str, Any]:
    """Whose calendars can be shared: one's own first. `why_not`: a sentence; `next_slot`: the first free time."""
    found = await views.shareable(member, now=clock.now())
    return {
        "items": [
            {
                "id": one.id, "name": one.name, "is_me": one.is_me, "is_bookable": one.is_bookable,
                "why_not": one.why_not or None, "next_slot": one.next_slot or None,
            }
            for one in found
        ]
    }  # fmt: skip


@router.post("/conversations/{conversation_id}/calendar-shares", status_code=201)
async def share(conversation_id: str, body: shapes.ShareIn, member: CallingAgent) -> dict[str, Any]:
    """Put a calendar into one's own active conversation. 409 `not_bookable` says why it can't be."""
    share_id = await shares.share(conversation_id, body.agent_id, member=member, now=clock.now())
    shared = await shared_calendar(share_id, now=clock.now())
    return {
        "id": shared.id, "conversation_id": shared.conversation_id, "withdrawn": shared.withdrawn,
        "agent": {"id": shared.agent_id, "name": shared.agent_name},
    }  # fmt: skip


@router.delete("/calendar-shares/{share_id}", status_code=204)
async def withdraw(share_id: str, member: CallingAgent) -> None:
    """Take it back; a meeting that was booked by it stays."""
    await shares.withdraw(share_id, member=member, now=clock.now())


@router.get("/meetings")
async def read_meetings(
    member: CallingMember, status: str = "", agent: str = "", before: str = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 50,
) -> dict[str, Any]:  # fmt: skip
    """One's own; for managers and admins all. `status`: upcoming, scheduled, rescheduled, cancelled or passed."""
    page = await views.meetings(member, now=clock.now(), status=status, agent=agent, before=before, limit=limit)
    return {"items": [vars(meeting) for meeting in page.items], "next": page.next or None}


@router.post("/meetings/{meeting_id}/cancel", status_code=204)
async def cancel(meeting_id: str, member: CallingAgent) -> None:
    """By its agent. Cancelled already: nothing happens."""
    await bookings.cancel(meeting_id, by=member, now=clock.now())
