"""One server with two agents and an admin.

Before each test no agent is available, and the settings are the product's.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from tests import people
from tests.browsers import NewPage
from tests.conftest import StartServer
from tests.databases import SqliteTemplate
from tests.e2e.inbox.visitor import Visitor
from tests.e2e.offers.desk import Desk
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.people import ANA, BEN, PASSWORD, ROOT, Person, api_of
from tests.servers import InboxServer

DEFAULTS = {
    "offer_seconds": 30, "wait_limit_seconds": 100, "idle_minutes": 10, "capacity": 5, "gone_minutes": 2,
    "fallback_meeting": False,
}  # fmt: skip
AtDesk = Callable[..., Desk]
Asks = Callable[..., Visitor]
Visits = Callable[..., VisitorChat]
Rules = Callable[..., None]
OwnServer = Callable[..., InboxServer]


@pytest.fixture(scope="package")
def shared_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    with people.served(sqlite_template, tmp_path_factory.mktemp("offers"), ANA, BEN, ROOT) as server:
        yield server


@pytest.fixture
def server(shared_server: InboxServer) -> Iterator[InboxServer]:
    for person in (ANA, BEN):
        with closing(api_of(shared_server, person)) as api:
            api.put("/agent/availability", json={"available": False}).raise_for_status()
    yield shared_server
    with closing(api_of(shared_server, ROOT)) as api:
        api.put("/settings", json=DEFAULTS).raise_for_status()


@pytest.fixture
def rules(server: InboxServer) -> Rules:
    """`rules(offer_seconds=10)`: set by an admin, in force at once."""

    def change(*, at: InboxServer | None = None, **settings: int) -> None:
        with closing(api_of(at or server, ROOT)) as api:
            api.put("/settings", json=settings).raise_for_status()

    return change


@pytest.fixture
def own_server(start_server: StartServer, sqlite_url: str) -> OwnServer:
    """`own_server(clock_offset=60)`: a server of this test, whose clock may be elsewhere."""

    def start(**settings: Any) -> InboxServer:
        server = start_server(sqlite_url, **settings)
        people.add(server, ANA, BEN, ROOT)
        return server

    return start


@pytest.fixture
def at_desk(server: InboxServer, new_page: NewPage) -> Iterator[AtDesk]:
    """`at_desk(BEN)`: an agent with an open page, present and available; all chats are over when the test is."""
    opened: list[Desk] = []

    def make(
        person: Person = ANA, *, path: str = "/inbox", at: InboxServer | None = None, is_available: bool = True,
        **options: Any,
    ) -> Desk:  # fmt: skip
        where = at or server
        page = new_page(where.url, **{"locale": "en-GB", "viewport": {"width": 1440, "height": 900}, **options})
        page.request.post("/api/v1/auth/login", data={"email": person.email, "password": PASSWORD})
        opened.append(Desk(page, api_of(where, person)))
        return opened[-1].open(path, is_available=is_available)

    yield make
    for desk in opened:
        desk.leave()


@pytest.fixture
def asks(server: InboxServer) -> Iterator[Asks]:
    """`asks("Lena")`: a visitor asks for a chat, by the API."""
    asked: list[Visitor] = []

    def make(name: str = "Lena Vogt", text: str = "Is anybody there?", **details: str) -> Visitor:
        asked.append(Visitor(server, name, **details))
        return asked[-1].ask(text)

    yield make
    for visitor in asked:
        visitor.end()
        visitor.client.close()


@pytest.fixture
def visits(server: InboxServer, new_page: NewPage) -> Visits:
    """`visits()`: a visitor with a browser, on the hosted page."""

    def make(*, at: InboxServer | None = None, **options: Any) -> VisitorChat:
        page: Page = new_page((at or server).url, **{"locale": "en-GB", **options})
        return VisitorChat(page, "/chat")

    return make


def is_anyone_there(server: InboxServer) -> bool:
    """What a visitor's page asks."""
    return bool(httpx.get(f"{server.url}/api/v1/visitor/availability").json()["available"])
