"""PRODUCT 3.6: nobody loses a chat unwarned."""

import re

from playwright.sync_api import expect

from tests.e2e.offers.conftest import AtDesk, OwnServer, Rules, Visits

PATIENCE = 45_000
"""Milliseconds. The shortest setting is one minute, warned at its half: the server's clock is moved there."""


def test_both_sides_are_warned_a_message_takes_it_back_and_silence_ends_it(
    own_server: OwnServer, at_desk: AtDesk, visits: Visits, rules: Rules
) -> None:
    server = own_server()
    rules(at=server, idle_minutes=1)
    desk, chat = at_desk(at=server), visits(at=server)
    chat.start("Let me think")
    desk.offer.accept.click()
    expect(desk.inbox.log).to_be_visible()
    server.restart(clock_offset=25)
    expect(desk.idle).to_have_text(
        re.compile("This chat ends in (30|2[0-9]) s because nobody writes"), timeout=PATIENCE
    )
    expect(chat.status("This chat ends in")).to_be_visible()
    desk.page.reload()
    expect(desk.idle).to_be_visible()
    chat.page.reload()
    expect(chat.status("This chat ends in")).to_be_visible()
    chat.send("Still thinking")
    expect(desk.idle).to_have_count(0)
    expect(chat.status("This chat ends in")).to_have_count(0)
    server.restart(clock_offset=50)
    expect(desk.idle).to_be_visible(timeout=PATIENCE)
    server.restart(clock_offset=75)
    expect(chat.status("The chat ended because nobody wrote for a while.")).to_be_visible(timeout=PATIENCE)
    expect(desk.inbox.log.get_by_text("Ended after a long silence")).to_be_visible()
    expect(desk.inbox.chat.get_by_text("This session ended after a long silence")).to_be_visible()
    expect(desk.idle).to_have_count(0)
