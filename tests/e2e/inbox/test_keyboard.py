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


def test_the_question_is_about_the_chat_that_it_was_asked_for(ana: InboxPage, arrive: Arrive) -> None:
    nora, omar = arrive("Nora Lind").ask(), arrive("Omar Aziz")
    ana.accept()
    ana.row(nora).get_by_role("link").focus()
    ana.page.keyboard.press("e")
    question = ana.page.get_by_role("alertdialog", name="End this session?")
    expect(question.get_by_text("Nora Lind")).to_be_visible()
    omar.ask()
    expect(ana.page.locator("section.offer")).to_be_visible()
    ana.page.keyboard.press("a")
    expect(ana.page.locator("section.offer")).to_be_visible()
    ana.page.evaluate("document.querySelector('[data-accept]').click()")  # another chat opens, however it does
    expect(question).to_have_count(0)
    expect(ana.message("Hello")).to_be_visible()
    assert [one.thread()["state"] for one in (nora, omar)] == ["active", "active"]
    ana.choose(nora)
    expect(question).to_have_count(0)


def test_what_is_typed_before_the_chat_stands_is_kept_for_it(ana: InboxPage, arrive: Arrive) -> None:
    arrive("Nora Lind").ask("question of Nora")
    ana.accept()
    arrive("Omar Aziz").ask("question of Omar")
    ana.page.get_by_role("region", name="Incoming chat").get_by_role("button", name="Accept").focus()
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.type("cheers, recall each")
    expect(ana.chat.get_by_role("heading", name="Omar Aziz", exact=True)).to_be_visible()
    expect(ana.box).to_have_value("cheers, recall each")
    expect(ana.page.get_by_role("dialog")).to_have_count(0)


def test_a_past_chat_takes_no_keys(ana: InboxPage, arrive: Arrive) -> None:
    nora, omar = arrive("Nora Lind").ask("question of Nora"), arrive("Omar Aziz")
    ana.accept()
    ana.end_button.click()
    expect(ana.chat.get_by_text("Ana Lovelace ended this session")).to_be_visible()
    omar.ask("question of Omar")
    ana.accept()
    ana.show("All")
    ana.choose(nora)
    expect(ana.message("question of Nora")).to_be_visible()
    ana.page.keyboard.press("k")
    expect(ana.row(omar).get_by_role("link")).to_be_focused()
    ana.row(nora).get_by_role("link").click()
    ana.page.keyboard.press("k")
    expect(ana.row(omar).get_by_role("link")).to_be_focused()


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
