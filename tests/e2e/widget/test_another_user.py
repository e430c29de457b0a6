"""Another person signs in on the page while the chat of the one before is on the screen."""

import contextlib
import hashlib
import hmac

import pytest
from playwright.sync_api import expect

from tests import people
from tests.e2e.widget.agent import Agent
from tests.e2e.widget.conftest import MakeChat
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.people import ROOT
from tests.servers import InboxServer


@pytest.mark.parametrize("is_over", [False, True], ids=["open", "over"])
def test_the_chat_of_the_one_before_is_no_longer_shown(
    shared_server: InboxServer, visit: MakeChat, agent: Agent, is_over: bool
) -> None:
    with contextlib.closing(people.api_of(shared_server, ROOT)) as root:
        secret = root.get("/site-secrets").json()["items"][0]["secret"]
    chat = visit()
    expect(chat.start_button).to_be_visible()
    identify(chat, "1", secret)
    chat.start("My order is 4711", email="vera@example.org")
    agent.accept()
    other_tab = VisitorChat(chat.page.context.new_page(), f"{shared_server.url}/chat")
    expect(other_tab.bubble("My order is 4711")).to_be_attached()
    if is_over:
        chat.end()
        expect(chat.status("You ended the chat.")).to_be_visible()
    identify(chat, "2", secret)
    expect(chat.bubble("My order is 4711")).to_have_count(0)
    if not is_over:
        expect(other_tab.bubble("My order is 4711")).to_have_count(0)
    expect(chat.start_button).to_be_visible()
    chat.box.fill("I am Otto")
    chat.start_button.click()
    expect(chat.bubble("I am Otto")).to_be_visible()
    agent.accept()
    assert agent.texts_of_visitor() == ["I am Otto"]


def identify(chat: VisitorChat, user_id: str, secret: str) -> None:
    """As the site's page does after a sign-in."""
    signature = hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()
    with chat.page.expect_response("**/sessions"):
        chat.page.evaluate("([user_id, hash]) => AgentInbox.identify({ user_id }, hash)", [user_id, signature])
