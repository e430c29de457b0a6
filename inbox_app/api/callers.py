"""Who is calling: a visitor's browser by its token, a member by the session cookie."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from inbox_app import clock
from inbox_app.domain.errors import NotAllowed, NotSignedIn
from inbox_app.domain.people import Device, Member
from inbox_app.domain.permissions import require_admin, require_agent, require_reader
from inbox_app.services import sign_in, visitors

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def device(request: Request) -> Device:
    """The visitor's browser of `Authorization: Bearer <token>`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("Send the visitor token as Authorization: Bearer <token>.")
    return await visitors.device(token.strip())


async def member(request: Request) -> Member:
    """The member of the session cookie. A form of another site cannot act with it: its Origin gives it away."""
    origin = request.headers.get("origin")
    if request.method not in SAFE_METHODS and origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotAllowed("This request came from another site.")
    return await sign_in.member_of(request.cookies.get(sign_in.COOKIE), now=clock.now())


async def agent(caller: Annotated[Member, Depends(member)]) -> Member:
    """A member who takes chats; managers are refused."""
    return require_agent(caller)


async def reader(caller: Annotated[Member, Depends(member)]) -> Member:
    """A manager or an admin."""
    return require_reader(caller)


async def admin(caller: Annotated[Member, Depends(member)]) -> Member:
    """An admin."""
    return require_admin(caller)


CallingDevice = Annotated[Device, Depends(device)]
CallingMember = Annotated[Member, Depends(member)]
CallingAgent = Annotated[Member, Depends(agent)]
CallingReader = Annotated[Member, Depends(reader)]
CallingAdmin = Annotated[Member, Depends(admin)]
