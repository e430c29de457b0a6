"""One server with its people for the tests that change no account; else a server of their own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests import people
from tests.browsers import NewPage
from tests.conftest import StartServer
from tests.databases import SqliteTemplate
from tests.e2e.frame.visitor import Visitor
from tests.people import ANA, MIA, PASSWORD, ROOT, Person
from tests.servers import InboxServer

SignedIn = Callable[..., Page]
Asks = Callable[..., Visitor]


@pytest.fixture(scope="package")
def shared_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    with people.served(sqlite_template, tmp_path_factory.mktemp("frame"), ANA, MIA, ROOT) as server:
        yield server


@pytest.fixture
def own_server(start_server: StartServer, sqlite_url: str) -> InboxServer:
    """For a test that leaves something behind."""
    server = start_server(sqlite_url)
    people.add(server, ANA, MIA)
    return server


@pytest.fixture
def signed_in(shared_server: InboxServer, new_page: NewPage) -> SignedIn:
    """`signed_in(MIA, locale="fr-FR")`: a page of a browser in which this person is signed in."""

    def make(person: Person = ANA, server: InboxServer = shared_server, **options: object) -> Page:
        page = new_page(server.url, **options)
        body = {"email": person.email, "password": PASSWORD}
        assert page.context.request.post("/api/v1/auth/login", data=body).ok
        return page

    return make


@pytest.fixture
def asks(shared_server: InboxServer) -> Iterator[Asks]:
    """`asks("Lena", "Hello")`: a visitor asks for a chat; it is over when the test is."""
    asked: list[Visitor] = []

    def make(name: str = "Lena Vogt", text: str = "Is anybody there?") -> Visitor:
        asked.append(Visitor(shared_server, name, text))
        return asked[-1]

    yield make
    for visitor in asked:
        visitor.end()
        visitor.client.close()
