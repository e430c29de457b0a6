"""A chat from the form to its end."""

import re

from playwright.sync_api import expect

from tests.e2e.widget.agent import Agent
from tests.e2e.widget.conftest import MakeChat
from tests.e2e.widget.visitor_chat import VisitorChat


def test_a_visitor_asks_waits_is_answered_and_ends_the_chat(visit: MakeChat, agent: Agent) -> None:
    chat = visit().start("Does it fit in a garage?", email="vera@example.org")
    expect(chat.status("We are looking for someone")).to_be_visible()
    chat.send("It is 60 cm wide.")
    agent.accept()
    expect(chat.log.get_by_text("Ana Lovelace joined the chat")).to_be_visible()
    expect(chat.page.get_by_role("heading", name="Ana Lovelace")).to_be_visible()
    agent.type()
    expect(chat.status("Ana Lovelace is typing")).to_be_visible()
    agent.say("Yes, it does.")
    expect(chat.bubble("Yes, it does.")).to_be_visible()
    expect(chat.status("Ana Lovelace is typing")).to_have_count(0)
    assert agent.texts_of_visitor() == ["Does it fit in a garage?", "It is 60 cm wide."]
    chat.end()
    expect(chat.status("You ended the chat.")).to_be_visible()
    chat.page.get_by_role("button", name="Start a new chat").click()
    expect(chat.name).to_have_value("Vera Lind")
    expect(chat.email).to_have_value("vera@example.org")


def test_delivery_is_told_under_the_last_own_message_only(chatting: VisitorChat, agent: Agent) -> None:
    chatting.send("One")
    chatting.send("Two")
    expect(chatting.delivery("Sent")).to_have_count(1)
    expect(chatting.bubble("Two")).to_be_visible()
    agent.see_all()
    expect(chatting.delivery("Seen")).to_have_count(1)
    expect(chatting.delivery("Sent")).to_have_count(0)


def test_the_agent_ends_it_and_what_was_being_written_is_kept_for_a_new_chat(
    chatting: VisitorChat, agent: Agent
) -> None:
    chatting.box.fill("One more thing")
    agent.end()
    expect(chatting.status("Ana Lovelace ended the chat.")).to_be_visible()
    expect(chatting.box).to_have_value("One more thing")
    expect(chatting.send_button).to_be_hidden()
    chatting.page.get_by_role("button", name="Start a new chat").click()
    expect(chatting.box).to_have_value("One more thing")


def test_who_ended_it_is_at_the_way_to_a_new_chat(chatting: VisitorChat) -> None:
    chatting.end()
    expect(chatting.page.get_by_role("button", name="Start a new chat")).to_be_focused()


def test_html_stays_text_and_addresses_become_links(chatting: VisitorChat, agent: Agent) -> None:
    markup = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>"
    chatting.send(markup)
    agent.say(f"{markup} see (https://example.com/a_(b)?c=1), www.example.org. javascript:alert(1)")
    links = chatting.log.get_by_role("link")
    expect(links).to_have_count(2)
    expect(links.nth(0)).to_have_attribute("href", "https://example.com/a_(b)?c=1")
    expect(links.nth(1)).to_have_attribute("href", "https://www.example.org")
    for link in links.all():
        expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
        expect(link).to_have_attribute("target", "_blank")
    expect(chatting.bubble(markup)).to_be_visible()
    expect(chatting.log.locator("img, b")).to_have_count(0)
    expect(chatting.page).not_to_have_title("owned")


def test_the_form_says_what_is_missing_and_sends_nothing(visit: MakeChat) -> None:
    chat = visit()
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    chat.email.fill("not an address")
    chat.start_button.click()
    expect(chat.name).to_have_attribute("aria-invalid", "true")
    expect(chat.name).to_be_focused()
    expect(chat.page.get_by_text("Please check this address.")).to_be_visible()
    assert not [url for url in asked if url.endswith("/conversations")]


def test_empty_and_too_long_messages_are_not_sent(chatting: VisitorChat, agent: Agent) -> None:
    chatting.send("   ")
    chatting.send("x" * 4001)
    expect(chatting.page.get_by_text("1 characters too many")).to_be_visible()
    expect(chatting.box).to_have_value("x" * 4001)
    chatting.send("x" * 4000)
    expect(chatting.delivery("Sent")).to_have_count(1)
    assert agent.texts_of_visitor() == ["Hello", "x" * 4000]


def test_enter_sends_and_shift_enter_is_a_new_line(chatting: VisitorChat, agent: Agent) -> None:
    chatting.box.fill("")
    chatting.box.press_sequentially("One")
    chatting.box.press("Shift+Enter")
    chatting.box.press_sequentially("Two")
    chatting.box.press("Enter")
    expect(chatting.box).to_have_value("")
    expect(chatting.delivery("Sent")).to_have_count(1)
    assert agent.texts_of_visitor()[-1] == "One\nTwo"


def test_in_french_when_the_browser_is(visit: MakeChat, agent: Agent) -> None:
    chat = visit("/chat", locale="fr-FR")
    page = chat.page
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("button", name="Discuter avec nous")).to_have_count(1)
    page.get_by_role("textbox", name="Nom").fill("Vera")
    page.get_by_role("textbox", name="Message").fill("Bonjour")
    page.get_by_role("button", name="Démarrer la discussion").click()
    agent.accept()
    expect(page.get_by_text("Ana Lovelace a rejoint la discussion")).to_be_visible()
    agent.type()
    expect(page.get_by_role("status").filter(has_text="Ana Lovelace écrit…")).to_be_visible()
    english = re.compile(r"\b(Send|Sent|End chat|Today|Close|Write a message)\b")
    expect(page.locator("#agent-inbox")).not_to_contain_text(english)


def test_a_returning_visitor_is_in_the_same_chat(chatting: VisitorChat, agent: Agent) -> None:
    chatting.page.goto("about:blank")
    agent.say("Are you still there?")
    chatting.page.goto("/chat")
    expect(chatting.bubble("Are you still there?")).to_have_count(1)
    expect(chatting.bubble("Hello")).to_have_count(1)
