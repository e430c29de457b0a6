"""A page without its server says so quietly, and goes on by itself."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browsers import NewPage
from tests.conftest import StartServer
from tests.dead_paths import proxy_to
from tests.e2e.frame.conftest import SignedIn
from tests.e2e.frame.screens import Frame, Offer
from tests.e2e.frame.visitor import Visitor
from tests.e2e.inbox.inbox_page import InboxPage
from tests.people import ANA, MIA, PASSWORD
from tests.programs import Postgres, stopped, wait_until
from tests.servers import InboxServer

NOTE_NOTICES = """() => {
  window.notices = window.offline = 0;
  new MutationObserver(() => {
    window.notices += document.querySelectorAll(".notice-bar").length;
    window.offline += document.querySelectorAll(".dot-offline").length;
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""


def test_a_restart_of_the_server_is_said_and_then_forgotten(own_server: InboxServer, signed_in: SignedIn) -> None:
    page = signed_in(ANA, own_server)
    frame, offer = Frame(page).open("/settings"), Offer(page)
    notice, dot = page.get_by_text("No connection since"), frame.sentence.locator(".dot")
    visitor = Visitor(own_server, "Lena Vogt", "Is anybody there?")
    expect(offer.accept).to_be_enabled()
    expect(dot).to_have_class(re.compile("dot-online"))

    own_server.stop()
    expect(notice).to_be_visible()
    for control in (frame.switch, offer.accept, offer.decline):  # a click would be kept and done later
        expect(control).to_be_disabled()
    expect(dot).to_have_class(re.compile("dot-offline"))
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    own_server.start()

    expect(notice).to_have_count(0)
    expect(dot).to_have_class(re.compile("dot-online"))
    assert visitor.state == "offered"
    visitor.client.close()
    offer.accept.click()
    expect(page).to_have_url(re.compile(visitor.conversation_id))
    frame.switch.click()
    expect(frame.sentence).to_have_text("Unavailable, set by you")


def test_a_dead_path_is_noticed_within_12_seconds_and_forgotten_once_it_works(
    own_server: InboxServer, new_page: NewPage
) -> None:
    with proxy_to(own_server.port) as proxy:
        page = new_page(proxy.url)
        assert page.context.request.post("/api/v1/auth/login", data={"email": ANA.email, "password": PASSWORD}).ok
        page.clock.install()
        inbox, frame, offer = InboxPage(page).open(), Frame(page), Offer(page)
        notice, dot = page.get_by_text("No connection since"), frame.sentence.locator(".dot")
        controls = (frame.switch, offer.accept, offer.decline, inbox.end_button)
        first = Visitor(own_server, "Lena Vogt", "Hello")
        inbox.accept()
        second = Visitor(own_server, "Tom Hale", "Is anybody there?")
        inbox.box.fill("Half a sentence")
        for control in controls:
            expect(control).to_be_enabled()

        with proxy.silent():
            page.clock.run_for(12_000)
            expect(dot).to_have_class(re.compile("dot-offline"), timeout=3_000)
            expect(notice).to_be_visible(timeout=3_000)
            for control in controls:
                expect(control).to_be_disabled(timeout=3_000)
            offer.accept.click(force=True)
            page.keyboard.press("a")
        page.clock.run_for(7_000)

        expect(dot).to_have_class(re.compile("dot-online"))
        expect(notice).to_have_count(0)
        expect(inbox.box).to_have_value("Half a sentence")
        expect(offer.region).to_be_visible()
        assert second.state == "offered"
        offer.accept.click()
        expect(page).to_have_url(re.compile(second.conversation_id))
        for visitor in (first, second):
            visitor.client.close()
        page.close()


def test_a_break_of_less_than_a_second_says_nothing(own_server: InboxServer, new_page: NewPage) -> None:
    with proxy_to(own_server.port) as proxy:
        page = new_page(proxy.url)
        assert page.context.request.post("/api/v1/auth/login", data={"email": ANA.email, "password": PASSWORD}).ok
        page.clock.install()
        frame = Frame(page).open("/settings")
        expect(frame.switch).to_be_enabled()
        page.evaluate(NOTE_NOTICES)
        page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))  # however slow this machine is
        proxy.cut()
        page.wait_for_function("window.offline > 0 && document.querySelector('.dot-online') !== null")
        page.clock.resume()
        frame.rail.get_by_role("link", name="Inbox").click()
        frame.is_at("/inbox")
        assert page.evaluate("window.notices") == 0
        page.close()


@pytest.mark.postgres
def test_a_page_that_met_no_database_is_there_when_it_is(
    start_server: StartServer, postgres_server: Postgres, postgres_url: str, signed_in: SignedIn
) -> None:
    server = start_server(postgres_url)
    people.add(server, ANA, MIA)
    page = signed_in(ANA, server)
    frame = Frame(page).open("/inbox")

    with stopped(postgres_server):
        page.reload()
        expect(page.get_by_text("The database does not answer").first).to_be_visible()

    expect(page.get_by_text("No active conversations.")).to_be_visible()
    frame.switch.click()
    expect(frame.sentence).to_have_text("Unavailable, set by you")


def test_what_a_page_listened_to_is_gone_when_it_is_left_reloaded_and_closed(
    own_server: InboxServer, signed_in: SignedIn
) -> None:
    page = signed_in(ANA, own_server)
    frame = Frame(page).open("/settings")
    wait_until(lambda: own_server.listeners() > 0, "the page listens")
    of_one_page = own_server.listeners()

    frame.rail.get_by_role("link", name="Inbox").click()
    frame.is_at("/inbox")
    frame.rail.get_by_role("link", name="Settings").click()
    page.reload()
    expect(frame.title).to_have_text("Settings")
    wait_until(lambda: own_server.listeners() == of_one_page, "only the page that is shown listens")

    page.close()
    wait_until(lambda: own_server.listeners() == 0, "nobody listens")
