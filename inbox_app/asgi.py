"""What a worker process serves: our API beside Reflex's pages, and static files that browsers may keep.

The API is asked first and not through Reflex's stack: its CORS is its own, and a message has fewer layers to cross.
"""

import gc
import multiprocessing
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox_app.api.problems import problem
from inbox_app.draining import ending_streams
from inbox_app.frontend_build import CLIENT
from inbox_app.security_headers import api_headers, at_public_host, common_headers, page_policy, with_headers
from inbox_app.settings import Settings, get_settings
from inbox_app.unread_bodies import reading_bodies

API_PATHS = {"api", "healthz", "readyz", "metrics", "chat", "confirm", "demo", "meeting"}
"""First part of a path that the API answers: its routes, the operator's, and the pages of visitors."""
HASHED = "/assets/"
FOREVER = "public, max-age=31536000, immutable"
FIVE_MINUTES = "public, max-age=300"
ASK_EACH_TIME = "no-cache"


def application() -> ASGIApp:
    """Granian's factory: the app of `inbox_app.inbox_app`, with its `api` in front."""
    _end_with_parent()
    with _without_collections():
        from inbox_app import inbox_app as composition  # Reflex reads the environment while it is imported
        from inbox_app.api.socket_gate import with_socket_limits

    return ending_streams(guarded(composition.api, with_socket_limits(composition.app()), get_settings()))


def guarded(api: ASGIApp, pages: ASGIApp, settings: Settings, *, built: Path = CLIENT) -> ASGIApp:
    """API and pages behind one door: the Host check, and the security headers that each kind of response needs."""
    kept = with_headers(keep_static_files(pages), common_headers(settings), page=page_policy(built))
    served = with_a_path(beside(with_headers(api, api_headers(settings)), kept), settings)
    return reading_bodies(at_public_host(served, settings))


def with_a_path(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Refuse targets that name no resource, such as `*` of `OPTIONS *`."""
    refuse = with_headers(problem(400, "bad_target", "The request names no path."), api_headers(settings))

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_wrong = scope["type"] == "http" and not scope["path"].startswith("/")
        await (refuse if is_wrong else app)(scope, receive, send)

    return serve


def beside(api: ASGIApp, pages: ASGIApp) -> ASGIApp:
    """Send API paths to the API and all else, the lifespan too, to the pages."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_api = scope["type"] == "http" and scope["path"].split("/", 2)[1] in API_PATHS
        await (api if is_api else pages)(scope, receive, send)

    return serve


def keep_static_files(app: ASGIApp) -> ASGIApp:
    """Add Cache-Control to files: for ever if their name has a hash of their content, pages are asked for each time."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if is_file(message["status"], headers):
                    headers["Cache-Control"] = cache_control(scope["path"], message["status"], headers)
            await send(message)

        await app(scope, receive, send_kept if scope["type"] == "http" else send)

    return serve


def is_file(status: int, headers: Headers) -> bool:
    """Whether a response is a file of ours that says nothing about caching yet: only those carry both marks.

    "Not modified" carries one, and must repeat what the file said.
    """
    is_marked = "etag" in headers and ("last-modified" in headers or status == 304)
    return is_marked and "cache-control" not in headers


def cache_control(path: str, status: int, headers: Headers) -> str:
    """How long a file may be kept without asking again."""
    if status not in {200, 206, 304} or headers.get("content-type", "").startswith("text/html"):
        return ASK_EACH_TIME
    if path.startswith(HASHED):
        return FOREVER
    return FIVE_MINUTES if "." in path.rpartition("/")[2] else ASK_EACH_TIME


COLLECT_AFTER = (1_000, 10, 200)
"""Objects more than before, until the youngest are looked through for garbage, and how often until older ones are.

With Python's 700, 10, 10 all objects of 600 open streams were looked through every 2 to 4 s, 130 to 200 ms a time and
next to nothing found; now it is after two million objects more, and the others take 13 ms at most (measured on
2026-11-27).
"""


@contextmanager
def _without_collections() -> Iterator[None]:
    """What is imported lives as long as the process.

    Looking through it for garbage takes a tenth of a start, and later 159 ms at a time (0.15 ms without it, measured on
    2026-11-26) from whoever's message comes just then.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def _end_with_parent() -> None:
    """A worker whose parent was killed would hold the port for ever: let it end too."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, name="end-with-parent", daemon=True).start()
