"""Nothing that an agent writes is lost, doubled or reordered; nothing that failed says it was sent."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browsers import NewPage
from tests.e2e.inbox.conftest import Arrive, signed_in
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor
from tests.people import ANA
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e
Chatting = tuple[InboxPage, Visitor]
MESSAGES = re.compile(r"/api/v1/conversations/\w+/messages$")
CREATED, OK = 201, 200
PATIENCE = 30_000  # milliseconds: all attempts of a message with their pauses


def test_a_lost_answer_adds_no_row_and_no_second_bubble(chatting: Chatting) -> None:
    ana, nora = chatting
    committed: list[int] = []

    def commit_then_lose(route: Route) -> None:
        committed.append(route.fetch().status)
        route.abort()

    ana.page.route(MESSAGES, commit_then_lose)
    ana.send("Only once")
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    expect(ana.message("Only once")).to_have_count(1)
    ana.page.unroute(MESSAGES)
    ana.send("And the next")
    expect(ana.message("And the next")).to_have_count(1)
    expect(ana.log.get_by_text("Not sent")).to_have_count(0)
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    assert nora.texts() == ["Only once", "And the next"]
    assert committed[0] == CREATED


def test_a_message_whose_answer_was_lost_is_asked_for_again_by_the_next_page(chatting: Chatting) -> None:
    ana, nora = chatting
    kept = "() => Object.entries(localStorage).filter(([key]) => key.startsWith('inbox-outbox:'))"
    ana.page.route(MESSAGES, lambda route: route.abort())
    ana.send("Once over two pages")
    entries = ana.page.evaluate(kept)
    ana.page.unroute(MESSAGES)
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible(timeout=PATIENCE)
    ana.page.evaluate("entries => entries.forEach(([key, value]) => localStorage.setItem(key, value))", entries)
    with ana.page.expect_response(MESSAGES, timeout=PATIENCE) as again:
        ana.page.reload()
    assert again.value.status == OK
    expect(ana.message("Once over two pages")).to_have_count(1)
    assert nora.texts() == ["Once over two pages"]


def test_what_does_not_get_through_says_so_and_retry_really_sends_it(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.page.route(MESSAGES, lambda route: route.abort())
    ana.send("First try")
    ana.send("Second in line")
    expect(ana.log.get_by_text("Sending…")).to_be_visible()
    expect(ana.log.get_by_text("Not sent")).to_have_count(2, timeout=PATIENCE)
    assert nora.texts() == []
    ana.page.unroute(MESSAGES)
    ana.log.get_by_role("button", name="Retry").first.click()
    expect(ana.log.get_by_text("Not sent")).to_have_count(1)
    ana.log.get_by_role("button", name="Retry").click()
    expect(ana.log.get_by_text("Not sent")).to_have_count(0)
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    assert nora.texts() == ["First try", "Second in line"]


def test_a_server_in_trouble_is_tried_again_in_order(chatting: Chatting) -> None:
    ana, nora = chatting
    answers = iter([503, 500, 429])

    def fail_at_first(route: Route) -> None:
        status = next(answers, None)
        route.continue_() if status is None else route.fulfill(status=status, json={})

    ana.page.route(MESSAGES, fail_at_first)
    for text in ("one", "two", "three"):
        ana.send(text)
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible(timeout=PATIENCE)
    assert nora.texts() == ["one", "two", "three"]


def test_a_message_on_its_way_survives_a_reload(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.page.route(MESSAGES, lambda route: route.abort())
    ana.send("Sent by the next page")
    expect(ana.log.get_by_text("Sending…")).to_be_visible()
    ana.page.unroute(MESSAGES)
    ana.page.reload()
    expect(ana.message("Sent by the next page")).to_have_count(1)
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    assert nora.texts() == ["Sent by the next page"]


def test_text_that_came_too_late_stays_in_the_box(chatting: Chatting) -> None:
    ana, nora = chatting

    def after_the_end(route: Route) -> None:
        nora.end()
        route.continue_()

    ana.page.route(MESSAGES, after_the_end)
    ana.box.fill("Too late")
    ana.box.press("Enter")
    expect(ana.chat.get_by_role("alert")).to_contain_text("This conversation has ended.")
    expect(ana.box).to_have_value("Too late")
    expect(ana.send_button).to_have_count(0)
    ana.page.reload()
    expect(ana.box).to_have_value("Too late")
    assert nora.texts() == []


def test_an_expired_session_goes_to_sign_in_and_back_with_the_text(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.page.context.clear_cookies()
    ana.box.fill("Kept over the sign-in")
    ana.box.press("Enter")
    expect(ana.page).to_have_url(re.compile(r"/login/?\?next="))
    ana.page.get_by_role("textbox", name="Email").fill(ANA.email)
    ana.page.get_by_role("textbox", name="Password").fill("correct-horse-9")
    ana.page.get_by_role("button", name="Sign in").click()
    expect(ana.page).to_have_url(re.compile(rf"/inbox/{nora.conversation_id}$"))
    expect(ana.box).to_have_value("Kept over the sign-in")
    assert nora.texts() == []


def test_a_text_that_is_too_long_cannot_be_sent(chatting: Chatting) -> None:
    ana, _ = chatting
    ana.box.fill("x" * 3_999)
    expect(ana.chat.get_by_text("3,999 of 4,000 characters")).to_be_visible()
    expect(ana.send_button).to_be_enabled()
    ana.box.fill("x" * 4_001)
    expect(ana.send_button).to_be_disabled()
    ana.box.fill("   ")
    expect(ana.send_button).to_be_disabled()


def test_a_restart_of_the_server_loses_and_doubles_nothing(
    own_server: InboxServer, new_page: NewPage, arrive: Arrive
) -> None:
    ana = signed_in(new_page, own_server, ANA).open()
    nora = arrive(at=own_server).ask("before")
    ana.accept()
    ana.send("answer before")
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    own_server.stop()
    ana.send("written while it was down")
    expect(ana.log.get_by_text("Sending…")).to_be_visible()
    expect(ana.end_button).to_be_disabled()  # a click would be kept, and end the chat later
    own_server.start()
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(ana.end_button).to_be_enabled()
    nora.say("after")
    expect(ana.message("after")).to_have_count(1)
    for text in ("before", "answer before", "written while it was down"):
        expect(ana.message(text)).to_have_count(1)
    assert nora.texts() == ["answer before", "written while it was down"]


def test_two_tabs_show_the_same_and_send_once(chatting: Chatting) -> None:
    ana, nora = chatting
    other = InboxPage(ana.page.context.new_page()).open_chat(nora)
    ana.send("from the first tab")
    expect(other.message("from the first tab")).to_have_count(1)
    other.send("from the second tab")
    expect(ana.message("from the second tab")).to_have_count(1)
    nora.say("to both")
    for tab in (ana, other):
        expect(tab.message("to both")).to_have_count(1)
    other.end_button.click()
    expect(ana.chat.get_by_text("Ana Lovelace ended this session")).to_be_visible()
    assert nora.texts() == ["from the first tab", "from the second tab"]
