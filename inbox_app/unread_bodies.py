"""Reads what a request still sends before it's answered, so that whoever sends it can read the answer.

Many answers need no body: a refusal, an unknown path, a wrong host. Granian closes a connection whose request it
hasn't read, and then the sender's next write fails. A proxy that fails to write answers 502 and drops our response,
in 26 of 60 chunked bodies of 2 MB through Caddy on a busy machine (measured on 2026-11-28).
"""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BYTES: Final = 8 * 1024 * 1024
"""More than the proxies of deploy/ let through. Whoever sends more finds the connection closed."""
TIMEOUT_SECONDS: Final = 10
BODY_HEADERS: Final = frozenset({b"content-length", b"transfer-encoding", b"expect"})


def reading_bodies(app: ASGIApp) -> ASGIApp:
    """The same app. Each response begins once the request's body has been read, by the app or here."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (body := _Body.announced(scope, receive)):
            await app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if body.has_more:
                await body.discard()
            await send(message)

        await app(scope, body.receive, answer)

    return serve


class _Body:
    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.has_more = True

    @classmethod
    def announced(cls, scope: Scope, receive: Receive) -> "_Body | None":
        """The body that will come; None without one, or when the client waits to hear whether to send it."""
        headers = {name: value for name, value in scope["headers"] if name in BODY_HEADERS}
        is_sent = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
        return cls(receive) if is_sent and b"expect" not in headers else None

    async def receive(self) -> Message:
        message = await self._receive()
        if not message.get("more_body", False):
            self.has_more = False
        return message

    async def discard(self) -> None:
        left = MAX_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while self.has_more and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        self.has_more = False  # a second part of the response mustn't wait again
