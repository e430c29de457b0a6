"""A page without its server says so quietly, and goes on by itself."""

from playwright.sync_api import expect

from tests.e2e.frame.conftest import SignedIn
from tests.e2e.frame.screens import Frame
from tests.people import ANA
from tests.servers import InboxServer


def test_a_restart_of_the_server_is_said_and_then_forgotten(own_server: InboxServer, signed_in: SignedIn) -> None:
    page = signed_in(ANA, own_server)
    frame = Frame(page).open("/settings")
    notice = page.get_by_text("No connection since")

    own_server.stop()
    expect(notice).to_be_visible()
    own_server.start()

    expect(notice).to_have_count(0)
    frame.switch.click()
    expect(frame.sentence).to_have_text("Unavailable, set by you")
