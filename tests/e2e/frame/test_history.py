"""What managers read, and cannot change."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.frame.conftest import Asks, SignedIn
from tests.e2e.frame.screens import Frame
from tests.people import ANA, MIA


@pytest.fixture
def past(signed_in: SignedIn, asks: Asks) -> None:
    """Two conversations that the visitor ended before anybody took them; with no agent there, they would be missed."""
    expect(Frame(signed_in(ANA)).open("/inbox").sentence).to_be_visible()
    asks("Zoe Quist", "My parcel number is ZX-81.").end()
    asks("Yuri Falk", "Do you ship to Iceland?").end()


@pytest.mark.usefixtures("past")
def test_a_manager_finds_a_conversation_by_its_words_and_reads_it(signed_in: SignedIn) -> None:
    page = signed_in(MIA)
    Frame(page).open("/history")
    table = page.get_by_role("table", name="Conversations")
    expect(table.get_by_role("link", name="Yuri Falk").first).to_be_visible()

    page.get_by_role("searchbox", name="Search").fill("ZX-81")

    expect(page).to_have_url(re.compile(r"\?q=ZX-81$"))
    expect(table.get_by_role("link", name="Yuri Falk")).to_have_count(0)
    table.get_by_role("link", name="Zoe Quist").first.click()
    expect(page).to_have_url(re.compile(r"/history/\w+$"))  # the list shows the words too
    expect(page.get_by_text("My parcel number is ZX-81.")).to_be_visible()
    expect(page.get_by_role("definition").first).to_have_text(re.compile(r"^says \S+@example\.org$"))
    page.go_back()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("ZX-81")


@pytest.mark.usefixtures("past")
@pytest.mark.parametrize("kind", ["CSV", "JSON"])
def test_what_is_found_can_be_taken_along(signed_in: SignedIn, kind: str) -> None:
    page = signed_in(MIA)
    Frame(page).open("/history?q=ZX-81")
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Export {kind}").click()
    assert download.value.suggested_filename == f"conversations.{kind.lower()}"
    taken = download.value.path().read_text()
    assert ("Zoe Quist" in taken, "Yuri Falk" in taken) == (True, False)


@pytest.mark.usefixtures("past")
def test_a_long_name_does_not_push_the_table_out_of_the_page(signed_in: SignedIn, asks: Asks) -> None:
    asks("W" * 90, "Hello").end()
    page = signed_in(MIA)
    page.set_viewport_size({"width": 1180, "height": 800})
    Frame(page).open("/history")
    expect(page.get_by_role("link", name="W" * 90).first).to_be_visible()
    assert page.locator(".table-holder").evaluate("holder => holder.scrollWidth <= holder.clientWidth")


@pytest.mark.usefixtures("past")
def test_the_history_has_no_control_that_changes_anything(signed_in: SignedIn) -> None:
    page = signed_in(MIA)
    Frame(page).open("/history")
    expect(page.get_by_role("table", name="Conversations")).to_be_visible()

    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    for role in ("textbox", "checkbox", "radio", "switch"):
        expect(page.get_by_role("table").get_by_role(role)).to_have_count(0)


@pytest.mark.usefixtures("past")
def test_filters_live_in_the_address(signed_in: SignedIn) -> None:
    page = signed_in(MIA)
    Frame(page).open("/history?outcome=agent")
    expect(page.get_by_text("No conversation fits.")).to_be_visible()

    page.get_by_role("combobox", name="Outcome").click()
    page.get_by_role("option", name="Cancelled by the visitor").click()

    expect(page.get_by_role("table", name="Conversations")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("No conversation fits.")).to_be_visible()


def test_an_agent_is_told_whom_it_is_for(signed_in: SignedIn) -> None:
    page = signed_in(ANA)
    frame = Frame(page).open("/history")

    expect(page.get_by_text("The history is for managers and admins.")).to_be_visible()
    expect(frame.rail.get_by_role("link", name="History")).to_have_count(0)


def test_a_conversation_that_is_not_there_is_not_there(signed_in: SignedIn) -> None:
    page = signed_in(MIA)
    Frame(page).open("/history/01ARZ3NDEKTSV4RRFFQ69G5FAV")

    expect(page.get_by_text("There is no such conversation for you.")).to_be_visible()
