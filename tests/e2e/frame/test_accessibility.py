"""axe finds nothing serious, in both schemes."""

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.accessibility import barriers
from tests.browsers import NewPage
from tests.e2e.frame.conftest import Asks, SignedIn
from tests.e2e.frame.screens import Frame, Offer, SignIn
from tests.people import ANA, MIA, Person
from tests.servers import InboxServer

Scheme = Literal["light", "dark"]
pytestmark = pytest.mark.parametrize("scheme", ["light", "dark"])


def test_the_sign_in_page(shared_server: InboxServer, new_page: NewPage, scheme: Scheme) -> None:
    page = new_page(shared_server.url, color_scheme=scheme)
    sign_in = SignIn(page).open()
    sign_in.enter(ANA, "wrong")
    expect(sign_in.alert).to_be_visible()

    assert barriers(page) == []


@pytest.mark.parametrize("path", ["/reset", "/invitation#unknown"])
def test_the_pages_of_one_time_links(shared_server: InboxServer, new_page: NewPage, scheme: Scheme, path: str) -> None:
    page = new_page(shared_server.url, color_scheme=scheme)
    page.goto(path)
    expect(page.get_by_text("Ask", exact=False).first).to_be_visible()

    assert barriers(page) == []


@pytest.mark.parametrize(("person", "path"), [(ANA, "/settings"), (MIA, "/history"), (MIA, "/inbox")])
def test_the_framed_pages(signed_in: SignedIn, asks: Asks, scheme: Scheme, person: Person, path: str) -> None:
    asks().end()
    page = signed_in(person, color_scheme=scheme)
    Frame(page).open(path)
    expect(page.get_by_role("main").locator("[aria-busy]")).to_have_count(0)

    assert barriers(page) == []


def test_the_offer(signed_in: SignedIn, asks: Asks, scheme: Scheme) -> None:
    page = signed_in(color_scheme=scheme, reduced_motion="reduce")
    Frame(page).open("/settings")
    asks()
    expect(Offer(page).accept).to_be_focused()

    assert barriers(page) == []
