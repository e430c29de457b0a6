"""A server with an agent and an admin, and a Radicale, for each test: they leave calendars behind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import people
from tests.browsers import NewPage
from tests.calendar_servers import Radicale, running_radicale
from tests.conftest import StartServer
from tests.people import ANA, PASSWORD, ROOT, Person
from tests.servers import InboxServer

SignedIn = Callable[..., Page]


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    with running_radicale(tmp_path / "radicale") as server:
        yield server


@pytest.fixture
def own_server(start_server: StartServer, sqlite_url: str) -> InboxServer:
    server = start_server(sqlite_url)
    people.add(server, ANA, ROOT)
    return server


@pytest.fixture
def signed_in(own_server: InboxServer, new_page: NewPage) -> SignedIn:
    """`signed_in(ANA, "/settings")`: that page in a browser of this person."""

    def make(person: Person, path: str, **options: object) -> Page:
        page = new_page(own_server.url, **({"locale": "en-GB"} | options))
        body = {"email": person.email, "password": PASSWORD}
        assert page.context.request.post("/api/v1/auth/login", data=body).ok
        page.goto(path)
        return page

    return make
