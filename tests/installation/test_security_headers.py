"""The headers of each kind of response, and which Host is answered, through the door that a worker puts up."""

import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox_app.api.application import build_api
from inbox_app.asgi import guarded
from inbox_app.data.engine import use_database
from inbox_app.pages_visitor.router import router as visitor_pages
from inbox_app.security_headers import at_public_host, public_hosts
from inbox_app.settings import Settings

SettingsWith = Callable[..., Settings]
INLINE = "\n  console.log('hello')\n"
PAGE = f'<!doctype html><script src="/widget.js"></script><script type="module">{INLINE}</script><p>A page'
PAGES = ("/", "/no/such/page")
FILES = ("/widget.js", "/assets/page.js", "/assets/page.css")
ANSWERS = ("/api/v1/agent", "/api/v1/visitor/availability", "/api/openapi.json", "/api/nothing", "/healthz")
VISITOR_PAGES = ("/chat", "/meeting/nobodys")


@pytest.fixture(autouse=True)
async def own_database(sqlite_url: str) -> AsyncIterator[None]:
    """Headers are the same on each kind: one is enough."""
    await use_database(sqlite_url)
    yield
    await use_database(None)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "404.html").write_text(PAGE)
    (tmp_path / "assets").mkdir()
    for file in FILES:
        (tmp_path / file.removeprefix("/")).write_text("1")
    return tmp_path


@pytest.fixture
def site(build: Path, settings_with: SettingsWith) -> Callable[..., ASGIApp]:
    """`site(public_url="https://…")`: what a worker serves with these settings."""

    def make(**settings: object) -> ASGIApp:
        chosen = settings_with(**settings)
        api = build_api()
        api.include_router(visitor_pages)
        pages = Starlette(routes=[Mount("/", StaticFiles(directory=build, html=True))])
        return guarded(api, pages, chosen, built=build)

    return make


def client(site: ASGIApp, url: str = "http://127.0.0.1:3000") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=url)


