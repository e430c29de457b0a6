"""Who is asking: the cookie of the socket, never a var, an argument or the client token.

The cookie is seen once, when the socket connects; what it stands for is asked of the database, with a short cache.
"""

from collections.abc import Mapping
from typing import Any

import reflex as rx
from starlette.requests import cookie_parser

from inbox_app import clock
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_admin, require_agent, require_reader
from inbox_app.services import sign_in
from inbox_app.texts.catalogue import Language, closest_language

LANGUAGE_COOKIE = "inbox_language"


async def viewer(state: rx.State) -> Member:
    """The signed-in member. Raises NotSignedIn."""
    return await sign_in.member_of(session_token(state.router_data), now=clock.now())


async def agent(state: rx.State) -> Member:
    """The same, who must take chats. Raises NotAllowed for managers (PRODUCT 5.4)."""
    return require_agent(await viewer(state))


async def reader(state: rx.State) -> Member:
    """The same, who must be a manager or an admin. Raises NotAllowed for agents (PRODUCT 5.1)."""
    return require_reader(await viewer(state))


async def admin(state: rx.State) -> Member:
    """The same, who must be an admin. Raises NotAllowed (PRODUCT 5.3, 5.4)."""
    return require_admin(await viewer(state))


def session_token(router_data: Mapping[str, Any]) -> str | None:
    """What the browser's session cookie held when its socket connected."""
    return _cookies(router_data).get(sign_in.COOKIE)


def language_of(router_data: Mapping[str, Any]) -> Language:
    """The language that the page is shown in, found as assets of the page find it (components/preferences.py)."""
    chosen = _cookies(router_data).get(LANGUAGE_COOKIE)
    return closest_language(chosen or _headers(router_data).get("accept-language"))


def _cookies(router_data: Mapping[str, Any]) -> Mapping[str, str]:
    return cookie_parser(_headers(router_data).get("cookie", ""))


def _headers(router_data: Mapping[str, Any]) -> Mapping[str, str]:
    return router_data.get("headers") or {}
