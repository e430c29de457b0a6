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
    else:
        for tab in (chat, other_tab):
            tab.box.fill("My card is 5105")
    identify(chat, "2", secret)
    for tab in (chat, other_tab):
        expect(tab.bubble("My order is 4711")).to_have_count(0)
    expect(chat.start_button).to_be_visible()
    for tab in (chat, other_tab):
        for field in (tab.name, tab.email, tab.box):
            expect(field).to_have_value("")
    chat.name.fill("Otto")
    chat.box.fill("I am Otto")
    chat.start_button.click()
    expect(chat.bubble("I am Otto")).to_be_visible()
    agent.accept()
    assert agent.texts_of_visitor() == ["I am Otto"]


def test_what_the_one_before_wrote_and_did_not_send_is_gone(
    shared_server: InboxServer, visit: MakeChat, agent: Agent
) -> None:
    with contextlib.closing(people.api_of(shared_server, ROOT)) as root:
        secret = root.get("/site-secrets").json()["items"][0]["secret"]
    chat = visit()
    expect(chat.start_button).to_be_visible()
    fields, wrote = (chat.name, chat.email, chat.box), ("Vera", "vera@example.org", "My card is 5105")
    identify(chat, "4", secret)
    for user_id, kept in (("4", wrote), ("5", ("", "", ""))):
        for field, text in zip(fields, wrote, strict=True):
            field.fill(text)
        identify(chat, user_id, secret)
        for field, text in zip(fields, kept, strict=True):
            expect(field).to_have_value(text)

    chat.page.route("**/visitor/conversations", lambda route: route.abort())
    chat.start(wrote[2], email=wrote[1])  # it waits for the connection
    identify(chat, "6", secret)
    expect(chat.bubble(wrote[2])).to_have_count(0)
    for field in fields:
        expect(field).to_have_value("")
    chat.page.unroute("**/visitor/conversations")
    chat.page.reload()
    expect(chat.box).to_have_value("")
    chat.start("I am Ida", name="Ida")
    agent.accept()
    assert agent.texts_of_visitor() == ["I am Ida"]


IDENTIFIED_MEANWHILE = """([user_id, hash]) => {
    const send = window.fetch;
    window.fetch = (address, options) => {
        const answer = send(address, options);
        if (address.endsWith("/sessions")) {
            window.fetch = send;
            AgentInbox.identify({ user_id }, hash);
        }
        return answer;
    };
}"""


def test_an_identity_that_comes_while_the_first_session_opens_counts(
    shared_server: InboxServer, visit_embedded: MakeChat, agent: Agent
) -> None:
    with contextlib.closing(people.api_of(shared_server, ROOT)) as root:
        secret = root.get("/site-secrets").json()["items"][0]["secret"]
    chat = visit_embedded("/embedding")
    expect(chat.launcher).to_be_visible()
    chat.page.evaluate(IDENTIFIED_MEANWHILE, ["3", signature("3", secret)])
    chat.launcher.click()
    chat.start("Do you know me?", email="ines@example.org")
    agent.accept()
    conversation = agent.client.get(f"/conversations/{agent.conversation_id}").json()
    assert agent.client.get(f"/visitors/{conversation['visitor_id']}").json()["user_id"] == "3"


def signature(user_id: str, secret: str) -> str:
    return hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()


def identify(chat: VisitorChat, user_id: str, secret: str) -> None:
    """As the site's page does after a sign-in."""
    values = [user_id, signature(user_id, secret)]
    with chat.page.expect_response("**/sessions"):
        chat.page.evaluate("([user_id, hash]) => AgentInbox.identify({ user_id }, hash)", values)
