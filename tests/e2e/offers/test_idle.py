"""PRODUCT 3.6: nobody loses a chat unwarned."""

import re

from playwright.sync_api import expect

from tests.e2e.offers.conftest import AtDesk, Rules, Visits

WARNED_WITHIN, ENDED_WITHIN = 45_000, 75_000  # milliseconds: the shortest setting is one minute, warned at its half


def test_both_sides_are_warned_a_message_takes_it_back_and_silence_ends_it(
    at_desk: AtDesk, visits: Visits, rules: Rules
) -> None:
    rules(idle_minutes=1)
    desk, chat = at_desk(), visits()
    chat.start("Let me think")
    desk.offer.accept.click()
    expect(desk.inbox.log).to_be_visible()
    expect(desk.idle).to_have_text(
        re.compile("This chat ends in (30|2[0-9]) s because nobody writes"), timeout=WARNED_WITHIN
    )
    expect(chat.status("This chat ends in")).to_be_visible()
    desk.page.reload()
    expect(desk.idle).to_be_visible()
    chat.page.reload()
    expect(chat.status("This chat ends in")).to_be_visible()
    chat.send("Still thinking")
    expect(desk.idle).to_have_count(0)
    expect(chat.status("This chat ends in")).to_have_count(0)
    expect(chat.status("The chat ended because nobody wrote for a while.")).to_be_visible(timeout=ENDED_WITHIN)
    expect(desk.inbox.log.get_by_text("Ended after a long silence")).to_be_visible()
    expect(desk.inbox.chat.get_by_text("This session ended after a long silence")).to_be_visible()
    expect(desk.idle).to_have_count(0)
