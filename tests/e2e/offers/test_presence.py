"""PRODUCT 2.5, 3.7: who is there is told by live connections, not by page timers."""

import re

from playwright.sync_api import expect

from tests.e2e.offers.conftest import AtDesk, Visits, is_anyone_there
from tests.programs import wait_until
from tests.servers import InboxServer

HIDE = """Object.defineProperty(document, "hidden", { get: () => true });
Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
document.dispatchEvent(new Event("visibilitychange"));"""
GONE_WITHIN = 30  # seconds


def test_a_tab_that_was_hidden_for_ten_minutes_is_present_and_is_asked(
    server: InboxServer, at_desk: AtDesk, visits: Visits
) -> None:
    desk = at_desk()
    desk.page.clock.install()
    desk.page.evaluate(HIDE)
    desk.page.clock.fast_forward("10:00")
    assert is_anyone_there(server)
    visits().start()
    expect(desk.offer.region).to_be_visible()
    expect(desk.page).to_have_title(re.compile(r"^\(\d+\) "))


def test_a_closed_tab_is_gone_within_30_seconds_and_not_while_another_is_open(
    server: InboxServer, at_desk: AtDesk
) -> None:
    desk = at_desk()
    other = desk.page.context.new_page()
    other.goto("/settings")
    expect(other.get_by_role("status", name="Availability")).to_be_visible()
    desk.page.close()
    other.wait_for_timeout(5_000)  # more than the grace of a closed tab
    assert is_anyone_there(server)
    other.close()
    wait_until(lambda: not is_anyone_there(server), "the agent is gone", seconds=GONE_WITHIN)


def test_the_agent_sees_that_the_visitor_is_disconnected_and_is_back(at_desk: AtDesk, visits: Visits) -> None:
    desk, chat = at_desk(), visits()
    chat.start("Back in a minute")
    desk.offer.accept.click()
    header = desk.inbox.chat.get_by_role("paragraph").first
    expect(header).to_have_text("online")
    chat.page.goto("about:blank")
    expect(header).to_have_text("Visitor disconnected", timeout=20_000)
    chat.page.go_back()
    expect(chat.bubble("Back in a minute")).to_be_visible()
    expect(header).to_have_text("online")