def directives(answer: httpx.Response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", [*PAGES, *FILES, *ANSWERS, *VISITOR_PAGES])
async def test_every_response_forbids_guessing_its_type_and_telling_where_one_was(
    site: Callable[..., ASGIApp], path: str
) -> None:
    async with client(site()) as browser:
        headers = (await browser.get(path)).headers
    assert headers.get_list("x-content-type-options") == ["nosniff"]
    assert headers.get_list("referrer-policy") == ["no-referrer" if "meeting" in path else "same-origin"]
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("path", [*PAGES, *FILES, *ANSWERS])
async def test_browsers_on_https_stay_on_https(site: Callable[..., ASGIApp], path: str) -> None:
    async with client(site(public_url="https://chat.example"), "http://chat.example") as browser:
        assert (await browser.get(path)).headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_runs_our_files_and_its_own_inline_scripts_only(site: Callable[..., ASGIApp], path: str) -> None:
    async with client(site()) as browser:
        policy = directives(await browser.get(path))
    digest = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
    assert policy["script-src"].split() == ["'self'", "'unsafe-eval'", f"'sha256-{digest}'"]
    assert (policy["frame-ancestors"], policy["object-src"], policy["base-uri"]) == ("'none'", "'none'", "'none'")


@pytest.mark.parametrize("path", FILES)
async def test_a_file_that_is_opened_as_a_page_runs_and_loads_nothing(site: Callable[..., ASGIApp], path: str) -> None:
    async with client(site()) as browser:
        assert directives(await browser.get(path)) == {"default-src": "'none'", "frame-ancestors": "'none'"}


@pytest.mark.parametrize("path", ["/index.html", *FILES])
async def test_what_is_unchanged_keeps_the_policy_that_it_came_with(site: Callable[..., ASGIApp], path: str) -> None:
    """A 304 doesn't say whether it is a page, which couldn't run under the policy of files."""
    async with client(site()) as browser:
        first = await browser.get(path)
        again = await browser.get(path, headers={"If-None-Match": first.headers["etag"]})
    policy = first.headers["content-security-policy"]
    assert again.status_code == 304
    assert again.headers.get("content-security-policy", policy) == policy


async def test_an_unchanged_page_still_brings_its_policy(site: Callable[..., ASGIApp]) -> None:
    async with client(site()) as browser:
        first = await browser.get("/")
        again = await browser.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


@pytest.mark.parametrize("path", ANSWERS)
async def test_an_answer_of_the_api_is_never_kept_run_or_framed(site: Callable[..., ASGIApp], path: str) -> None:
    async with client(site()) as browser:
        answer = await browser.get(path)
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert directives(answer) == {"default-src": "'none'", "frame-ancestors": "'none'"}


@pytest.mark.parametrize(
    ("path", "allowed", "framed_by"),
    [
        ("/chat", "https://shop.example, https://blog.example", "https://shop.example https://blog.example"),
        ("/chat", "*", "*"),
        ("/meeting/nobodys", "*", "'none'"),
    ],
)
async def test_the_chat_alone_may_be_framed_and_by_allowed_sites_alone(
    site: Callable[..., ASGIApp], path: str, allowed: str, framed_by: str
) -> None:
    async with client(site(allowed_origins=allowed)) as browser:
        policy = directives(await browser.get(path))
    assert (policy["frame-ancestors"], policy["default-src"]) == (framed_by, "'none'")


async def test_in_production_nobody_frames_the_chat_until_a_site_is_allowed(site: Callable[..., ASGIApp]) -> None:
    async with client(site(env="production")) as browser:
        assert directives(await browser.get("/chat"))["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    ("public_url", "host", "is_answered"),
    [
        ("https://chat.example", "chat.example", True),
        ("https://chat.example", "CHAT.example:443", True),
        ("https://chat.example", "chat.example:80", False),
        ("https://chat.example:8443", "chat.example:8443", True),
        ("https://chat.example:8443", "chat.example", False),
        ("http://chat.example:80/", "chat.example", True),
        ("https://chat.example", "evil.example", False),
        ("https://chat.example", "chat.example.evil.example", False),
        ("https://chat.example", "127.0.0.1:3000", False),
        ("https://chat.example", "", False),
        (None, "anything.example", True),
    ],
)
@pytest.mark.parametrize("path", ["/", "/widget.js", "/api/v1/agent"])
async def test_only_the_public_host_is_answered_where_one_is_set(
    site: Callable[..., ASGIApp], public_url: str | None, host: str, is_answered: bool, path: str
) -> None:
    async with client(site(**{"public_url": public_url} if public_url else {})) as browser:
        answer = await browser.get(path, headers={"Host": host})
    assert (answer.status_code != 421) is is_answered
    if not is_answered:
        assert answer.json()["code"] == "wrong_host"
        assert public_hosts(str(public_url))[0].decode() in answer.json()["detail"]
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        usual = ("x-content-type-options", "referrer-policy", "cache-control")
        assert [answer.headers[name] for name in usual] == ["nosniff", "same-origin", "no-store"]
        assert ("strict-transport-security" in answer.headers) is str(public_url).startswith("https")


async def test_a_health_check_knows_an_address_and_no_name(site: Callable[..., ASGIApp]) -> None:
    async with client(site(public_url="https://chat.example"), "http://10.1.2.3:3000") as balancer:
        assert (await balancer.get("/healthz")).status_code == 200


@pytest.mark.parametrize("public_url", ["https://chat.example", "http://chat.example"])
async def test_a_redirect_stays_on_the_scheme_that_people_use(
    build: Path, site: Callable[..., ASGIApp], public_url: str
) -> None:
    (build / "login").mkdir()
    (build / "login" / "index.html").write_text(PAGE)
    async with client(site(public_url=public_url), "http://chat.example") as behind_tls:
        assert (await behind_tls.get("/login")).headers["location"] == f"{public_url}/login/"


@pytest.mark.parametrize(
    ("hosts", "answer"),
    [
        ([b"chat.example"], "websocket.accept"),
        ([b"evil.example"], "websocket.close"),
        ([b"chat.example", b"evil.example"], "websocket.close"),
        ([], "websocket.close"),
    ],
)
async def test_a_socket_by_another_name_is_refused(hosts: list[bytes], answer: str) -> None:
    heard: list[Message] = []

    async def send(message: Message) -> None:
        heard.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def pages(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})

    scope = {"type": "websocket", "scheme": "ws", "path": "/_event/", "headers": [(b"host", host) for host in hosts]}
    await at_public_host(pages, Settings(public_url="https://chat.example"))(scope, receive, send)
    assert [message["type"] for message in heard] == [answer]
