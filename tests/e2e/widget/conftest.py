"""One server for the tests that do not stop it; an agent who is free at the start of each test."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route

from tests import people
from tests.browsers import NewPage
from tests.conftest import StartServer
from tests.databases import SqliteTemplate
from tests.e2e.widget.agent import Agent, add_agent
from tests.e2e.widget.booking_card import BookingCard, Shared, in_chat
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.people import ANA, ROOT
from tests.servers import InboxServer

EARLY = """<script>
window.AgentInbox = { q: [] };
for (const name of ["open", "close", "identify", "setAttributes", "trackPageView", "on", "off"])
  AgentInbox[name] = (...values) => AgentInbox.q.push([name, ...values]);
AgentInbox.identify({ name: "Early Bird" });
AgentInbox.open();
</script>"""
SITE = """<!doctype html><html lang="{language}"><title>A shop</title>
<meta name="viewport" content="width=device-width"><main><h1>Shop</h1></main>{early}
<script src="/widget.js" async data-accent="{accent}"></script>"""
MakeChat = Callable[..., VisitorChat]


@pytest.fixture(scope="package")
def shared_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    with people.served(sqlite_template, tmp_path_factory.mktemp("widget"), ANA, ROOT) as server:
        yield server


@pytest.fixture
def own_server(start_server: StartServer, sqlite_url: str) -> InboxServer:
    """A server that the test may stop and start."""
    server = start_server(sqlite_url)
    add_agent(server)
    return server


@pytest.fixture
def agent(shared_server: InboxServer) -> Iterator[Agent]:
    with Agent(shared_server) as agent:
        yield agent


@pytest.fixture
def visit(shared_server: InboxServer, new_page: NewPage) -> MakeChat:
    """`visit("/chat", locale="fr-FR")`: a new visitor, in a browser of their own."""

    def make(path: str = "/chat", **options: object) -> VisitorChat:
        return VisitorChat(new_page(shared_server.url, **options), path)

    return make


@pytest.fixture
def visit_embedded(visit: MakeChat) -> MakeChat:
    """As `visit`, with `/embedding` as a customer's page of one script tag; `accent="gold"` goes into the tag.

    `language`: the page's, else the browser's.
    """

    def make(path: str, *, accent: str = "", language: str = "", **options: object) -> VisitorChat:
        chat = visit("about:blank", **options)
        spoken = language or str(options.get("locale", "en"))[:2]

        def serve(route: Route) -> None:
            early = EARLY if "early" in route.request.url else ""
            route.fulfill(content_type="text/html", body=SITE.format(language=spoken, early=early, accent=accent))

        chat.page.route(re.compile(r"/embedding"), serve)
        chat.page.goto(path)
        return chat

    return make


@pytest.fixture
def chatting(visit: MakeChat, agent: Agent) -> VisitorChat:
    """A visitor whose chat the agent has accepted."""
    chat = visit().start("Hello")
    agent.accept()
    chat.log.get_by_text("Ana Lovelace joined the chat").wait_for()
    return chat


@pytest.fixture
def shared(visit: MakeChat, agent: Agent) -> Shared:
    """A visitor with an email, in a chat in which the agent has shared a calendar."""
    chat = in_chat(visit("/chat", timezone_id="Europe/Paris", locale="en-GB"), agent)
    return chat, BookingCard(chat.page), agent.share_calendar()
