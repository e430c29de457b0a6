"""The visitor API of shared calendars and meetings: by the visitor's token, or by the link of the mail alone."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Request, Response

from inbox_app import clock
from inbox_app.api import limits, shapes
from inbox_app.api.callers import CallingDevice
from inbox_app.api.incoming import clean_router
from inbox_app.data.models_meetings import MeetingView, SlotsView
from inbox_app.data.views.meetings import shared_calendar
from inbox_app.services import bookings, meeting_links

router = clean_router(prefix="/api/v1/visitor", tags=["visitor meetings"])
From = Annotated[date | None, Query(alias="from")]
To = Annotated[date | None, Query(alias="to")]


def _meeting(view: MeetingView) -> dict[str, Any]:
    """A meeting as its visitor reads it."""
    return {
        "id": view.id, "share_id": view.share_id, "agent": {"id": view.agent_id, "name": view.agent_name},
        "start": view.start, "end": view.end, "status": view.status, "time_zone": view.time_zone,
        "visitor": {"name": view.visitor_name, "email": view.visitor_email}, "video_link": view.video_link or None,
        "can_change": view.can_change,
    }  # fmt: skip


def _with_token(view: MeetingView) -> dict[str, Any]:
    """Also with the token of its link, for its visitor alone."""
    return _meeting(view) | {"token": meeting_links.token_of(view.id, now=clock.now())}


def _slots(view: SlotsView) -> dict[str, Any]:
    return vars(view) | {"next_slot": view.next_slot or None, "why_not": view.why_not or None}


@router.get("/calendar-shares/{share_id}")
async def read_share(share_id: str, device: CallingDevice) -> dict[str, Any]:
    """A calendar that was shared with this visitor, and the meeting that was booked by it, if it is still to come."""
    view = await shared_calendar(share_id, device_id=device.id, now=clock.now())
    return {
        "id": view.id, "conversation_id": view.conversation_id, "withdrawn": view.withdrawn,
        "agent": {"id": view.agent_id, "name": view.agent_name}, "why_not": view.why_not or None,
        "time_zone": view.time_zone or None, "visitor": {"name": view.visitor_name, "email": view.visitor_email},
        "meeting": _with_token(view.meeting) if view.meeting else None,
    }  # fmt: skip


@router.get("/calendar-shares/{share_id}/slots")
async def read_slots(
    share_id: str, device: CallingDevice, first: From = None, last: To = None, time_zone: str = ""
) -> dict[str, Any]:
    """Free times. `from`, `to`: days in `time_zone`, at most 31; left out: from today on, in the visitor's zone."""
    found = await bookings.free_slots(
        share_id, first=first, last=last, time_zone=time_zone, device=device, now=clock.now()
    )
    return _slots(found)


@router.post("/calendar-shares/{share_id}/bookings", status_code=201)
async def book(
    share_id: str, body: shapes.BookingIn, device: CallingDevice, request: Request, response: Response
) -> dict[str, Any]:
    """Book. The same `client_id` again: 200, the same meeting. Taken: 409 `slot_taken` with fresh `slots`."""
    await limits.hit(limits.BOOKINGS_PER_ADDRESS, "bookings", limits.network_of(request))
    await limits.hit(limits.BOOKINGS_PER_VISITOR, "bookings", device.id)
    meeting, is_new = await bookings.book(
        share_id, client_id=body.client_id, start=body.start, email=body.email, name=body.name,
        time_zone=body.time_zone, device=device, now=clock.now(),
    )  # fmt: skip
    response.status_code = 201 if is_new else 200
    return _with_token(meeting)


@router.get("/meetings/{token}")
async def read_meeting(token: str) -> dict[str, Any]:
    """The meeting of a link; the link is the right to it."""
    return _meeting(await meeting_links.meeting_of(token, now=clock.now()))


@router.get("/meetings/{token}/slots")
async def read_other_slots(token: str, first: From = None, last: To = None, time_zone: str = "") -> dict[str, Any]:
    """Where it can be moved to; as for a shared calendar."""
    meeting = await meeting_links.meeting_of(token, now=clock.now())
    found = await bookings.free_slots_of(meeting.id, first=first, last=last, time_zone=time_zone, now=clock.now())
    return _slots(found)


@router.post("/meetings/{token}/reschedule")
async def reschedule(token: str, body: shapes.StartIn) -> dict[str, Any]:
    """Move it. Taken: 409 `slot_taken` with fresh `slots`."""
    meeting = await meeting_links.meeting_of(token, now=clock.now())
    await limits.hit(limits.CHANGES_PER_MEETING, "meeting changes", meeting.id)
    await bookings.reschedule(meeting.id, start=body.start, by=None, now=clock.now())
    return _meeting(await meeting_links.meeting_of(token, now=clock.now()))


@router.post("/meetings/{token}/cancel")
async def cancel(token: str) -> dict[str, Any]:
    """Cancel it. Cancelled already: nothing happens."""
    meeting = await meeting_links.meeting_of(token, now=clock.now())
    await limits.hit(limits.CHANGES_PER_MEETING, "meeting changes", meeting.id)
    await bookings.cancel(meeting.id, by=None, now=clock.now())
    return _meeting(await meeting_links.meeting_of(token, now=clock.now()))
