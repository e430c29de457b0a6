"""The agent API: the same services and the same rights as the pages."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import BaseModel

from inbox_app import clock
from inbox_app.api import bodies, shapes, streams
from inbox_app.api.agent_stream import AgentStream
from inbox_app.api.callers import CallingAgent, CallingMember
from inbox_app.api.incoming import clean_router
from inbox_app.data import views
from inbox_app.services import address_links, availability, conversations, merging, offers, sign_in, visitors, waiting

router = clean_router(prefix="/api/v1", tags=["agent"])


class AvailabilityIn(BaseModel):
    """The switch."""

    available: shapes.Switch


class DraftIn(BaseModel):
    """What is typed and not sent; empty: forget it."""

    text: shapes.Text


class ScoreIn(BaseModel):
    """0-3 or none."""

    score: shapes.Number | None


async def _agent(member_id: str) -> dict[str, Any]:
    view = await views.agent(member_id, now=clock.now())
    return {
        "id": view.id, "name": view.name, "role": view.role, "available": view.available,
        "available_reason": view.available_reason, "available_until": view.available_until or None,
        "active_conversations": view.active_conversations, "capacity": view.capacity,
    }  # fmt: skip


@router.get("/agent")
async def who_am_i(member: CallingAgent) -> dict[str, Any]:
    """The signed-in agent."""
    return await _agent(member.id)


@router.put("/agent/availability")
async def set_available(body: AvailabilityIn, member: CallingAgent) -> dict[str, Any]:
    """Override the schedule (PRODUCT 2.2)."""
    await availability.set_available(body.available, member=member, now=clock.now())
    return await _agent(member.id)


@router.get("/agent/events")
async def events(member: CallingAgent, request: Request) -> Response:
    """One stream for all that concerns this agent."""
    token = request.cookies[sign_in.COOKIE]
    return streams.Opening(AgentStream(member, sign_in.id_of(token)).opened())


@router.get("/agent/schedule")
async def read_schedule(member: CallingAgent) -> dict[str, Any]:
    """The weekly schedule with its exceptions."""
    return await availability.schedule_of(member)


@router.put("/agent/schedule")
async def set_schedule(body: bodies.ScheduleIn, member: CallingAgent) -> dict[str, Any]:
    """Replace it. 422 names the field: overlapping or empty blocks, unknown zone, a day in the past."""
    return await availability.set_schedule(body.given(), member=member, now=clock.now())


@router.get("/missed")
async def missed(member: CallingAgent) -> dict[str, Any]:
    """Conversations that nobody took, newest first, with what the visitor left and who follows up."""
    return {"items": [vars(row) for row in await views.missed(member, now=clock.now())]}


@router.post("/conversations/{conversation_id}/claim", status_code=204)
async def claim(conversation_id: str, member: CallingAgent) -> None:
    """Follow a missed one up: the first who claims it has it, everyone later gets 409."""
    await waiting.claim(conversation_id, member=member, now=clock.now())


@router.get("/offers")
async def pending_offers(member: CallingAgent) -> dict[str, Any]:
    """The chats that this agent is asked to take."""
    return {"items": [_offer(vars(offer)) for offer in await views.pending_offers(member)]}


def _offer(offer: dict[str, Any]) -> dict[str, Any]:
    return offer | {"expires_at": offer["expires_at"] or None}


@router.post("/offers/{offer_id}/accept")
async def accept(offer_id: str, member: CallingAgent) -> dict[str, Any]:
    """Take it: exactly one accept is answered 200, every other 409 `offer_gone`."""
    conversation_id = await offers.accept(offer_id, member=member, now=clock.now())
    return vars(await views.conversation(member, conversation_id))


@router.post("/offers/{offer_id}/decline", status_code=204)
async def decline(offer_id: str, member: CallingAgent) -> None:
    """Leave it to the next agent."""
    await offers.decline(offer_id, member=member, now=clock.now())


@router.get("/conversations")
async def list_conversations(
    member: CallingAgent, only: Annotated[Literal["active", "all"], Query(alias="filter")] = "active", q: str = "",
    before: str = "", limit: Annotated[int, Query(ge=1, le=50)] = 30,
) -> dict[str, Any]:  # fmt: skip
    """Exactly what the list may show (PRODUCT 1.1)."""
    page = await views.conversation_rows(member, only=only, query=q, before=before, limit=limit)
    return {"items": [vars(row) for row in page.items], "next": page.next or None}


@router.get("/conversations/{conversation_id}")
async def read_conversation(conversation_id: str, member: CallingMember) -> dict[str, Any]:
    """404 for what the caller may not see, also when it exists."""
    return vars(await views.conversation(member, conversation_id))


@router.post("/conversations/{conversation_id}/typing", status_code=204)
async def typing(conversation_id: str, member: CallingAgent, body: shapes.TypingIn | None = None) -> None:
    """The agent is typing."""
    await conversations.typing(conversation_id, is_active=body.active if body else True, member=member)


@router.post("/conversations/{conversation_id}/seen", status_code=204)
async def seen(conversation_id: str, body: shapes.SeenIn, member: CallingAgent) -> None:
    """The agent has read up to `seq`."""
    await conversations.mark_seen(conversation_id, body.seq, member=member)


@router.put("/conversations/{conversation_id}/draft", status_code=204)
async def save_draft(conversation_id: str, body: DraftIn, member: CallingAgent) -> None:
    """Keep what is typed."""
    await conversations.save_draft(conversation_id, body.text, member=member, now=clock.now())


@router.put("/conversations/{conversation_id}/score", status_code=204)
async def set_score(conversation_id: str, body: ScoreIn, member: CallingAgent) -> None:
    """PRODUCT 1.8."""
    await conversations.set_score(conversation_id, body.score, member=member, now=clock.now())


@router.post("/conversations/{conversation_id}/end", status_code=204)
async def end(conversation_id: str, member: CallingAgent) -> None:
    """End the session."""
    await conversations.end(conversation_id, member=member, now=clock.now())


@router.get("/visitors/{visitor_id}")
async def read_visitor(visitor_id: str, member: CallingMember, conversation_id: str | None = None) -> dict[str, Any]:
    """The panel beside a chat: several people may share a record.

    With `conversation_id`, one of this visitor's, these are that chat's: `said`, `is_signed_in`, `is_online`,
    `is_email_confirmed`, `can_send_link`, `is_link_sent`, `page_url`, `language` and `time_zone`. Without it, `said`
    is of the newest chat that you may see, and `is_signed_in` is true only if it's true for that one and each open one.
    """
    view = await views.visitor(member, visitor_id, conversation_id)
    return asdict(view)


@router.get("/visitors/{visitor_id}/activities")
async def read_activities(visitor_id: str, member: CallingMember) -> dict[str, Any]:
    """The past 90 days, newest first."""
    found = await views.activities(member, visitor_id, now=clock.now())
    return {"items": [vars(activity) | {"conversation_id": activity.conversation_id or None} for activity in found]}


class MergeIn(BaseModel):
    """The record that the visitor's becomes part of: one of the visitor's `same_address`."""

    into: shapes.Text


@router.post("/visitors/{visitor_id}/merge")
async def merge_visitor(visitor_id: str, body: MergeIn, member: CallingMember) -> dict[str, Any]:
    """The two are one person: for the agent of the visitor's chat, or an admin. The record as it is now."""
    await merging.merge(visitor_id, body.into, member=member, now=clock.now())
    return await read_visitor(body.into, member)


@router.post("/visitors/{visitor_id}/address-link", status_code=204)
async def send_address_link(visitor_id: str, member: CallingMember, conversation_id: str | None = None) -> None:
    """Mail the claimed address a link that confirms it: for the agent of the visitor's chat, or an admin.

    `conversation_id`: the chat in which it's claimed; without it, your newest in which it is.
    """
    await address_links.send(visitor_id, conversation_id, member=member, now=clock.now())


@router.patch("/visitors/{visitor_id}")
async def correct_visitor(
    visitor_id: str, body: bodies.VisitorChanges, member: CallingAgent, conversation_id: str | None = None
) -> dict[str, Any]:
    """Correct fields of the record; all of them or, at the first wrong one, none.

    `conversation_id`: the chat beside which they're corrected; what was said in it is corrected too.
    """
    await visitors.correct_all(visitor_id, body.given(), conversation_id, member=member, now=clock.now())
    return await read_visitor(visitor_id, member, conversation_id)
