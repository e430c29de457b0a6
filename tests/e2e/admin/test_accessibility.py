"""axe finds nothing serious on the three pages, in both schemes; a phone has room for them."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility import barriers, cramped
from tests.e2e.admin.conftest import SignedIn
from tests.people import ANA, ROOT, Person

pytestmark = pytest.mark.e2e

TABS = ("people", "teams", "rules", "accounts", "chat", "identity", "simulator", "calendars", "deliveries", "audit")
PAGES = [(ANA, "/settings"), (ANA, "/missed"), *[(ROOT, f"/admin?tab={tab}") for tab in TABS]]
of_every_page = pytest.mark.parametrize(("person", "path"), PAGES, ids=[path for _, path in PAGES])


def opened(signed_in: SignedIn, person: Person, path: str, **options: object) -> Page:
    page = signed_in(person, path, **options)
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("main").locator("[aria-busy], .skeletons")).to_have_count(0)
    return page


@of_every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_barriers(
    signed_in: SignedIn, person: Person, path: str, scheme: Literal["light", "dark"]
) -> None:
    assert barriers(opened(signed_in, person, path, color_scheme=scheme)) == []


@pytest.mark.parametrize(("tab", "button"), [("teams", "Add a team"), ("rules", "Add a rule")])
def test_axe_finds_nothing_serious_in_a_dialog(signed_in: SignedIn, tab: str, button: str) -> None:
    page = opened(signed_in, ROOT, f"/admin?tab={tab}", reduced_motion="reduce")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("dialog")).to_be_visible()

    assert barriers(page) == []


@of_every_page
@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_a_phone_has_room_for_everything(signed_in: SignedIn, person: Person, path: str, locale: str) -> None:
    page = opened(signed_in, person, path, viewport={"width": 390, "height": 844}, locale=locale)

    widths = "[document.documentElement, ...document.querySelectorAll('.page-scroll')]"
    assert page.evaluate(f"{widths}.every((one) => one.scrollWidth <= one.clientWidth)")
    assert cramped(page) == []
