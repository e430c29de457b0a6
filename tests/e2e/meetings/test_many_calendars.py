"""More than a few agents: their calendars are searched."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browsers import NewPage
from tests.conftest import StartServer
from tests.e2e.inbox.conftest import signed_in
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.meetings.booking_visitor import BookingVisitor
from tests.e2e.meetings.share_dialog import ShareDialog
from tests.people import ANA, Person

pytestmark = pytest.mark.e2e
OTHERS = [
    Person(f"{name.lower()}@example.com", f"{name} Quist", "agent")
    for name in ("Cleo", "Dana", "Emil", "Fay", "Gus", "Zelie")
]


def test_a_calendar_is_found_by_typing_a_part_of_the_name(
    start_server: StartServer, sqlite_url: str, new_page: NewPage
) -> None:
    server = start_server(sqlite_url)
    people.add(server, ANA, *OTHERS)
    tab = signed_in(new_page, server, ANA).open()
    with closing(BookingVisitor(server).ask().client):
        find_and_share(tab)


def find_and_share(tab: InboxPage) -> None:
    ana = ShareDialog(tab.accept()).open()
    search = ana.dialog.get_by_role("searchbox", name="Search agents")
    expect(ana.calendars.get_by_role("radio")).to_have_count(7)

    search.fill("nobody")
    expect(ana.dialog.get_by_text("No agent fits.")).to_be_visible()
    expect(ana.send).to_be_disabled()
    search.fill("ELI")
    expect(ana.calendars.get_by_role("radio")).to_have_count(1)
    expect(ana.of("Zelie Quist")).to_be_checked()
    search.press("Enter")

    expect(ana.card("Zelie Quist")).to_be_visible()
