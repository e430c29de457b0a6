"""One server with an admin, two agents and a manager; names that a test adds are its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests import people
from tests.browsers import NewPage
from tests.databases import SqliteTemplate
from tests.e2e.frame.visitor import Visitor
from tests.people import ANA, BEN, MIA, PASSWORD, ROOT, Person
from tests.servers import InboxServer

SignedIn = Callable[..., Page]
Asks = Callable[..., Visitor]


@pytest.fixture(scope="package")
def shared_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    with people.served(sqlite_template, tmp_path_factory.mktemp("admin"), ANA, BEN, MIA, ROOT) as server:
        yield server


@pytest.fixture
def signed_in(shared_server: InboxServer, new_page: NewPage) -> SignedIn:
    """`signed_in(ROOT, "/admin?tab=rules")`: that page in a browser of this person."""

    def make(person: Person, path: str, **options: object) -> Page:
        page = new_page(shared_server.url, **({"locale": "en-GB"} | options))
        answer = page.context.request.post("/api/v1/auth/login", data={"email": person.email, "password": PASSWORD})
        assert answer.ok
        page.goto(path)
        return page

    return make


@pytest.fixture
def asks(shared_server: InboxServer) -> Iterator[Asks]:
    """`asks("Lena", "Hello")`: a visitor asks for a chat; it is over when the test is."""
    asked: list[Visitor] = []

    def make(name: str, text: str) -> Visitor:
        asked.append(Visitor(shared_server, name, text))
        return asked[-1]

    yield make
    for visitor in asked:
        visitor.client.close()
