"""The keys of the inbox. Nothing fires while typing."""

import pytest
from playwright.sync_api import expect

from tests.e2e.inbox.conftest import Arrive
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor

pytestmark = pytest.mark.e2e
Chatting = tuple[InboxPage, Visitor]


def test_a_conversation_is_found_opened_and_answered_by_keys_alone(ana: InboxPage, arrive: Arrive) -> None:
    first, second = arrive("Nora Lind").ask("question of Nora"), arrive("Omar Aziz")
    ana.accept()
    second.ask("question of Omar")
    ana.accept()
    expect(ana.message("question of Omar")).to_be_visible()
    ana.page.keyboard.press("Escape")
    ana.page.keyboard.press("j")
    expect(ana.row(first).get_by_role("link")).to_be_focused()
    ana.page.keyboard.press("ArrowUp")
    expect(ana.row(second).get_by_role("link")).to_be_focused()
    ana.page.keyboard.press("ArrowDown")
    ana.page.keyboard.press("Enter")
    expect(ana.message("question of Nora")).to_be_visible()
    ana.page.keyboard.press("r")
    expect(ana.box).to_be_focused()
    ana.page.keyboard.type("jerk?")
    expect(ana.box).to_have_value("jerk?")
    ana.page.keyboard.press("Shift+Enter")
    ana.page.keyboard.type("second line")
    ana.page.keyboard.press("Enter")
    expect(ana.message("jerk?\nsecond line")).to_be_visible()
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    assert first.texts() == ["jerk?\nsecond line"]
    ana.page.keyboard.press("Escape")
    expect(ana.row(first).get_by_role("link")).to_be_focused()


def test_a_key_asks_before_it_ends_a_session(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.row(nora).get_by_role("link").focus()
    ana.page.keyboard.press("e")
    question = ana.page.get_by_role("alertdialog", name="End this session?")
    ana.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    assert nora.thread()["state"] == "active"
    ana.page.keyboard.press("e")
    question.get_by_role("button", name="End session").click()
    expect(ana.chat.get_by_text("Ana Lovelace ended this session")).to_be_visible()


def test_a_question_mark_shows_all_keys(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.row(nora).get_by_role("link").focus()
    ana.page.keyboard.press("?")
    sheet = ana.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_text("Next conversation")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_who_accepts_or_clicks_a_chat_writes_in_it_at_once(ana: InboxPage, arrive: Arrive) -> None:
    first, second = arrive("Nora Lind").ask("question of Nora"), arrive("Omar Aziz")
    ana.accept()
    expect(ana.box).to_be_focused()
    ana.page.keyboard.type("Hello, share everything")  # with the letters of other keys
    expect(ana.box).to_have_value("Hello, share everything")
    second.ask("question of Omar")
    ana.accept()
    expect(ana.box).to_be_focused()
    expect(ana.box).to_have_value("")
    ana.choose(first)
    expect(ana.box).to_be_focused()
    expect(ana.box).to_have_value("Hello, share everything")
    ana.choose(first)
    expect(ana.box).to_be_focused()


def test_a_chat_that_a_key_opens_leaves_the_keys_with_the_list(ana: InboxPage, arrive: Arrive) -> None:
    nora = arrive("Nora Lind").ask("question of Nora")
    ana.accept()
    ana.open()
    link = ana.row(nora).get_by_role("link")
    link.press("Enter")
    expect(ana.message("question of Nora")).to_be_visible()
    expect(link).to_be_focused()
