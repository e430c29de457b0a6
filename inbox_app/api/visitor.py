"""The visitor API; the widget uses nothing else."""

from dataclasses import asdict
from typing import Any, Final

from fastapi import Depends, Request, Response

from inbox_app import clock
from inbox_app.api import limits, shapes
from inbox_app.api.callers import CallingDevice, refuse_other_sites
from inbox_app.api.incoming import clean_router
from inbox_app.data.views import chats
from inbox_app.domain.errors import InvalidInput, NotFound, NotSignedIn
from inbox_app.domain.identity import Claims, Signature
from inbox_app.services import address_proof, chat, chat_settings, devices, presence, visitors
from inbox_app.services.visitors import Surroundings

router = clean_router(prefix="/api/v1/visitor", tags=["visitor"])
OWN_SITE: Final = [Depends(refuse_other_sites)]
IDENTITY_FIELDS = ("name", "email", "phone", "job_title", "company")


@router.post("/sessions", status_code=201)
async def begin_session(body: shapes.SessionIn, request: Request) -> dict[str, Any]:
    """Begin or go on: the token is for `Authorization: Bearer` on every other call."""
    await limits.hit(limits.SESSIONS_PER_ADDRESS, "sessions", limits.network_of(request))
    surroundings = Surroundings(
        page_url=await _page_url(body), referrer=body.referrer, language=body.locale, time_zone=body.time_zone,
        browser=_browser(request.headers.get("user-agent", "")),
    )  # fmt: skip
    claims, signature = _claims(body.identity), _signature(body)
    session = await visitors.begin_session(body.token or None, surroundings, claims, signature, now=clock.now())
    open_id = session.open_conversation
    view = await chats.chat(open_id, session.device_id) if open_id else None
    settings = await chat_settings.load()
    return {
        "token": session.token, "visitor_id": session.visitor_id, "settings": settings.for_widget(),
        "visitor": {"name": session.name, "email": session.email},
        "conversation": shapes.chat(view) if view else None, "is_another_person": session.is_another_person,
    }  # fmt: skip


async def _page_url(body: shapes.SessionIn) -> str:
    """Where the visitor is. A known browser's page views have one limit, whichever way they come."""
    try:
        device = await devices.device(body.token) if body.token and body.page_url else None
    except NotSignedIn:  # an unknown token begins a new browser
        device = None
    if device and not await limits.fits(limits.PAGE_VIEWS_PER_VISITOR, "page views", device.id):
        return ""
    return body.page_url


def _claims(identity: dict[str, Any] | None) -> Claims:
    said = {name: value for name, value in (identity or {}).items() if name in IDENTITY_FIELDS and value is not None}
    for name, value in said.items():
        if not isinstance(value, str):
            raise InvalidInput(f"identity.{name}", "This must be text.")
    return Claims(**said)


def _signature(body: shapes.SessionIn) -> Signature:
    """The hash beside the identity or in it; a user's id may be a number."""
    said = {name: (body.identity or {}).get(name) for name in ("user_id", "hash", "email_hash")}
    texts = {name: str(value) if type(value) is int else "" if value is None else value for name, value in said.items()}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise InvalidInput(f"identity.{name}", "This must be text.")
    return Signature(texts["user_id"], body.identity_hash or texts["hash"], texts["email_hash"])


def _browser(user_agent: str) -> str:
    """A family that people know, for the visitor panel; empty when unknown."""
    for mark, name in (
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ):  # fmt: skip
        if mark in user_agent:
            return name
    return ""


@router.post("/conversations", status_code=201)
async def request_chat(
    body: shapes.ConversationIn, device: CallingDevice, request: Request, response: Response
) -> dict[str, Any]:
    """Ask for a chat with a first message. The same `client_id` again: 200, the same conversation."""
    await limits.hit(limits.CONVERSATIONS_PER_ADDRESS, "conversations", limits.network_of(request))
    await limits.hit(limits.CONVERSATIONS_PER_VISITOR, "conversations", device.id)
    claims = Claims(name=body.name, email=body.email, phone=body.phone, job_title=body.job_title, company=body.company)
    conversation_id, is_new = await chat.request(
        client_id=body.client_id, text=body.text, claims=claims, device=device, now=clock.now()
    )
    response.status_code = 201 if is_new else 200
    return shapes.chat(await _own(conversation_id, device.id))


