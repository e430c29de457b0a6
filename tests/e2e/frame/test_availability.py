"""The switch at the upper right says what is so, in every tab."""

from playwright.sync_api import expect

from tests.e2e.frame.conftest import SignedIn
from tests.e2e.frame.screens import Frame
from tests.people import MIA


def test_two_tabs_agree(signed_in: SignedIn) -> None:
    page = signed_in()
    here, there = Frame(page).open("/inbox"), Frame(page.context.new_page()).open("/settings")
    expect(here.switch).to_be_checked()

    here.switch.click()

    for frame in (here, there):
        expect(frame.switch).not_to_be_checked()
        expect(frame.sentence).to_have_text("Unavailable, set by you")
    there.switch.click()
    for frame in (here, there):
        expect(frame.switch).to_be_checked()
        expect(frame.sentence).to_have_text("Available (schedule)")


def test_on_a_phone_it_stays_in_the_header(signed_in: SignedIn) -> None:
    frame = Frame(signed_in(viewport={"width": 390, "height": 844})).open("/inbox")

    expect(frame.switch).to_be_in_viewport()
    expect(frame.sentence).to_have_text("Available (schedule)")


def test_a_manager_has_no_switch_and_a_way_to_the_history(signed_in: SignedIn) -> None:
    page = signed_in(MIA)
    frame = Frame(page).open("/inbox")

    expect(page.get_by_text("The inbox is for agents.")).to_be_visible()
    expect(frame.switch).to_have_count(0)
    frame.rail.get_by_role("link", name="History").click()
    expect(page.get_by_role("searchbox", name="Search")).to_be_visible()
