"""One's own account on /settings: the password, and where one is signed in."""

import re

import httpx
from playwright.sync_api import expect

from tests.e2e.frame.conftest import SignedIn
from tests.e2e.frame.screens import Frame, SignIn
from tests.people import ANA, PASSWORD
from tests.pictures import a_picture
from tests.servers import InboxServer

NEW = "a-new-password-1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def test_a_password_is_changed_and_other_browsers_are_signed_out(own_server: InboxServer, signed_in: SignedIn) -> None:
    page = signed_in(ANA, own_server)
    work = signed_in(ANA, own_server)
    body = {"email": ANA.email, "password": PASSWORD}
    httpx.post(f"{own_server.url}/api/v1/auth/login", json=body, headers={"User-Agent": FIREFOX}).raise_for_status()
    for tab in (work, page):
        Frame(tab).open("/settings")
    sessions = page.get_by_role("list", name="Where you’re signed in").get_by_role("listitem")
    expect(sessions).to_have_count(3)
    expect(sessions.first).to_contain_text("This browser")
    sessions.get_by_role("button", name="Sign out Firefox on Linux").press("Enter")
    expect(sessions).to_have_count(2)
    expect(page.get_by_role("region", name="Where you’re signed in")).to_be_focused()

    current, new = (page.get_by_role("textbox", name=name) for name in ("Current password", "New password"))
    current.fill("wrong-password")
    new.fill(NEW)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert")).to_have_text("Your current password is incorrect.")
    expect(current).to_be_focused()
    current.fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Password changed.")).to_be_visible()
    expect(sessions).to_have_count(1)
    expect(new).to_have_value("")

    expect(work).to_have_url(re.compile(r"/login/?\?next=%2Fsettings$"))
    SignIn(work).enter(ANA, NEW)
    Frame(work).is_at("/settings")


def test_a_name_and_a_picture_show_at_once_in_every_tab(own_server: InboxServer, signed_in: SignedIn) -> None:
    page = signed_in(ANA, own_server)
    other = page.context.new_page()
    for tab in (page, other):
        Frame(tab).open("/settings")
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    page.get_by_label("Picture file").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("Choose a JPEG, PNG or WebP picture")
    page.get_by_label("Picture file").set_input_files(file | {"buffer": a_picture()})
    name = page.get_by_role("textbox", name="Your name")
    name.fill("Ana King")
    name.press("Enter")

    account = other.get_by_role("button", name="Account of Ana King")
    expect(account.locator("img")).to_have_js_property("naturalWidth", 256)
    other.get_by_role("button", name="Remove your picture").click()
    expect(page.get_by_role("button", name="Account of Ana King")).to_have_text("AK")