async def _own(conversation_id: str, device_id: str) -> chats.ChatView:
    view = await chats.chat(conversation_id, device_id)
    if view is None:
        raise NotFound
    return view


@router.get("/conversations/{conversation_id}")
async def read_chat(conversation_id: str, device: CallingDevice) -> dict[str, Any]:
    """The conversation with all its messages."""
    return shapes.chat(await _own(conversation_id, device.id))


@router.post("/conversations/{conversation_id}/typing", status_code=204)
async def typing(conversation_id: str, device: CallingDevice, body: shapes.TypingIn | None = None) -> None:
    """The visitor is typing. More than two events a second are ignored: no reader would notice them."""
    if not await limits.fits(limits.TYPING_PER_VISITOR, "typing", device.id):
        return
    await chat.typing(conversation_id, is_active=body.active if body else True, device=device)


@router.post("/conversations/{conversation_id}/seen", status_code=204)
async def seen(conversation_id: str, body: shapes.SeenIn, device: CallingDevice) -> None:
    """The visitor has read up to `seq`."""
    await limits.hit(limits.SEEN_PER_VISITOR, "seen", device.id)
    await chat.mark_seen(conversation_id, body.seq, device=device)


@router.post("/conversations/{conversation_id}/end", status_code=204)
async def end(conversation_id: str, device: CallingDevice) -> None:
    """End the chat, or stop waiting."""
    await limits.hit(limits.ENDS_PER_VISITOR, "end", device.id)
    await chat.end(conversation_id, device=device, now=clock.now())


@router.post("/page-views", status_code=204)
async def page_view(body: shapes.PageViewIn, device: CallingDevice) -> None:
    """The visitor is on another page."""
    await limits.hit(limits.PAGE_VIEWS_PER_VISITOR, "page views", device.id)
    await visitors.track_page(device, Surroundings(body.page_url, body.referrer), now=clock.now())


@router.post("/offline-messages", status_code=201)
async def leave_message(body: shapes.OfflineMessageIn, device: CallingDevice) -> dict[str, Any]:
    """Leave a message when nobody could come."""
    await limits.hit(limits.CONVERSATIONS_PER_VISITOR, "offline", device.id)
    await chat.leave_message(
        text=body.text, claims=Claims(name=body.name, email=body.email), device=device,
        conversation_id=body.conversation_id or None, now=clock.now(),
    )  # fmt: skip
    return {"stored": True}


@router.post("/address-proofs", status_code=204)
async def prove_address(body: shapes.ProofIn, device: CallingDevice) -> None:
    """The visitor has opened the link in a mail, in the browser that gave the address."""
    await limits.hit(limits.CONVERSATIONS_PER_VISITOR, "address proofs", device.id)
    await address_proof.confirm(body.token, device=device, now=clock.now())


@router.post("/address-proofs/question", dependencies=OWN_SITE)
async def address_question(body: shapes.ProofIn, request: Request) -> dict[str, str]:
    """What the page of a mail's link asks in a browser that didn't chat. Proves nothing."""
    await limits.hit(limits.LINKS_PER_ADDRESS, "address proofs", limits.network_of(request))
    return asdict(await address_proof.question(body.token, now=clock.now()))


@router.post("/address-proofs/answer", status_code=204, dependencies=OWN_SITE)
async def answer_address_question(body: shapes.ProofAnswerIn, request: Request) -> None:
    """Yes proves the address for the browser that chatted; no records that it isn't theirs. 409: answered already."""
    await limits.hit(limits.LINKS_PER_ADDRESS, "address proofs", limits.network_of(request))
    await address_proof.answer(body.token, body.answer, now=clock.now())


@router.get("/availability")
async def availability() -> dict[str, bool]:
    """Whether an agent is there who could take a chat."""
    return {"available": await presence.is_someone_available(now=clock.now())}
