"""One installation as an operator runs it: production, PostgreSQL, Redis, two workers, limits on, behind each proxy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests import people
from tests.browsers import NewPage
from tests.databases import PostgresTemplate
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.people import ANA, ROOT
from tests.programs import Redis, free_port, wait_until
from tests.proxies import Certificate, Kind, make_certificate, running_proxy, why_no
from tests.servers import InboxServer
from tests.shops import running_shop

FOREIGN_SOCKET = ("https://evil.example is not an accepted origin",)
"""What Engine.IO logs as an error, once, when a test opens a socket from elsewhere."""


@dataclass(frozen=True)
class Installation:
    """What people reach, and the server that nobody reaches directly."""

    url: str
    server: InboxServer
    tls: Certificate
    proxy: Kind

    def client(self, address: str = "127.0.0.1", **headers: str) -> httpx.Client:
        """A program at an address of its own."""
        transport = httpx.HTTPTransport(verify=self.tls.trusted, local_address=address)
        return httpx.Client(transport=transport, base_url=self.url, headers=headers, timeout=20)


@pytest.fixture(scope="package")
def shops() -> Iterator[tuple[str, str]]:
    """Two web sites with the widget: the inbox allows the first."""
    with running_shop() as first, running_shop() as second:
        yield first, second


@pytest.fixture(scope="package")
def production(
    tmp_path_factory: pytest.TempPathFactory, postgres_template: PostgresTemplate, redis_server: Redis,
    shops: tuple[str, str],
) -> Iterator[tuple[InboxServer, int]]:  # fmt: skip
    """The server, and the port where its proxies listen in turn."""
    port = free_port()
    server = InboxServer(
        tmp_path_factory.mktemp("production"),
        postgres_template.copy(),
        env="production",
        workers=2,
        redis_url=redis_server.url,
        public_url=f"https://localhost:{port}",
        allowed_origins=shops[0],
        trusted_proxies="127.0.0.1",
        allowed_errors=FOREIGN_SOCKET,
    )
    people.add(server, ANA, ROOT)
    try:
        server.start()
        wait_until(lambda: len(server.workers()) == 2, "two workers run")
        yield server, port
    finally:
        server.stop()
    assert server.trouble() == []


@pytest.fixture(scope="package", params=["nginx", "caddy"])
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, production: tuple[InboxServer, int]
) -> Iterator[Installation]:
    if reason := why_no(request.param):
        pytest.skip(reason)
    server, port = production
    directory = tmp_path_factory.mktemp(request.param)
    tls = make_certificate(directory)
    with running_proxy(request.param, directory / "run", port, f"127.0.0.1:{server.port}", tls):
        yield Installation(f"https://localhost:{port}", server, tls, request.param)


@pytest.fixture
def shop(installation: Installation, shops: tuple[str, str], new_page: NewPage) -> Callable[..., VisitorChat]:
    """`shop()`: a new visitor on the allowed site."""

    def make() -> VisitorChat:
        return VisitorChat(new_page(shops[0], ignore_https_errors=True), f"/?{installation.url}")

    return make
