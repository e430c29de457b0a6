"""What every request passes before a route: the size of its body, and which sites may ask from a browser."""

from fastapi import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox_app.api.problems import of_domain, problem
from inbox_app.domain.errors import InvalidInput, NotFound
from inbox_app.domain.text import is_half
from inbox_app.settings import get_settings

BODY_LIMIT = 32 * 1024  # bytes, CONTRACT
UPLOAD_LIMITS = {"/api/v1/account/picture": 5 * 1024 * 1024}
"""Bytes, for routes that take a file."""
VISITOR_PREFIX = "/api/v1/visitor/"


class BodyTooLarge(HTTPException):
    """More bytes came than were announced or allowed. FastAPI hands on errors of this kind while it reads a body."""

    def __init__(self, limit: int = BODY_LIMIT) -> None:
        super().__init__(413, _too_large(limit))


def _too_large(limit: int) -> str:
    return f"A body has at most {limit // 1024} KiB."


class BodyLimit:
    """Refuses bodies over their limit with 413, including chunked ones without a length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = UPLOAD_LIMITS.get(scope["path"], BODY_LIMIT)
        refuse = problem(413, "too_large", _too_large(limit))
        announced = Request(scope).headers.get("content-length", "0")
        if not announced.isascii() or not announced.isdigit() or int(announced) > limit:
            await refuse(scope, receive, send)
            return
        received, has_begun = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise BodyTooLarge(limit)
            return message

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, counted, watched)
        except BodyTooLarge:
            if not has_begun:
                await refuse(scope, receive, send)


class NoNul:
    """No id and no search holds a NUL, and PostgreSQL takes none: such an id is unknown, such a search is wrong."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif "\x00" in (path := scope["path"]) or (not path.isascii() and any(map(is_half, path))):
            await of_domain(NotFound())(scope, receive, send)
        elif b"%00" in scope["query_string"]:
            wrong = [name for name, value in Request(scope).query_params.multi_items() if "\x00" in name + value]
            await of_domain(InvalidInput(wrong[0], "This must be text."))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class VisitorCors:
    """CORS for the visitor API only, and only for the allowed sites; it uses no cookies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        allowed = get_settings().allowed_origins
        self.open = CORSMiddleware(
            app, allow_origins=list(allowed), allow_methods=["GET", "POST"], max_age=600,
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"], expose_headers=["Retry-After"],
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_visitor = scope["type"] == "http" and scope["path"].startswith(VISITOR_PREFIX)
        await (self.open if is_visitor else self.app)(scope, receive, send)
