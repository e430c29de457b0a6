"""What did not go out, as an admin sees it: the reason, and a button that tries again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.browsers import NewPage
from tests.conftest import StartServer
from tests.e2e.admin.conftest import SignedIn
from tests.installation.bookings import VERA, bookable
from tests.mail_servers import MailServer, running_mail_server
from tests.people import ANA, PASSWORD, ROOT
from tests.programs import wait_until
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e


@pytest.fixture
def post() -> Iterator[MailServer]:
    with running_mail_server() as server:
        server.answer = lambda recipient: "550 No such mailbox" if recipient == VERA else "250 OK"
        yield server


@pytest.fixture
def mailing(start_server: StartServer, sqlite_url: str, post: MailServer) -> InboxServer:
    server = start_server(sqlite_url, smtp_url=post.url)
    people.add(server, ANA, ROOT)
    return server


def deliveries_of(new_page: NewPage, server: InboxServer) -> Page:
    page = new_page(server.url, locale="en-GB")
    page.request.post("/api/v1/auth/login", data={"email": ROOT.email, "password": PASSWORD})
    page.goto("/admin?tab=deliveries")
    return page


def test_a_refused_mail_says_why_and_goes_out_when_it_is_tried_again(
    mailing: InboxServer, post: MailServer, new_page: NewPage
) -> None:
    with bookable(mailing) as chat:
        chat.book()
    wait_until(lambda: bool(post.to(ANA.email)), "the agent has the mail")
    page = deliveries_of(new_page, mailing)
    row = page.get_by_role("table", name="Deliveries").get_by_role("row").nth(1)
    expect(row).to_contain_text("Mail to the visitor")
    expect(row).to_contain_text("The mail server refused this address or this mail.")
    expect(row).to_contain_text(re.compile("550 No such mailbox.*Failed", re.DOTALL))
    retry = row.get_by_role("button", name=re.compile("^Retry: Mail to the visitor, Vera Klein"))
    post.answer = lambda _recipient: "250 OK"
    retry.click()
    expect(page.get_by_text("Nothing has failed.")).to_be_visible()
    wait_until(lambda: len(post.to(VERA)) == 1, "the visitor has the mail")


def test_without_a_mail_server_it_says_so_and_nothing_has_failed(signed_in: SignedIn) -> None:
    page = signed_in(ROOT, "/admin?tab=deliveries")
    expect(page.get_by_role("status").filter(has_text="Mail is not set up.")).to_contain_text("Set INBOX_SMTP_URL")
    expect(page.get_by_text("Nothing has failed.")).to_be_visible()
