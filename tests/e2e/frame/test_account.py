"""One's own account on /settings: the password, and where one is signed in."""

import re

from playwright.sync_api import expect

from tests.browsers import NewPage
from tests.e2e.frame.conftest import SignedIn
from tests.e2e.frame.screens import Frame, SignIn
from tests.people import ANA, PASSWORD
from tests.servers import InboxServer

NEW = "a-new-password-1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def test_a_password_is_changed_and_other_browsers_are_signed_out(
    own_server: InboxServer, signed_in: SignedIn, new_page: NewPage
) -> None:
    page = signed_in(ANA, own_server)
    elsewhere, work = [signed_in(ANA, own_server, user_agent=FIREFOX) for _ in range(2)]
    for other in (elsewhere, work):
        Frame(other).open("/settings")
    Frame(page).open("/settings")
    sessions = page.get_by_role("list", name="Where you’re signed in").get_by_role("listitem")
    expect(sessions).to_have_count(3)
    expect(sessions.first).to_contain_text("This browser")
    sessions.nth(1).get_by_role("button", name="Sign out Firefox on Linux").click()
    expect(sessions).to_have_count(2)

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

    for other in (elsewhere, work):
        expect(other).to_have_url(re.compile(r"/login/?\?next=%2Fsettings$"))
    SignIn(work).enter(ANA, NEW)
    Frame(work).is_at("/settings")
