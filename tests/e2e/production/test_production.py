"""What only production has: TLS, a Secure cookie, limits on Redis, two workers, another origin, client addresses."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browsers import NewPage
from tests.e2e.frame.screens import Frame, SignIn
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.production.conftest import Installation
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.people import ANA, PASSWORD, ROOT
from tests.pictures import noise

VISITOR = "/api/v1/visitor"
SESSIONS_A_MINUTE = 60
MEGABYTE = 1024 * 1024
PICTURE = "/api/v1/account/picture"


@pytest.fixture
def signed_in(installation: Installation, new_page: NewPage) -> Callable[..., Page]:
    def make(person: object = ANA) -> Page:
        page = new_page(installation.url, ignore_https_errors=True)
        SignIn(page).open().enter(person)  # type: ignore[arg-type]
        expect(page).to_have_url(re.compile("/inbox"))
        return page

    return make


def test_a_visitor_of_another_site_and_an_agent_chat(
    installation: Installation, signed_in: Callable[..., Page], shop: Callable[..., VisitorChat]
) -> None:
    page = signed_in()
    ana = InboxPage(page).open()
    visitor = shop().open().start("Do you deliver to Ghent?")
    ana.accept()
    ana.send("We do, on Fridays.")
    expect(visitor.bubble("We do, on Fridays.")).to_be_visible()
    visitor.send("Then I take two.")
    expect(ana.message("Then I take two.")).to_be_visible()
    visitor.page.reload()
    expect(visitor.bubble("Then I take two.")).to_be_visible()
    ana.end_button.click()
    expect(visitor.page.get_by_role("button", name="Start a new chat")).to_be_visible()


def test_the_session_cookie_is_secure_and_gone_after_signing_out(signed_in: Callable[..., Page]) -> None:
    page = signed_in(ROOT)
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "inbox_session"]
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
    Frame(page).sign_out()
    expect(page).to_have_url(re.compile("/login"))
    assert "inbox_session" not in {one["name"] for one in page.context.cookies()}


def test_only_an_allowed_site_shows_the_hosted_chat_in_a_frame(
    installation: Installation, new_page: NewPage, shops: tuple[str, str]
) -> None:
    page = new_page(shops[0], ignore_https_errors=True)
    page.goto(f"{shops[0]}/framed?{installation.url}")
    expect(page.frame_locator("iframe").get_by_role("textbox", name="Message")).to_be_visible()
    with installation.client() as client:
        assert shops[1] not in client.get("/chat").headers["content-security-policy"]


@pytest.mark.parametrize(("site", "is_allowed"), [(0, True), (1, False)])
def test_only_an_allowed_site_may_ask_from_a_browser(
    installation: Installation, shops: tuple[str, str], site: int, is_allowed: bool
) -> None:
    with installation.client(Origin=shops[site]) as client:
        answer = client.get(f"{VISITOR}/availability")
    assert (answer.headers.get("access-control-allow-origin") == shops[site]) is is_allowed


@pytest.mark.parametrize(
    ("path", "kept"), [("/login/", "no-cache"), ("/widget.js", None), ("/api/v1/agent", "no-store")]
)
def test_every_response_brings_its_headers_through_the_proxy(
    installation: Installation, path: str, kept: str | None
) -> None:
    with installation.client() as client:
        headers = client.get(path).headers
    assert headers.get_list("strict-transport-security") == ["max-age=31536000"]
    assert headers.get_list("x-content-type-options") == ["nosniff"]
    assert headers.get_list("referrer-policy") == ["same-origin"]
    assert kept is None or headers.get_list("cache-control") == [kept]


def test_a_request_for_another_host_is_refused(installation: Installation) -> None:
    with httpx.Client(base_url=installation.server.url, headers={"Host": "evil.example"}) as stranger:
        answer = stranger.get("/api/v1/agent")
    assert (answer.status_code, answer.json()["code"]) == (421, "wrong_host")


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_the_proxy_opens_no_operations_to_the_world(installation: Installation, path: str) -> None:
    with installation.client("127.0.0.9") as stranger:
        assert stranger.get(path).status_code == 403
        assert stranger.get(path, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
        assert stranger.get("/healthz").status_code == 200
    assert httpx.get(f"{installation.server.url}{path}").status_code == 200


def test_limits_count_the_visitors_address_and_not_the_proxys(installation: Installation) -> None:
    """Over Redis, so that both workers count together; a client's own X-Forwarded-For changes nothing."""
    first, second = {"nginx": ("127.0.0.2", "127.0.0.3"), "caddy": ("127.0.0.4", "127.0.0.5")}[installation.proxy]
    with installation.client(first) as client:
        tries = [client.post(f"{VISITOR}/sessions", json={}).status_code for _ in range(SESSIONS_A_MINUTE + 1)]
        forged = client.post(f"{VISITOR}/sessions", json={}, headers={"X-Forwarded-For": "198.51.100.9"})
    assert tries == [201] * SESSIONS_A_MINUTE + [429]
    assert forged.status_code == 429
    with installation.client(second) as other:
        assert other.post(f"{VISITOR}/sessions", json={}).status_code == 201


@pytest.mark.parametrize(("origin", "is_taken"), [("", True), ("https://evil.example", False)])
def test_a_socket_opens_for_our_own_pages_only(installation: Installation, origin: str, is_taken: bool) -> None:
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": origin or installation.url,
    }  # fmt: skip
    with installation.client() as client:
        session = client.post("/api/v1/auth/login", json={"email": ANA.email, "password": PASSWORD})
        assert session.status_code == 204
        path = "/_event/?token=00000000-0000-4000-8000-000000000000&EIO=4&transport=websocket"
        with client.stream("GET", path, headers=upgrade) as answer:
            assert (answer.status_code == 101) is is_taken


def test_an_event_stream_comes_at_once(installation: Installation) -> None:
    """A proxy that buffers it would hold `ready` back until much more has gathered."""
    with installation.client() as client:
        client.post("/api/v1/auth/login", json={"email": ANA.email, "password": PASSWORD}).raise_for_status()
        with client.stream("GET", "/api/v1/agent/events", timeout=10) as stream:
            assert next(line for line in stream.iter_lines() if line.startswith("event:")) == "event: ready"


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_by_the_server_and_not_by_the_proxy(
    installation: Installation, is_chunked: bool
) -> None:
    body = b'{"locale": "' + b"x" * 2 * MEGABYTE + b'"}'
    with installation.client() as client:
        answer = client.post(f"{VISITOR}/sessions", content=iter([body]) if is_chunked else body)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.json()["detail"] == "A body has at most 32 KiB."


def test_a_picture_of_nearly_the_largest_size_passes_and_a_larger_one_gets_a_sentence(
    installation: Installation,
) -> None:
    allowed, too_large = noise(1320), noise(1330)
    assert 4.9 * MEGABYTE < len(allowed) < 5 * MEGABYTE < len(too_large)
    with installation.client() as client:
        client.post("/api/v1/auth/login", json={"email": ROOT.email, "password": PASSWORD}).raise_for_status()
        refused = client.put(PICTURE, content=too_large)
        assert (refused.status_code, refused.json()["detail"]) == (413, "A body has at most 5120 KiB.")
        assert client.put(PICTURE, content=allowed).status_code == 204
