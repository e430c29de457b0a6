"""One server for the tests that do not stop it; after each test nobody has a chat or is available."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from tests import people
from tests.browsers import NewPage
from tests.conftest import StartServer
from tests.databases import SqliteTemplate
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor
from tests.people import ANA, BEN, MIA, PASSWORD, Person, api_of
from tests.servers import InboxServer

SignIn = Callable[..., InboxPage]
Arrive = Callable[..., Visitor]


@pytest.fixture(scope="package")
def shared_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    with people.served(sqlite_template, tmp_path_factory.mktemp("inbox"), ANA, BEN, MIA) as server:
        yield server


@pytest.fixture
def own_server(start_server: StartServer, sqlite_url: str) -> InboxServer:
    """A server that the test may stop and start."""
    server = start_server(sqlite_url)
    people.add(server, ANA, BEN)
    return server


@pytest.fixture
def server(shared_server: InboxServer) -> Iterator[InboxServer]:
    yield shared_server
    for person in (ANA, BEN):
        leave_nothing(shared_server, person)


def leave_nothing(server: InboxServer, person: Person) -> None:
    """End what is open, take nothing more."""
    with closing(api_of(server, person)) as client:
        client.put("/agent/availability", json={"available": False})
        for row in client.get("/conversations", params={"filter": "active"}).json()["items"]:
            client.post(f"/conversations/{row['id']}/end")


@pytest.fixture
def sign_in(server: InboxServer, new_page: NewPage) -> SignIn:
    """`sign_in(BEN, locale="fr-FR")`: the tab of a person in a browser of their own, available."""

    def make(
        person: Person = ANA, *, at: InboxServer | None = None, is_available: bool = True, **options: Any
    ) -> InboxPage:
        return signed_in(new_page, at or server, person, is_available=is_available, **options)

    return make


def signed_in(
    new_page: NewPage, server: InboxServer, person: Person, *, is_available: bool = True, **options: Any
) -> InboxPage:
    """A browser with the cookie of a new sign-in."""
    options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options
    page = new_page(server.url, **options)
    page.request.post("/api/v1/auth/login", data={"email": person.email, "password": PASSWORD})
    page.request.put("/api/v1/agent/availability", data={"available": is_available})
    return InboxPage(page)


@pytest.fixture
def arrive(server: InboxServer) -> Iterator[Arrive]:
    """`arrive("Omar")`: a new visitor, by the API."""
    visitors: list[Visitor] = []

    def make(name: str = "Nora Lind", *, at: InboxServer | None = None, **details: str) -> Visitor:
        visitors.append(Visitor(at or server, name, **details))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.client.close()


@pytest.fixture
def ana(sign_in: SignIn) -> InboxPage:
    """Ana's inbox, opened and available."""
    return sign_in(ANA).open()


@pytest.fixture
def chatting(ana: InboxPage, arrive: Arrive) -> tuple[InboxPage, Visitor]:
    """Ana in an opened chat with a visitor."""
    visitor = arrive().ask("Hello, are you there?")
    ana.accept()
    return ana, visitor
