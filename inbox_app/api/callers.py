"""Who is calling: a visitor's browser by its token, a member by the session cookie, an operator's program."""

import hmac
import ipaddress
from typing import Annotated

from fastapi import Depends, Request

from inbox_app import clock
from inbox_app.domain.errors import NotAllowed, NotSignedIn
from inbox_app.domain.people import Device, Member
from inbox_app.domain.permissions import require_admin, require_agent, require_reader
from inbox_app.services import devices, sign_in
from inbox_app.settings import get_settings

FORWARDING_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def device(request: Request) -> Device:
    """The visitor's browser of `Authorization: Bearer <token>`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("Send the visitor token as Authorization: Bearer <token>.")
    return await devices.device(token.strip())


def refuse_other_sites(request: Request) -> None:
    """Raises NotAllowed for what a page of another site sends: its Origin gives it away."""
    origin = request.headers.get("origin")
    if request.method not in SAFE_METHODS and origin and not _is_ours(origin, request):
        raise NotAllowed("This request came from another site.")


def _is_ours(origin: str, request: Request) -> bool:
    """Without INBOX_PUBLIC_URL only the host can be compared: a server behind TLS sees http."""
    settings = get_settings()
    if "public_url" in settings.model_fields_set:
        return origin == settings.public_url
    return origin.partition("://")[2] == request.headers.get("host")


async def member(request: Request) -> Member:
    """The member of the session cookie."""
    refuse_other_sites(request)
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


def operator(request: Request) -> None:
    """Let in a program on this machine, or one that sends INBOX_METRICS_TOKEN. Raises NotAllowed."""
    if not _has_metrics_token(request) and not _is_local(request):
        raise NotAllowed(
            "Call this from the server itself, or send INBOX_METRICS_TOKEN as Authorization: Bearer <token>."
        )


def _has_metrics_token(request: Request) -> bool:
    token = get_settings().metrics_token
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if token is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(sent.strip().encode(), token.get_secret_value().encode())


def _is_local(request: Request) -> bool:
    """Whether the program itself runs here, and not only a proxy, whose requests come from loopback too.

    A forwarding header or the public Host gives a proxy away. Trusted proxies get no exception, because a client can
    make one forward an `X-Forwarded-For` that claims loopback.
    """
    if any(name in request.headers for name in FORWARDING_HEADERS):
        return False
    return _is_loopback(request.client.host if request.client else "") and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


CallingDevice = Annotated[Device, Depends(device)]
CallingMember = Annotated[Member, Depends(member)]
CallingAgent = Annotated[Member, Depends(agent)]
CallingReader = Annotated[Member, Depends(reader)]
CallingAdmin = Annotated[Member, Depends(admin)]
