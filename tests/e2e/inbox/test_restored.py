"""A restore to an earlier point: open pages of both sides start over, and nothing that follows is hidden."""

import re
from pathlib import Path

from playwright.sync_api import WebSocketRoute, expect

from tests.browsers import NewPage
from tests.commands import run_inbox, succeeded
from tests.e2e.inbox.conftest import signed_in
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.people import ANA
from tests.servers import InboxServer

EVENTS = re.compile(r"/conversations/[^/]+/events")
SOCKET = re.compile(r"/_event")
TOGETHER = """
const fetched = window.fetch;
window.fetch = async (...call) => {
  const answer = await fetched(...call);
  if (!/\\/events\\?/.test(call[0]) || answer.status !== 200) return answer;
  const held = [];
  const gather = new TransformStream({
    transform(chunk, out) {
      held.push(...chunk);
      const isWhole = new TextDecoder().decode(new Uint8Array(held)).includes('"After"');
      if (isWhole) out.enqueue(new Uint8Array(held.splice(0)));
    },
  });
  return new Response(answer.body.pipeThrough(gather), answer);
};
"""
"""A network on which the events of a stream arrive in one piece, up to the message "After"."""
A_MINUTE = "01:01"
NO_MORE = 204
RECONNECTS = 30_000
"""Milliseconds: the widget's longest pause, twice, since the first answer makes it open a new session."""


def test_open_pages_show_what_was_restored_and_what_follows(
    own_server: InboxServer, new_page: NewPage, tmp_path: Path
) -> None:
    archive = str(tmp_path / "inbox.backup")
    ana = signed_in(new_page, own_server, ANA).open()
    vera = VisitorChat(new_page(own_server.url), "/chat")
    vera.page.evaluate("window.heard = []; AgentInbox.on('message_received', ({ text }) => heard.push(text))")
    vera.start("Kept")
    ana.accept()
    ana.send("Kept too")
    expect(vera.bubble("Kept too")).to_be_visible()
    succeeded(run_inbox(own_server, "backup", archive))
    vera.send("Lost")
    expect(ana.message("Lost")).to_be_visible()
    ana.send("Lost too")
    expect(vera.bubble("Lost too")).to_be_visible()
    own_server.stop()
    vera.send("Written meanwhile")
    succeeded(run_inbox(own_server, "restore", "--yes", archive))
    own_server.start()
    vera.come_online()
    expect(ana.message("Written meanwhile")).to_be_visible()
    ana.send("After")
    expect(vera.bubble("After")).to_be_visible()
    expect(ana.message("After")).to_be_visible()
    assert vera.texts() == ["Kept", "Kept too", "Written meanwhile", "After"]
    assert vera.page.evaluate("heard") == ["Kept too", "Lost too", "After"], "the site's scripts hear of each once"
    vera.page.add_init_script(TOGETHER)
    vera.page.reload()
    expect(vera.bubble("After")).to_be_visible()
    assert vera.texts() == ["Kept", "Kept too", "Written meanwhile", "After"]
    assert ana.log.locator(".bubble").all_inner_texts() == vera.texts()


def test_chats_that_were_ended_or_begun_after_the_backup_become_what_the_server_has(
    own_server: InboxServer, new_page: NewPage, tmp_path: Path
) -> None:
    """Over, the widget has no stream that could be reset: it asks now and then. Begun, it goes back to the form."""
    archive = str(tmp_path / "inbox.backup")
    ana = signed_in(new_page, own_server, ANA).open()
    vera = VisitorChat(new_page(own_server.url), "/chat")
    vera.page.clock.install()
    vera.start("Kept")
    ana.accept()
    expect(vera.log.get_by_text("Ana Lovelace joined the chat")).to_be_visible()
    succeeded(run_inbox(own_server, "backup", archive))
    with vera.page.expect_response(lambda answer: answer.status == NO_MORE):
        vera.end()
    expect(vera.status("You ended the chat.")).to_be_visible()
    expect(ana.send_button).to_have_count(0)
    omar = VisitorChat(new_page(own_server.url), "/chat")
    omar.page.route(EVENTS, lambda route: route.abort())
    omar.start("Acknowledged and lost")
    expect(omar.delivery("Sent")).to_be_visible()
    own_server.stop()
    omar.page.unroute(EVENTS)
    succeeded(run_inbox(own_server, "restore", "--yes", archive))
    own_server.start()
    vera.page.clock.fast_forward(A_MINUTE)
    expect(vera.send_button).to_be_visible()
    expect(vera.status("You ended the chat.")).to_have_count(0)
    vera.send("Still here")
    expect(ana.message("Still here")).to_be_visible()
    ana.send("So am I")
    expect(vera.bubble("So am I")).to_be_visible()
    assert vera.texts() == ["Kept", "Still here", "So am I"]
    assert ana.log.locator(".bubble").all_inner_texts() == vera.texts()
    expect(omar.start_button).to_be_visible(timeout=RECONNECTS)
    expect(omar.box).to_have_value("Acknowledged and lost")


def test_what_was_acknowledged_and_not_yet_shown_is_sent_again(
    own_server: InboxServer, new_page: NewPage, tmp_path: Path
) -> None:
    """Both outboxes hold it as sent, and the restore loses it."""
    archive = str(tmp_path / "inbox.backup")
    wire = Wire()
    ana = signed_in(new_page, own_server, ANA)
    ana.page.route_web_socket(SOCKET, wire.connect)
    ana.open()
    vera = VisitorChat(new_page(own_server.url), "/chat").start("Kept")
    ana.accept()
    expect(vera.log.get_by_text("Ana Lovelace joined the chat")).to_be_visible()
    succeeded(run_inbox(own_server, "backup", archive))
    vera.page.route(EVENTS, lambda route: route.abort())
    vera.page.reload()
    wire.is_silent = True
    for side in (vera, ana):
        side.send("Acknowledged")
        expect(side.log.get_by_text("Sent", exact=True)).to_be_visible()
    own_server.stop()
    succeeded(run_inbox(own_server, "restore", "--yes", archive))
    own_server.start()
    wire.is_silent = False
    vera.page.unroute(EVENTS)
    vera.come_online()
    expect(vera.bubble("Acknowledged")).to_have_count(2)
    expect(ana.message("Acknowledged")).to_have_count(2)
    vera.send("After")
    expect(ana.message("After")).to_be_visible()
    assert vera.texts() == ["Kept", "Acknowledged", "Acknowledged", "After"]
    assert ana.log.locator(".bubble").all_inner_texts() == vera.texts()


class Wire:
    """The page's socket, from whose server nothing comes while it's silent."""

    is_silent = False

    def connect(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        page.on_message(server.send)
        server.on_message(lambda message: None if self.is_silent else page.send(message))
