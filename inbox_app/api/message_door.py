"""The short way for a well-formed message (docs/decisions/0012).

FastAPI's middleware, routing, dependencies and serialisation cost more than storing a message does. Its routes are kept
for everything else: they document the endpoints, and they answer every body that isn't well formed.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from inbox_app.api import callers, messages_in, problems
from inbox_app.api.gate import BODY_LIMIT, VisitorCors
from inbox_app.api.incoming import CleanRequest
from inbox_app.api.shapes import MessageIn
from inbox_app.domain.errors import DomainError

PATH: Final = re.compile(r"/api/v1/(visitor/|)conversations/([\w-]{1,64})/messages", re.ASCII)
RESPONSE: Final = "inbox.response"
Write = Callable[[Request, str, MessageIn, Response], Awaitable[dict[str, Any]]]


async def _as_visitor(request: Request, conversation_id: str, body: MessageIn, response: Response) -> dict[str, Any]:
    device = await callers.device(request)
    return await messages_in.write_as_visitor(conversation_id, body, device, response)


async def _as_agent(request: Request, conversation_id: str, body: MessageIn, response: Response) -> dict[str, Any]:
    agent = await callers.agent(await callers.member(request))
    return await messages_in.write_as_agent(conversation_id, body, agent, response)


WRITERS: Final[dict[str, Write]] = {"visitor/": _as_visitor, "": _as_agent}


class Api(FastAPI):
    """FastAPI, with a door for messages in front."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._responding = VisitorCors(_respond)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and (found := PATH.fullmatch(scope["path"])):
            receive = await _taken(found[2], WRITERS[found[1]], scope, receive)
        if RESPONSE in scope:
            await self._responding(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


async def _respond(scope: Scope, receive: Receive, send: Send) -> None:
    await scope[RESPONSE](scope, receive, send)


async def _taken(conversation_id: str, write: Write, scope: Scope, receive: Receive) -> Receive:
    """Put the response into the scope. Without one the ordinary way continues with the `receive` that this returns."""
    request = CleanRequest(scope, receive)
    if not _is_plain(request):
        return receive
    try:
        message = MessageIn.model_validate(await request.json())
    except ClientDisconnect:
        return receive
    except Exception:  # no JSON, no message, too deep, half a character: the ordinary way tells which
        return _once_more(await request.body(), receive)
    scope[RESPONSE] = await _response(request, conversation_id, message, write)
    return receive


def _is_plain(request: Request) -> bool:
    """Whether nothing about this request needs the gates: a short body of JSON, and no query."""
    headers = request.headers
    length = headers.get("content-length", "")
    return (
        headers.get("content-type", "").partition(";")[0] == "application/json"
        and length.isascii()
        and length.isdigit()
        and int(length) <= BODY_LIMIT
        and not request.scope["query_string"]
    )


def _once_more(body: bytes, receive: Receive) -> Receive:
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return parts.pop() if parts else await receive()

    return replayed


async def _response(request: Request, conversation_id: str, message: MessageIn, write: Write) -> Response:
    response = Response()
    try:
        content = await write(request, conversation_id, message, response)
    except DomainError as error:
        return problems.refusal(request, error)
    except Exception as error:
        return await problems.unexpected(request, error)
    return JSONResponse(content, response.status_code)
