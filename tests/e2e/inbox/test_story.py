"""From request to history: an agent in a browser, a visitor at the API."""

import pytest
from playwright.sync_api import expect

from tests.e2e.inbox.conftest import Arrive
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor

pytestmark = pytest.mark.e2e
Chatting = tuple[InboxPage, Visitor]


def test_accepted_both_write_and_the_session_ends_in_one_click(ana: InboxPage, arrive: Arrive) -> None:
    nora = arrive(job_title="Head of Operations").ask("Does the team plan include single sign-on?")
    ana.accept()
    expect(ana.page).to_have_url(f"{ana.page.url.split('/inbox')[0]}/inbox/{nora.conversation_id}")
    expect(ana.message("Does the team plan include single sign-on?")).to_be_visible()

    ana.send("Yes, SAML and OIDC.")
    expect(ana.message("Yes, SAML and OIDC.")).to_have_count(1)
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    nora.say("Great, how many seats?")
    expect(ana.message("Great, how many seats?")).to_be_visible()
    assert nora.texts() == ["Yes, SAML and OIDC."]

    ana.end_button.click()
    expect(ana.chat.get_by_text("Ana Lovelace ended this session")).to_be_visible()
    expect(ana.box).to_have_count(0)
    refused = nora.try_to_say("One more thing")
    assert (refused.status_code, refused.json()["code"]) == (409, "conversation_ended")
    expect(ana.row(nora)).to_have_count(0)
    expect(ana.show("All").row(nora)).to_be_visible()


def test_each_own_message_says_how_far_it_got(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.send("Hello Nora")
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    nora.see_all()
    expect(ana.log.get_by_text("Seen", exact=True)).to_be_visible()
    ana.send("How can I help?")
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    expect(ana.log.get_by_text("Seen", exact=True)).to_have_count(0)


def test_typing_is_a_status_until_the_message_comes(chatting: Chatting) -> None:
    ana, nora = chatting
    nora.type()
    expect(ana.page.get_by_role("status").get_by_text("Nora Lind is typing")).to_be_visible()
    nora.say("I was typing")
    expect(ana.page.get_by_text("Nora Lind is typing")).to_have_count(0)
    nora.type()
    expect(ana.page.get_by_text("Nora Lind is typing")).to_be_visible()
    nora.type(is_active=False)
    expect(ana.page.get_by_text("Nora Lind is typing")).to_have_count(0)


def test_what_the_agent_has_in_sight_is_told_to_the_visitor(chatting: Chatting) -> None:
    ana, nora = chatting
    expect(ana.row(nora).get_by_text("unread")).to_have_count(0)
    with ana.page.expect_request_finished(lambda request: request.url.endswith("/seen")) as seen:
        said = nora.say("Do you see this?")
    assert seen.value.post_data_json == {"seq": said["seq"]}
    assert nora.thread()["seen"]["agent"] == said["seq"]


def test_a_visitor_cannot_write_html_and_urls_become_links(chatting: Chatting) -> None:
    ana, nora = chatting
    text = '<img src=x onerror="document.title=1"><b>bold</b> see (https://example.com/a_(b)), or www.example.org.'
    nora.say(text)
    bubble = ana.log.get_by_text("<b>bold</b>")
    expect(bubble).to_have_text(text)
    expect(bubble.locator("img, b")).to_have_count(0)
    links = bubble.get_by_role("link")
    expect(links.nth(0)).to_have_attribute("href", "https://example.com/a_(b)")
    expect(links.nth(1)).to_have_attribute("href", "https://www.example.org")
    for link in links.all():
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_messages_of_one_sender_are_grouped_under_one_time(chatting: Chatting) -> None:
    ana, nora = chatting
    for text in ("one", "two", "three"):
        nora.say(text)
    expect(ana.message("three")).to_be_visible()
    expect(ana.log.locator("time", has_text=":")).to_have_count(3)  # the request, "accepted", the group


def test_a_visitor_who_leaves_ends_the_session_and_the_page_says_so(chatting: Chatting) -> None:
    ana, nora = chatting
    nora.end()
    expect(ana.chat.get_by_text("The visitor ended this session")).to_be_visible()
    expect(ana.chat.get_by_role("link", name="Download as text")).to_be_visible()
    expect(ana.end_button).to_have_count(0)


def test_an_ended_chat_is_scored_and_downloaded(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.end_button.click()
    score = ana.chat.get_by_role("group", name="Score")
    score.get_by_role("button", name="2").click()
    expect(score.get_by_role("button", name="2")).to_have_attribute("aria-pressed", "true")
    ana.page.reload()
    expect(score.get_by_role("button", name="2")).to_have_attribute("aria-pressed", "true")
    score.get_by_role("button", name="None").click()
    expect(score.get_by_role("button", name="None")).to_have_attribute("aria-pressed", "true")
    with ana.page.expect_download() as download:
        ana.chat.get_by_role("link", name="Download as text").click()
    assert "Hello, are you there?" in download.value.path().read_text()
    assert nora.conversation_id in ana.page.url
