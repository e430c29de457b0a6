"""What is closed is gone: no stream, no listener stays behind."""

from playwright.sync_api import expect

from tests.e2e.widget.agent import Agent
from tests.e2e.widget.conftest import MakeChat
from tests.programs import wait_until
from tests.servers import InboxServer

AGENT = 1
"""The agent's own stream, which counts as presence."""


def test_fifty_times_open_and_closed_leaves_one_stream(
    shared_server: InboxServer, visit_embedded: MakeChat, agent: Agent
) -> None:
    wait_until(lambda: shared_server.listeners() == AGENT, "only the agent listens")
    chat = visit_embedded("/embedding").open().start()
    agent.accept()
    expect(chat.log.get_by_text("joined the chat")).to_be_visible()
    listeners = chat.page.context.new_cdp_session(chat.page)
    listeners.send("Performance.enable")
    counted = []
    for _ in range(50):
        chat.page.keyboard.press("Escape")
        expect(chat.panel).to_be_hidden()
        chat.launcher.press("Enter")
        expect(chat.panel).to_be_visible()
        listeners.send("HeapProfiler.collectGarbage")
        metrics = {one["name"]: one["value"] for one in listeners.send("Performance.getMetrics")["metrics"]}
        counted.append((metrics["JSEventListeners"], metrics["Nodes"]))
    assert counted[-1] == counted[4], "listeners and nodes grow with each opening"
    assert shared_server.listeners() == AGENT + 1
    chat.page.goto("about:blank")
    wait_until(lambda: shared_server.listeners() == AGENT, "the left page's stream is gone")


def test_an_ended_chat_needs_no_stream(shared_server: InboxServer, visit_embedded: MakeChat, agent: Agent) -> None:
    wait_until(lambda: shared_server.listeners() == AGENT, "only the agent listens")
    visit_embedded("/chat").start()
    agent.accept()
    wait_until(lambda: shared_server.listeners() == AGENT + 1, "the chat is followed")
    agent.end()
    wait_until(lambda: shared_server.listeners() == AGENT, "the stream of the ended chat is closed")
