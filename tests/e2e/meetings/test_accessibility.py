"""What axe says, small windows, and touch."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.accessibility import serious
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.meetings.conftest import Arrive, SignIn
from tests.e2e.meetings.share_dialog import ShareDialog
from tests.people import ANA, BEN

pytestmark = pytest.mark.e2e
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(sign_in: SignIn, arrive: Arrive, scheme: str) -> None:
    tab = sign_in(ANA, color_scheme=scheme).open()
    nora = arrive().ask()
    ana = ShareDialog(tab.accept())
    ana.open()
    assert serious(tab.page) == []
    ana.page.keyboard.press("Escape")
    ana.share(BEN.name)
    card = ana.share(ANA.name)
    nora.cancel(nora.book(nora.shared(BEN.name)))
    nora.book(nora.shared(ANA.name))
    expect(card).to_contain_text("Booked")
    assert serious(tab.page) == []
    ana.page.goto("/meetings")
    expect(ana.page.get_by_role("list", name="Meetings")).to_be_visible()
    assert serious(tab.page) == []
    ana.page.get_by_role("button", name="Cancel meeting with Nora Lind").first.click()
    expect(ana.page.get_by_role("alertdialog")).to_be_visible()
    assert serious(tab.page) == []


def test_a_phone_has_it_all_without_scrolling_sideways(sign_in: SignIn, arrive: Arrive) -> None:
    tab = sign_in(ANA, viewport=PHONE).open()
    nora = arrive().ask()
    ana = ShareDialog(tab.accept())
    card = ana.share(ANA.name)
    expect(card.get_by_role("button", name="Withdraw")).to_be_in_viewport()
    nora.book(nora.shared(ANA.name))
    expect(card).to_contain_text("Booked")
    assert_fits(tab)
    ana.page.goto("/meetings")
    expect(cancel_of(ana.page)).to_be_in_viewport()
    assert_fits(tab)


def cancel_of(page: Page) -> Locator:
    return page.get_by_role("button", name="Cancel meeting with Nora Lind").first


def assert_fits(tab: InboxPage) -> None:
    width = tab.page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"], "the page scrolls sideways"
