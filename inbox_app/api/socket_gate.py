"""Which sockets of agents' pages are taken, before Reflex makes a state for them.

A signed-out browser gets one too, since /login and the way to it work over a socket; the guard lets it do nothing else.
"""

import logging
from contextlib import AsyncExitStack
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox_app import clock
from inbox_app.api import limits
from inbox_app.api.open_counts import sockets_per_address, sockets_per_member
from inbox_app.domain.errors import DatabaseUnavailable, NotSignedIn, TooManyRequests
from inbox_app.services import sign_in

STRANGER: Final = "stranger"
POLICY_VIOLATION: Final = 1008
UNSUPPORTED: Final = 1003
KINDS_OF_FRAMES: Final = frozenset("0123456")
ODD_HEADERS: Final = frozenset({b"raw-headers", b"raw_headers"})
SHOWN: Final = 200
log = logging.getLogger(__name__)


def with_socket_limits(app: ASGIApp) -> ASGIApp:
    """The same app. It refuses sockets without a page's token, and too many of one caller or address."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await app(scope, receive, send)
            return
        network = limits.network_of(HTTPConnection(scope))
        caller = await _caller(HTTPConnection(scope), network)
        async with AsyncExitStack() as held:
            if caller is None or not await _are_held(held, caller, network):
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
                return
            await app(_without_odd_headers(scope), _only_frames_of_pages(receive), send)

    return serve


def _without_odd_headers(scope: Scope) -> Scope:
    """Reflex's class of a page's headers has a field of its own by this name, and takes no other."""
    return {**scope, "headers": [header for header in scope["headers"] if header[0] not in ODD_HEADERS]}


def _only_frames_of_pages(receive: Receive) -> Receive:
    """End a socket that sends what Engine.IO can't take apart, which it reports as an error of its own."""

    async def read() -> Message:
        message = await receive()
        text = message.get("text")
        if text is None or text[:1] in KINDS_OF_FRAMES:
            return message
        log.warning("refused a malformed socket frame: %s", repr(text[:SHOWN]))
        return {"type": "websocket.disconnect", "code": UNSUPPORTED}

    return read


async def _are_held(held: AsyncExitStack, caller: str, network: str) -> bool:
    try:
        await held.enter_async_context(sockets_per_member.one(caller))
        await held.enter_async_context(sockets_per_address.one(network))
    except TooManyRequests:
        return False
    return True


async def _caller(connection: HTTPConnection, network: str) -> str | None:
    """Whose sockets are counted together: a member's at one address, and all strangers' there. None: refuse it."""
    if not connection.query_params.get("token"):
        return None
    member_id = await _member_id(connection.cookies.get(sign_in.COOKIE))
    if member_id == STRANGER:
        try:
            await limits.hit(limits.STRANGERS_SOCKETS_PER_ADDRESS, "sockets", network)
        except TooManyRequests:
            return None
    return f"{network} {member_id}"


async def _member_id(token: str | None) -> str:
    try:
        return (await sign_in.member_of(token, now=clock.now())).id
    except NotSignedIn:
        return STRANGER
    except DatabaseUnavailable:  # pages that come back meanwhile are no strangers
        return sign_in.id_of(token or "")
