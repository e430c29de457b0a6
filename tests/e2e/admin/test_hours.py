"""An agent's hours on /settings: by keyboard, with a preview that follows, and refusals at the right place."""

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests import people
from tests.e2e.admin.conftest import SignedIn
from tests.people import ANA, BEN, MIA, Person
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e

OFFICE = [{"day": day, "from": "09:00", "to": "17:00"} for day in ("mon", "tue")]


def set_hours(server: InboxServer, person: Person, **schedule: object) -> None:
    value = {"time_zone": "Europe/Paris", "blocks": OFFICE, "exceptions": []} | schedule
    answer = httpx.put(
        f"{server.url}/api/v1/agent/schedule", json=value, cookies={"inbox_session": people.session_of(server, person)}
    )
    assert answer.is_success, answer.text


def hours(page: Page) -> Locator:
    """Meetings have hours of their own on the same page."""
    return page.get_by_role("form", name="Live chat hours")


def preview(page: Page) -> list[str]:
    return page.get_by_role("list", name="The coming 7 days").get_by_role("listitem").all_inner_texts()


def test_hours_are_edited_by_keyboard_and_the_preview_follows(signed_in: SignedIn, shared_server: InboxServer) -> None:
    set_hours(shared_server, ANA)
    page = signed_in(ANA, "/settings")
    form = hours(page)
    form.get_by_role("button", name="Wednesday: add a block").press("Enter")
    start = form.get_by_label("Wednesday, block 1, from")
    expect(start).to_be_focused()
    page.keyboard.type("1000PM")
    form.get_by_label("Wednesday, block 1, to").focus()
    page.keyboard.type("0600AM")

    days = form.get_by_role("list", name="The coming 7 days")
    expect(days.get_by_role("listitem").filter(has_text="Wed")).to_contain_text("22:00-06:00 (next day)")
    page.keyboard.press("Enter")

    expect(form.get_by_text("Saved. In force now.")).to_be_visible()
    page.reload()
    expect(form.get_by_label("Wednesday, block 1, from")).to_have_value("22:00")


def test_overlapping_blocks_are_refused_beside_the_later_one(signed_in: SignedIn, shared_server: InboxServer) -> None:
    set_hours(shared_server, ANA)
    page = signed_in(ANA, "/settings")
    form = hours(page)
    form.get_by_role("button", name="Tuesday: add a block").click()
    later = form.get_by_label("Tuesday, block 2, from")
    later.fill("16:00")
    form.get_by_role("button", name="Save").click()

    refusal = form.get_by_role("group", name="Tuesday").get_by_role("alert")
    expect(refusal).to_have_text("Two blocks of one day overlap: 09:00-17:00 and 16:00-19:00.")
    expect(later).to_be_focused()
    expect(later).to_have_value("16:00")
    expect(form.get_by_text("What is typed is not complete yet")).to_be_visible()
    form.get_by_role("button", name="Tuesday: remove block 2").click()
    form.get_by_label("Tuesday, block 1, to").fill("18:00")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Saved. In force now.")).to_be_visible()


def test_an_exception_in_the_past_is_refused_and_one_to_come_is_marked(
    signed_in: SignedIn, shared_server: InboxServer
) -> None:
    set_hours(shared_server, ANA)
    page = signed_in(ANA, "/settings")
    form = hours(page)
    form.get_by_role("button", name="Add an exception").click()
    day = form.get_by_label("Date of exception 1")
    expect(day).to_be_focused()
    day.fill("2020-01-01")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("group", name="Exception 1").get_by_role("alert")).to_have_text(
        "2020-01-01 is in the past."
    )

    day.fill(str(page.evaluate("new Date(Date.now() + 3 * 86400000).toISOString().slice(0, 10)")))

    expect(form.get_by_role("list", name="The coming 7 days").get_by_text("exception")).to_be_visible()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Saved. In force now.")).to_be_visible()


def test_a_time_zone_is_found_by_a_part_of_its_name(signed_in: SignedIn, shared_server: InboxServer) -> None:
    set_hours(shared_server, BEN)
    page = signed_in(BEN, "/settings")
    form = hours(page)
    zone = form.get_by_role("combobox", name="Time zone")
    zone.click()
    zone.fill("new yo")
    expect(page.get_by_role("option", name="America/New_York")).to_be_visible()
    zone.press("Enter")
    expect(zone).to_have_value("America/New_York")

    zone.fill("Middle Earth")
    zone.press("Tab")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert").filter(has_text="Enter a time zone such as Europe/Paris.")).to_be_visible()
    expect(zone).to_have_value("Middle Earth")


def test_the_hours_of_a_day_are_copied_to_the_working_days(signed_in: SignedIn, shared_server: InboxServer) -> None:
    set_hours(shared_server, BEN, blocks=[{"day": "mon", "from": "08:00", "to": "12:00"}])
    page = signed_in(BEN, "/settings")
    form = hours(page)
    form.get_by_role("button", name="Copy the hours of Monday").click()
    page.get_by_role("menuitem", name="To Monday to Friday").click()

    expect(form.get_by_label("Friday, block 1, from")).to_have_value("08:00")
    expect(form.get_by_label("Saturday, block 1, from")).to_have_count(0)
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Saved. In force now.")).to_be_visible()
    assert sum("08:00-12:00" in day for day in preview(page)) == 5


def test_who_takes_no_chats_has_no_hours(signed_in: SignedIn) -> None:
    page = signed_in(MIA, "/settings")

    expect(page.get_by_role("heading", name=MIA.name)).to_be_visible()
    expect(page.get_by_role("heading", name="Live chat hours")).to_have_count(0)
