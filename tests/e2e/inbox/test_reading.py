"""Where the reader is in a long thread."""

import pytest
from playwright.sync_api import expect

from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor

pytestmark = pytest.mark.e2e
Chatting = tuple[InboxPage, Visitor]
DISTANCE_TO_END = "log => log.scrollHeight - log.scrollTop - log.clientHeight"


def test_new_messages_do_not_move_the_text_under_a_reader(chatting: Chatting) -> None:
    ana, nora = chatting
    for number in range(40):
        nora.say(f"line {number}")
    expect(ana.message("line 39")).to_be_in_viewport()
    ana.log.evaluate("log => { log.scrollTop = 200 }")
    expect(ana.page.get_by_role("button", name="Newest")).to_be_visible()
    nora.say("news one")
    nora.say("news two")
    expect(ana.page.get_by_role("button", name="2 new")).to_be_visible()
    assert ana.log.evaluate("log => log.scrollTop") == 200
    ana.page.get_by_role("button", name="2 new").click()
    expect(ana.message("news two")).to_be_in_viewport()
    expect(ana.page.get_by_role("button", name="new")).to_have_count(0)


def test_a_long_thread_opens_at_the_end_and_older_pages_come_in_above(chatting: Chatting) -> None:
    ana, nora = chatting
    for number in range(120):
        nora.say(f"line {number}")
    expect(ana.message("line 119")).to_be_visible()
    ana.page.reload()
    expect(ana.message("line 119")).to_be_in_viewport()
    assert ana.log.evaluate(DISTANCE_TO_END) < 48
    expect(ana.message("line 0")).to_have_count(0)
    for _ in range(2):
        first = ana.log.locator("[data-seq]").first.get_attribute("data-seq")
        ana.log.evaluate("log => { log.scrollTop = 100 }")
        expect(ana.log.locator("[data-seq]").first).not_to_have_attribute("data-seq", str(first))
        assert ana.log.evaluate("log => log.scrollTop") > 500, "the text that was read jumped away"
    expect(ana.message("line 0")).to_have_count(1)
    expect(ana.message("line 119")).to_have_count(1)


def test_a_thread_with_unread_messages_opens_at_the_first_of_them(chatting: Chatting) -> None:
    ana, nora = chatting
    for number in range(30):
        nora.say(f"seen {number}")
    expect(ana.message("seen 29")).to_be_in_viewport()
    expect(ana.row(nora).get_by_text("unread")).to_have_count(0)
    ana.open("/inbox")
    for number in range(30):
        nora.say(f"unread {number}")
    expect(ana.row(nora)).to_contain_text("30 unread")
    ana.choose(nora)
    expect(ana.message("unread 0")).to_be_in_viewport()
    expect(ana.message("unread 29")).not_to_be_in_viewport()
