"""Inviting somebody and resetting a password where mail isn't configured: an admin hands the link over."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import NewPage
from tests.e2e.admin.conftest import SignedIn
from tests.people import ROOT
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e
FIRST, SECOND = "correct-horse-10", "correct-horse-11"


def link_of(page: Page) -> str:
    """What the dialog shows, which is then closed."""
    dialog = page.get_by_role("dialog", name="Link for nora@example.com")
    link = dialog.get_by_role("textbox", name="Link").input_value()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    return link


def test_a_person_joins_by_a_link_and_later_gets_a_new_password_by_another(
    shared_server: InboxServer, signed_in: SignedIn, new_page: NewPage
) -> None:
    admin = signed_in(ROOT, "/admin")
    form = admin.get_by_role("main").locator("form")
    form.get_by_role("textbox", name="Email").fill("nora@example.com")
    form.get_by_role("textbox", name="Name").fill("Nora")
    form.get_by_role("button", name="Add").click()
    invitation = link_of(admin)
    row = admin.get_by_role("row", name=re.compile("nora@example.com"))
    expect(row).to_contain_text("Invited")

    nora = new_page(shared_server.url)
    nora.goto(invitation)
    expect(nora.get_by_text("nora@example.com")).to_be_visible()
    expect(nora.get_by_role("textbox", name="Your name")).to_have_value("Nora")
    nora.get_by_role("textbox", name="Password").fill("short")
    nora.get_by_role("button", name="Join").click()
    expect(nora.get_by_role("alert")).to_have_text("A password has at least 10 characters.")
    expect(nora.get_by_role("textbox", name="Password")).to_be_focused()
    nora.get_by_role("textbox", name="Password").fill(FIRST)
    nora.get_by_role("button", name="Join").click()
    expect(nora).to_have_url(re.compile(r"/inbox/?$"))
    expect(nora.get_by_role("button", name="Account of Nora")).to_be_visible()

    again = new_page(shared_server.url)
    again.goto(invitation)
    expect(again.get_by_role("alert")).to_have_text("This link has expired or was already used. Ask for a new one.")

    admin.reload()
    row.get_by_role("button", name="Send Nora a password link").click()
    again.goto(link_of(admin))
    again.get_by_role("textbox", name="New password").fill(SECOND)
    again.get_by_role("button", name="Save password").click()
    expect(again.get_by_role("status")).to_have_text("Password saved. Sign in with it.")
    expect(nora).to_have_url(re.compile(r"/login"))
    again.get_by_role("textbox", name="Email").fill("nora@example.com")
    again.get_by_role("textbox", name="Password").fill(SECOND)
    again.get_by_role("button", name="Sign in").click()
    expect(again.get_by_role("button", name="Account of Nora")).to_be_visible()
    admin.reload()
    row.get_by_role("button", name="Disable Nora").press("Enter")  # else chats of later tests are offered to her
    expect(row.get_by_role("button", name="Enable Nora")).to_be_focused()
    expect(again).to_have_url(re.compile(r"/login"))


def test_without_mail_the_page_says_what_to_do_instead(shared_server: InboxServer, new_page: NewPage) -> None:
    page = new_page(shared_server.url)
    page.goto("/login")
    page.get_by_role("link", name="Forgot your password?").click()
    expect(page.get_by_text("Ask an admin for one.")).to_be_visible()
    expect(page.get_by_role("button", name="Email me a link")).to_have_count(0)
