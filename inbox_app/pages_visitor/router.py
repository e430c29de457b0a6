"""`/chat`, the hosted page of the widget, `/demo`, a web site that embeds it by one script tag, and `/meeting`."""

import html

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from inbox_app import clock
from inbox_app.domain.errors import NotFound
from inbox_app.pages_visitor.page import page
from inbox_app.services import meeting_links
from inbox_app.services.demo_mark import is_demo_database
from inbox_app.settings import get_settings
from inbox_app.texts.catalogue import closest_language, translate

router = APIRouter(include_in_schema=False)


@router.get("/chat")
async def chat(request: Request, language: str | None = None) -> HTMLResponse:
    """The chat as a page of its own, for a plain link; in the language of `?language=` or of the browser."""
    spoken = closest_language(language or request.headers.get("accept-language"))
    shown = page("chat.html", spoken, framed_by=get_settings().allowed_origins)
    return HTMLResponse(shown.html, headers=dict(shown.headers) | {"Vary": "Accept-Language"})


@router.get("/demo")
async def demo() -> HTMLResponse:
    """The demo site; it exists only beside a demo database."""
    if not await _is_demo():
        raise HTTPException(404, "There is no such page.")
    shown = page("demo.html", "en")
    return HTMLResponse(shown.html, headers=dict(shown.headers))


PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
"""Whoever knows the address of a meeting may cancel it: it is kept by nobody and told to no other site."""


@router.get("/meeting/{token}")
async def meeting(token: str, request: Request, language: str | None = None) -> HTMLResponse:
    """The meeting of a link in a mail, to see, move or cancel it; or why the link opens none."""
    spoken = closest_language(language or request.headers.get("accept-language"))
    status, reason = 200, ""
    try:
        await meeting_links.meeting_of(token, now=clock.now())
    except NotFound as refusal:
        status, reason = refusal.status, html.escape(translate(refusal.sentence, spoken))
    shown = page("no_meeting.html" if reason else "meeting.html", spoken)
    return HTMLResponse(shown.html.replace("{reason}", reason), status, headers=dict(shown.headers) | PRIVATE)


@router.get("/confirm")
async def confirm(request: Request, language: str | None = None) -> HTMLResponse:
    """The page of a link that confirms an address; what the link carries behind its `#` never comes here."""
    shown = page("confirm.html", closest_language(language or request.headers.get("accept-language")))
    return HTMLResponse(shown.html, headers=dict(shown.headers) | PRIVATE)


_known_demo = False


async def _is_demo() -> bool:
    """A database that was marked stays so: asked until the first yes."""
    global _known_demo
    _known_demo = _known_demo or get_settings().env == "demo" or await is_demo_database()
    return _known_demo
