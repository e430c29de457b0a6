"""One server with agents, a manager and an admin; after each test nobody has a chat and calendars are as at first."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page

from tests import people
from tests.browsers import NewPage
from tests.conftest import StartServer
from tests.databases import SqliteTemplate
from tests.e2e.inbox.conftest import leave_nothing, signed_in
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.meetings.booking_visitor import BookingVisitor
from tests.e2e.meetings.share_dialog import ShareDialog
from tests.mail_servers import MailServer
from tests.people import ANA, BEN, MIA, ROOT, Person, api_of
from tests.programs import wait_until
from tests.servers import InboxServer

SignIn = Callable[..., InboxPage]
OpenPage = Callable[..., Page]
Arrive = Callable[..., BookingVisitor]
SetHours = Callable[..., None]
Chatting = tuple[ShareDialog, BookingVisitor]
ZONE = {"timezone_id": "Europe/Paris"}
PARIS = ZONE | {"locale": "en-GB"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
VERA = "vera@example.org"


@pytest.fixture(scope="package")
def shared_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    with people.served(sqlite_template, tmp_path_factory.mktemp("meetings"), ANA, BEN, MIA, ROOT) as server:
        yield server


@pytest.fixture
def server(shared_server: InboxServer) -> Iterator[InboxServer]:
    yield shared_server
    for person in (ANA, BEN):
        leave_nothing(shared_server, person)


@pytest.fixture
def open_office(start_server: StartServer, sqlite_url: str, post: MailServer) -> StartServer:
    """`open_office(ANA, BEN, allowed_origins=…)`: a server of this test's own, whose mails `post` takes."""

    def make(*members: Person, **settings: Any) -> InboxServer:
        server = start_server(sqlite_url, smtp_url=post.url, **settings)
        people.add(server, *members)
        return server

    return make


@pytest.fixture
def sign_in(server: InboxServer, new_page: NewPage) -> SignIn:
    """`sign_in(ANA, locale="fr-FR")`: an available agent's tab, in Paris unless said otherwise."""

    def make(person: Person = ANA, **options: Any) -> InboxPage:
        return signed_in(new_page, server, person, **(ZONE | options))

    return make


@pytest.fixture
def open_page(server: InboxServer, new_page: NewPage) -> OpenPage:
    """`open_page(MIA, "/meetings")`: that page in a browser of this person, who takes no chats."""

    def make(person: Person, path: str, **options: Any) -> Page:
        page = signed_in(new_page, server, person, is_available=False, **(ZONE | options)).page
        page.goto(path)
        return page

    return make


@pytest.fixture
def arrive(server: InboxServer) -> Iterator[Arrive]:
    """`arrive("Omar")`: a new visitor."""
    visitors: list[BookingVisitor] = []

    def make(name: str = "Nora Lind", **details: str) -> BookingVisitor:
        visitors.append(BookingVisitor(server, name, **details))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.client.close()


@pytest.fixture
def chatting(sign_in: SignIn, arrive: Arrive) -> Chatting:
    """Ana in an opened chat with a visitor."""
    ana = sign_in(ANA).open()
    visitor = arrive().ask("Could we talk one of these days?")
    ana.accept()
    return ShareDialog(ana), visitor


@pytest.fixture
def set_hours(server: InboxServer) -> Iterator[SetHours]:
    """`set_hours(BEN, [])`: without hours for meetings, until the test is over."""
    before: dict[Person, dict[str, Any]] = {}

    def put(person: Person, value: dict[str, Any]) -> None:
        with closing(api_of(server, person)) as client:
            client.put("/agent/meeting-settings", json=value).raise_for_status()

    def change(person: Person, blocks: list[dict[str, str]]) -> None:
        with closing(api_of(server, person)) as client:
            before.setdefault(person, client.get("/agent/meeting-settings").json())
        put(person, before[person] | {"blocks": blocks})

    yield change
    for person, value in before.items():
        put(person, value)


def meeting_link(post: MailServer) -> str:
    """The link in the first mail to Vera, as it arrived."""
    wait_until(lambda: bool(post.to(VERA)), "the mail arrives")
    found = re.search(r"https?://\S+/meeting/\S+#\S+", post.to(VERA)[0].text)
    assert found is not None
    return found[0]
