"""With the keyboard, with a screen reader's tree, on a small phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility import serious
from tests.e2e.widget.agent import Agent
from tests.e2e.widget.conftest import MakeChat
from tests.e2e.widget.visitor_chat import VisitorChat

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def is_too_wide(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/chat", "/embedding"])
def test_axe_finds_nothing_serious(visit_embedded: MakeChat, agent: Agent, path: str, scheme: str) -> None:
    chat = visit_embedded(path, color_scheme=scheme)
    if path != "/chat":
        chat.open()
    expect(chat.name).to_be_visible()
    chat.start_button.click()
    assert serious(chat.page) == []
    chat.start("Hello")
    agent.accept()
    agent.say("See https://example.com")
    expect(chat.log.get_by_role("link")).to_be_visible()
    assert serious(chat.page) == []
    agent.end()
    expect(chat.page.get_by_role("button", name="Start a new chat")).to_be_visible()
    assert serious(chat.page) == []


def test_a_chat_with_the_keyboard_alone(visit_embedded: MakeChat, agent: Agent) -> None:
    chat = visit_embedded("/embedding")
    keyboard = chat.page.keyboard
    chat.launcher.focus()
    keyboard.press("Enter")
    expect(chat.name).to_be_focused()
    keyboard.type("Vera")
    keyboard.press("Tab")
    expect(chat.email).to_be_focused()
    keyboard.press("Tab")
    keyboard.type("No mouse here")
    keyboard.press("Tab")
    expect(chat.start_button).to_be_focused()
    keyboard.press("Enter")
    expect(chat.bubble("No mouse here")).to_be_visible()
    expect(chat.box).to_be_focused()
    agent.accept()
    expect(chat.log.get_by_text("joined the chat")).to_be_visible()
    keyboard.type("Good")
    keyboard.press("Enter")
    expect(chat.bubble("Good")).to_be_visible()
    keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")


def test_escape_takes_the_question_back_before_it_closes(visit_embedded: MakeChat, agent: Agent) -> None:
    chat = visit_embedded("/embedding").open().start()
    chat.page.get_by_role("button", name="End chat").click()
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_visible()
    expect(chat.page.get_by_role("button", name="End chat")).to_be_focused()
    expect(chat.page.get_by_role("group", name="End this chat?")).to_be_hidden()


def test_unread_messages_are_counted_on_the_launcher_while_it_is_closed(visit_embedded: MakeChat, agent: Agent) -> None:
    chat = visit_embedded("/embedding").open().start()
    title = chat.page.title()
    agent.accept()
    expect(chat.log.get_by_text("joined the chat")).to_be_visible()
    chat.page.keyboard.press("Escape")
    agent.say("One")
    agent.say("Two")
    expect(chat.launcher).to_have_accessible_description("2 unread")
    expect(chat.page).to_have_title(title)
    chat.open()
    expect(chat.launcher).to_have_accessible_description("")
    chat.page.keyboard.press("Escape")
    chat.page.reload()
    agent.say("Three")
    expect(chat.launcher).to_have_accessible_description("1 unread")


def test_an_open_panel_is_open_on_the_next_page_without_taking_the_focus(
    visit_embedded: MakeChat, agent: Agent
) -> None:
    chat = visit_embedded("/embedding").open().start()
    chat.page.goto("/embedding?next")
    expect(chat.bubble("Hello")).to_be_visible()
    expect(chat.box).not_to_be_focused()
    chat.page.keyboard.press("Tab")
    chat.page.get_by_role("button", name="Close").click()
    chat.page.goto("/embedding?other")
    expect(chat.panel).to_be_hidden()


@pytest.mark.parametrize("path", ["/chat", "/embedding"])
@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_nothing_is_wider_than_a_phone_of_360_pixels(
    visit_embedded: MakeChat, agent: Agent, path: str, locale: str
) -> None:
    page = visit_embedded(path, **PHONE, locale=locale).page
    french = locale == "fr-FR"
    if path != "/chat":
        page.get_by_role("button", name="Discuter avec nous" if french else "Chat with us").tap()
    box = page.get_by_role("textbox", name="Message")
    page.get_by_role("textbox", name="Nom" if french else "Name").fill("Vera")
    box.fill("a" * 300)
    assert not is_too_wide(page)
    page.get_by_role("button", name="Démarrer la discussion" if french else "Start chat").tap()
    agent.accept()
    agent.say("https://example.com/" + "long" * 80)
    expect(page.get_by_role("log").get_by_role("link")).to_be_visible()
    page.get_by_role("button", name="Terminer" if french else "End chat").tap()
    assert not is_too_wide(page)
    for button in page.locator("#agent-inbox").get_by_role("button").all():
        if button.is_visible() and (size := button.bounding_box()):
            assert min(size["width"], size["height"]) >= 44, button.inner_text()


def test_the_box_grows_to_five_lines_and_no_further(chatting: VisitorChat) -> None:
    heights = []
    for lines in (1, 3, 5, 9):
        chatting.box.fill("\n".join("x" * lines))
        heights.append(chatting.box.bounding_box()["height"])
    one, three, five, nine = heights
    assert one < three < five == nine
