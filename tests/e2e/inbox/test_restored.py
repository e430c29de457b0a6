"""A restore to an earlier point: open pages of both sides start over, and nothing that follows is hidden."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browsers import NewPage
from tests.commands import run_inbox, succeeded
from tests.e2e.inbox.conftest import signed_in
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.people import ANA
from tests.servers import InboxServer


def test_open_pages_show_what_was_restored_and_what_follows(
    own_server: InboxServer, new_page: NewPage, tmp_path: Path
) -> None:
    archive = str(tmp_path / "inbox.backup")
    ana = signed_in(new_page, own_server, ANA).open()
    vera = VisitorChat(new_page(own_server.url), "/chat").start("Kept")
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
    succeeded(run_inbox(own_server, "restore", archive))
    own_server.start()
    expect(ana.message("Written meanwhile")).to_be_visible()
    ana.send("After")
    expect(vera.bubble("After")).to_be_visible()
    expect(ana.message("After")).to_be_visible()
    assert vera.texts() == ["Kept", "Kept too", "Written meanwhile", "After"]
    assert ana.log.locator(".bubble").all_inner_texts() == vera.texts()
