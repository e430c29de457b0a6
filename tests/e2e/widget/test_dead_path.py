"""A path that went dead without a word: connections stay open, and nothing comes through."""

from playwright.sync_api import expect

from tests.browsers import NewPage
from tests.dead_paths import proxy_to
from tests.e2e.widget.agent import Agent
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.programs import wait_until
from tests.servers import InboxServer


def test_a_dead_stream_is_replaced_after_12_seconds_or_as_soon_as_an_acknowledged_message_is_missing(
    shared_server: InboxServer, agent: Agent, new_page: NewPage
) -> None:
    with proxy_to(shared_server.port) as proxy:
        page = new_page(proxy.url)
        page.clock.install()
        chat = VisitorChat(page, "/chat").start("Hello")
        agent.accept()
        expect(chat.log.get_by_text("joined the chat")).to_be_visible()

        assert proxy.lose("/events") == 1
        agent.say("Into the void")
        page.clock.fast_forward(13_000)
        expect(chat.bubble("Into the void")).to_be_visible()

        assert proxy.lose("/events") == 1
        chat.send("Acknowledged")
        wait_until(lambda: proxy.alive("/events") == 1, "it has connected again", seconds=8)
        agent.say("Heard at once")
        expect(chat.bubble("Heard at once")).to_be_visible()
        assert chat.texts() == ["Hello", "Into the void", "Acknowledged", "Heard at once"]
        page.close()
