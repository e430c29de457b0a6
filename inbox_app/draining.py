"""Ends what never ends by itself, sockets and event streams, when the server stops, so that stopping takes no time.

Granian asks its workers to stop and then waits for open connections. The parent therefore tells each worker first, by
SIGUSR1, to let go of the long ones: browsers reconnect, to the next process. Short requests are left to finish.

A browser reconnects at once, when this worker may still be listening. It must then hear a clear no: a socket that was
accepted and closed before it said anything keeps Reflex's page waiting for 20 s (measured on 2026-11-26).
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVENT_STREAM = b"text/event-stream"
Handler = Callable[[int, FrameType | None], Any]


def ending_streams(app: ASGIApp) -> ASGIApp:
    """The same app, whose sockets and event streams end when this worker gets the drain signal."""
    streams = _Streams()

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if task is None:
            await app(scope, receive, send)
        elif scope["type"] == "lifespan":
            _on_drain(streams.end)
            await app(scope, receive, send)
        elif scope["type"] == "websocket" and streams.are_ending:
            await send({"type": "websocket.close", "code": 1012})
        else:
            with streams.ended_quietly(task):
                await app(scope, receive, _noting_streams(scope, send, lambda: streams.add(task)))

    return serve


class _Streams:
    """The tasks that serve what never ends by itself. Once they are ending, one that begins ends too."""

    def __init__(self) -> None:
        self.are_ending = False
        self._open: set[asyncio.Task[Any]] = set()

    def add(self, task: asyncio.Task[Any]) -> None:
        self._open.add(task)
        if self.are_ending:
            task.cancel()

    def end(self) -> None:
        self.are_ending = True
        for task in self._open:
            task.cancel()

    @contextlib.contextmanager
    def ended_quietly(self, task: asyncio.Task[Any]) -> Iterator[None]:
        try:
            yield
        except asyncio.CancelledError:
            if task not in self._open:
                raise
        finally:
            self._open.discard(task)


def _noting_streams(scope: Scope, send: Send, note: Callable[[], None]) -> Send:
    if scope["type"] == "websocket":
        note()
        return send
    if scope["method"] != "GET":
        return send

    async def noting(message: Message) -> None:
        await send(message)
        if message["type"] == "http.response.start" and _is_event_stream(message):
            note()

    return noting


def _is_event_stream(message: Message) -> bool:
    return any(name == b"content-type" and value.startswith(EVENT_STREAM) for name, value in message["headers"])


def _on_drain(end: Callable[[], Any]) -> None:
    if hasattr(signal, "SIGUSR1"):
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, end)


def drain_workers_when_told_to_stop() -> None:
    """In the parent, once Granian has set its own handlers: tell the workers before it does."""
    if not hasattr(signal, "SIGUSR1"):
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        then = signal.getsignal(number)
        if callable(then):
            signal.signal(number, _draining_first(then))


def _draining_first(then: Handler) -> Handler:
    def handle(number: int, frame: FrameType | None) -> None:
        for pid in (worker.pid for worker in multiprocessing.active_children()):
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGUSR1)
        then(number, frame)

    return handle
