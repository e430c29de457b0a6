"""What an agent has typed and not sent."""

import pytest
from playwright.sync_api import Response, expect

from tests.e2e.inbox.conftest import Arrive, SignIn
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor
from tests.people import ANA

pytestmark = pytest.mark.e2e
Chatting = tuple[InboxPage, Visitor]


def type_draft(tab: InboxPage, text: str) -> None:
    """Type, and wait until the server has it."""
    with tab.page.expect_response(lambda answer: answer.url.endswith("/draft")) as saved:
        tab.box.fill(text)
    assert saved.value.status == 204


def drafted(answer: Response) -> str:
    """The text that was saved."""
    return str(answer.request.post_data_json["text"])


def test_a_draft_survives_a_reload_and_is_on_another_device(chatting: Chatting, sign_in: SignIn) -> None:
    ana, nora = chatting
    type_draft(ana, "half a sentence")
    ana.page.reload()
    expect(ana.box).to_have_value("half a sentence")
    elsewhere = sign_in(ANA).open_chat(nora)
    expect(elsewhere.box).to_have_value("half a sentence")
    elsewhere.box.fill("a whole sentence")
    with elsewhere.page.expect_response(lambda answer: answer.url.endswith("/draft") and not drafted(answer)):
        elsewhere.box.press("Enter")
    ana.page.reload()
    expect(ana.message("a whole sentence")).to_be_visible()
    expect(ana.box).to_have_value("")


def test_what_was_sent_in_one_tab_is_no_draft_in_another(chatting: Chatting) -> None:
    ana, nora = chatting
    type_draft(ana, "Only once")
    other = InboxPage(ana.page.context.new_page()).open_chat(nora)
    expect(other.box).to_have_value("Only once")
    ana.box.press("Enter")
    expect(other.message("Only once")).to_be_visible()
    expect(other.box).to_have_value("")


def test_each_conversation_has_its_own(ana: InboxPage, arrive: Arrive) -> None:
    first, second = arrive("Nora Lind").ask(), arrive("Omar Aziz")
    ana.accept()
    second.ask()
    ana.accept()
    expect(ana.chat.get_by_role("heading", name="Omar Aziz")).to_be_visible()
    ana.box.fill("for Omar")
    ana.choose(first)
    expect(ana.box).to_have_value("")
    ana.box.fill("for Nora")
    ana.choose(second)
    expect(ana.box).to_have_value("for Omar")
    ana.choose(first)
    expect(ana.box).to_have_value("for Nora")


def test_another_tabs_draft_does_not_overwrite_what_one_is_typing(chatting: Chatting) -> None:
    ana, nora = chatting
    other = InboxPage(ana.page.context.new_page()).open_chat(nora)
    ana.box.fill("typed here")
    type_draft(other, "typed there")
    nora.say("something happens")
    expect(ana.message("something happens")).to_be_visible()
    expect(ana.box).to_have_value("typed here")


def test_a_page_that_closes_at_once_still_saves(chatting: Chatting, sign_in: SignIn) -> None:
    ana, nora = chatting
    ana.box.fill("typed and gone")
    ana.page.goto("about:blank")
    ana.open_chat(nora)
    expect(ana.box).to_have_value("typed and gone")
