"""The whole of it: shared by an agent, booked on a phone, in calendar and mailboxes, moved by the mail's link."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from icalendar import Event
from playwright.sync_api import expect

from tests.browsers import NewPage
from tests.calendar_servers import ACCOUNT, Radicale, running_radicale
from tests.calendar_servers import PASSWORD as CALENDAR_PASSWORD
from tests.conftest import StartServer
from tests.e2e.inbox.conftest import signed_in
from tests.e2e.meetings.booking_visitor import on_the_wall
from tests.e2e.meetings.conftest import PARIS, PHONE, VERA, meeting_link
from tests.e2e.meetings.share_dialog import ShareDialog
from tests.e2e.widget.booking_card import BookingCard
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.mail_servers import MailServer
from tests.people import ANA, BEN, api_of
from tests.programs import wait_until
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    with running_radicale(tmp_path / "radicale") as server:
        yield server


@pytest.fixture
def office(open_office: StartServer, radicale: Radicale) -> InboxServer:
    """Ana takes chats; Ben, who does not at the moment, has a calendar elsewhere."""
    server = open_office(ANA, BEN)
    account = {"url": radicale.url, "account": ACCOUNT, "password": CALENDAR_PASSWORD}
    with closing(api_of(server, BEN)) as ben:
        ben.post("/agent/calendars", json=account).raise_for_status()
    return server


def event_in(radicale: Radicale) -> str:
    """The one event of Ben's calendar."""
    wait_until(lambda: len(radicale.objects("work")) == 1, "it is in the calendar")
    return radicale.objects("work")[0]


def newest_event(post: MailServer, email: str, count: int) -> Event:
    wait_until(lambda: len(post.to(email)) == count, f"{email} has {count} mails")
    return post.to(email)[-1].event()


def test_a_meeting_from_the_icon_under_the_chat_to_the_mailbox_and_to_another_day(
    office: InboxServer, new_page: NewPage, post: MailServer, radicale: Radicale
) -> None:
    ana = signed_in(new_page, office, ANA, **PARIS).open()
    chat = VisitorChat(new_page(office.url, **PARIS, **PHONE), "/chat")
    chat.start("Can we talk next week?", name="Vera Klein", email=VERA)
    ana.accept()
    shared = ShareDialog(ana).share(BEN.name)

    card = BookingCard(chat.page, agent=BEN.name)
    start = card.first_start()
    card.slot(start).tap()
    card.book_button.tap()
    expect(card.booked).to_contain_text(f"Confirmation by email: {VERA}")

    expect(shared).to_contain_text("Booked: ")
    expect(ana.log).to_contain_text(f"Vera Klein booked a meeting with {BEN.name}")
    expect(ana.history.get_by_role("listitem").filter(has_text="Scheduled meeting")).to_contain_text(BEN.name)
    bens = signed_in(new_page, office, BEN, is_available=False, **PARIS).page
    bens.goto("/meetings")
    row = bens.get_by_role("list", name="Meetings").get_by_role("listitem").filter(has_text=VERA)
    expect(row).to_contain_text("Scheduled")
    invitation = newest_event(post, VERA, 1)
    assert str(invitation["UID"]) in event_in(radicale)
    (told,) = post.to(BEN.email)  # without the event, which stands in his calendar already
    assert "Can we talk next week?" in told.text

    phone = new_page(office.url, **PARIS, **PHONE)
    phone.goto(meeting_link(post))
    phone.get_by_role("button", name="Move", exact=True).tap()
    picking = phone.get_by_role("group", name="Choose another time")
    picking.get_by_role("button", name="Next day").tap()
    later = picking.locator("button[data-start]").first
    moved_to = later.get_attribute("data-start") or ""
    later.tap()
    phone.get_by_role("button", name="Move to this time").tap()
    expect(phone.get_by_role("status", name="Meeting moved")).to_be_visible()

    expect(shared).to_contain_text("Moved to ")
    expect(card.group.get_by_role("status", name="Meeting moved")).to_be_visible()
    expect(ana.history.get_by_role("listitem").filter(has_text="Rescheduled meeting")).to_be_visible()
    expect(row).to_contain_text(re.compile("Rescheduled", re.IGNORECASE))
    changed = newest_event(post, VERA, 2)
    assert (changed["UID"], changed["SEQUENCE"]) == (invitation["UID"], 1)
    wait_until(lambda: f"{changed.decoded('DTSTART'):%Y%m%dT%H%M}" in event_in(radicale), "the calendar has moved it")
    assert on_the_wall({"start": moved_to, "end": moved_to})[:10] in shared.inner_text()
