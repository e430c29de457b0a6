"""Security headers for every response, and the check that a request was meant for this host.

The headers are built once per worker, because every message a visitor sends passes through here. A response keeps
any header it sets itself: the visitor pages have a stricter policy, and the meeting page a stricter `Referrer-Policy`.

Pages may run scripts from this origin and the inline scripts that Reflex and React Router wrote into the built HTML,
each allowed by its hash. `'unsafe-eval'` stays because Reflex sends toasts as code for its client to evaluate;
`style-src` needs `'unsafe-inline'` because Emotion, Radix and Sonner insert style elements while the page runs.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox_app.api.problems import problem
from inbox_app.settings import Settings
from inbox_app.settings_text import DEFAULT_PORTS

Header = tuple[bytes, bytes]
CSP: Final = b"content-security-policy"
NO_PAGE_POLICY: Final = b"default-src 'none'; frame-ancestors 'none'"
"""For files, should someone open one as a page. It doesn't bind the page that loads a script, style or picture."""
PAGE_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HSTS: Final = b"max-age=31536000"
INLINE_SCRIPT: Final = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
OPERATIONS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by programs that know an address and not a name; the last two check their callers themselves."""


def api_headers(settings: Settings) -> list[Header]:
    """For API answers: nothing in them is ever run, framed or kept."""
    return [(CSP, NO_PAGE_POLICY), (b"cache-control", b"no-store"), *common_headers(settings)]


def common_headers(settings: Settings) -> list[Header]:
    """For every response. HSTS only where people use https: on plain http, browsers must ignore it."""
    secure = [(b"strict-transport-security", HSTS)] if settings.is_https else []
    return [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"), *secure]


def page_policy(built: Path) -> bytes:
    """The policy of all built pages. They share it because any of them may be the fallback for another's address."""
    hashes = sorted({_hash(script) for file in built.rglob("*.html") for script in _inline_scripts(file)})
    return PAGE_POLICY.format(hashes="".join(f" '{value}'" for value in hashes)).encode()


def _inline_scripts(file: Path) -> Iterable[str]:
    return INLINE_SCRIPT.findall(file.read_text(encoding="utf-8"))


def _hash(script: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def with_headers(app: ASGIApp, added: list[Header], *, page: bytes = b"") -> ASGIApp:
    """Add headers that the response doesn't set itself; where there are pages, also their policy or that of files."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                policy = _policy(scope, message, page) if page else b""
                ours = [*added, (CSP, policy)] if policy else added
                message["headers"] = [*message["headers"], *(header for header in ours if header[0] not in own)]
            await send(message)

        await app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    return serve


def _policy(scope: Scope, message: Message, page: bytes) -> bytes:
    """The policy of this response. "Not modified" has no type: a page must bring a policy that changed, a file none."""
    if message["status"] == 304:
        return b"" if "." in scope["path"].rpartition("/")[2] else page
    is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])
    return page if is_page else NO_PAGE_POLICY


def at_public_host(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Refuse requests whose Host isn't that of INBOX_PUBLIC_URL, where the operator has set it.

    A foreign name means DNS rebinding, a poisoned cache or a proxy that doesn't pass Host on. A request that passes
    gets the scheme of the URL: behind TLS the server sees http, and would redirect `/login` to http.
    """
    if "public_url" not in settings.model_fields_set:
        return app
    accepted = public_hosts(settings.public_url)
    schemes = {"http": "https", "websocket": "wss"} if settings.is_https else {}
    refuse = problem(
        421,
        "wrong_host",
        f"This server answers to {accepted[0].decode()}. Use that address, or correct INBOX_PUBLIC_URL or the Host "
        "header that your proxy passes on.",
    )
    refuse_with_headers = with_headers(refuse, api_headers(settings))

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind != "lifespan" and _is_meant_for(accepted, scope):
            scope["scheme"] = schemes.get(kind, scope["scheme"])
            await app(scope, receive, send)
        elif kind == "lifespan" or scope["path"] in OPERATIONS:
            await app(scope, receive, send)
        elif kind == "http":
            await refuse_with_headers(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    return serve


def public_hosts(url: str) -> list[bytes]:
    """How a Host header names this origin: browsers leave the default port out, some programs write it."""
    scheme, _, host = url.partition("://")
    has_port = urlsplit(url).port is not None
    return [host.encode(), *([] if has_port else [f"{host}:{DEFAULT_PORTS[scheme]}".encode()])]


def _is_meant_for(accepted: list[bytes], scope: Scope) -> bool:
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return len(hosts) == 1 and hosts[0].lower() in accepted
