"""axe finds nothing serious where calendars are connected, and a phone is wide enough."""

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.accessibility import serious
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale
from tests.e2e.calendars.conftest import SignedIn
from tests.people import ANA


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_section_and_its_dialogs(
    signed_in: SignedIn, radicale: Radicale, scheme: Literal["light", "dark"]
) -> None:
    page = signed_in(
        ANA, "/settings", color_scheme=scheme, reduced_motion="reduce", viewport={"width": 390, "height": 844}
    )
    login = {"url": radicale.url, "account": ACCOUNT, "password": PASSWORD}
    assert page.context.request.post("/api/v1/agent/calendars", data=login).ok
    expect(page.get_by_role("button", name="Disconnect Work")).to_be_visible()
    assert serious(page) == []
    widths = "[document.documentElement, ...document.querySelectorAll('.page-scroll')]"
    assert page.evaluate(f"{widths}.every((one) => one.scrollWidth <= one.clientWidth)")

    page.get_by_role("button", name="Connect a calendar").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Disconnect Work").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    assert serious(page) == []
