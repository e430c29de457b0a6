"""The list of meetings (PRODUCT 4.5): own ones for agents, all of them to read for managers."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.meetings.booking_visitor import BookingVisitor
from tests.e2e.meetings.conftest import Arrive, Chatting, OpenPage
from tests.e2e.meetings.share_dialog import ShareDialog
from tests.people import ANA, BEN, MIA

pytestmark = pytest.mark.e2e


def rows(page: Page, text: str) -> Locator:
    """The lines that hold this text."""
    return page.get_by_role("list", name="Meetings").get_by_role("listitem").filter(has_text=text)


def booked(ana: ShareDialog, nora: BookingVisitor, name: str) -> dict[str, object]:
    """A meeting with this agent."""
    ana.share(name)
    return nora.book(nora.shared(name))


def test_an_agent_reads_the_own_ones_and_cancels_one(chatting: Chatting, open_page: OpenPage) -> None:
    ana, nora = chatting
    booked(ana, nora, ANA.name)
    booked(ana, nora, BEN.name)
    page = open_page(ANA, "/inbox")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Meetings").click()
    mine = rows(page, nora.email)
    expect(mine).to_have_count(1)
    expect(page.get_by_role("combobox", name="Agent")).to_have_count(0)
    cancel = mine.get_by_role("button", name="Cancel meeting with Nora Lind")

    cancel.click()
    question = page.get_by_role("alertdialog", name="Cancel the meeting with Nora Lind?")
    question.get_by_role("button", name="Keep it").click()
    expect(mine).to_contain_text("Scheduled")
    cancel.click()
    question.get_by_role("button", name="Cancel meeting").click()

    expect(mine).to_contain_text("Cancelled by the agent")
    expect(cancel).to_have_count(0)
    expect(ana.card(ANA.name)).to_contain_text("Cancelled:")
    expect(ana.tab.log).to_contain_text(f"{ANA.name} cancelled the meeting: ")
    mine.get_by_role("link", name="Nora Lind").click()
    expect(page.get_by_text("Could we talk one of these days?")).to_be_visible()


def test_a_manager_reads_all_of_them_live_and_changes_none(chatting: Chatting, open_page: OpenPage) -> None:
    ana, nora = chatting
    page = open_page(MIA, "/meetings")
    expect(page.get_by_role("combobox", name="Agent")).to_be_visible()
    booked(ana, nora, ANA.name)
    expect(rows(page, nora.email)).to_have_count(1)
    meeting = booked(ana, nora, BEN.name)
    expect(rows(page, nora.email).filter(has_text=f"with {BEN.name}")).to_have_count(1)

    nora.move(meeting, nth=3)

    expect(rows(page, nora.email).filter(has_text=f"with {BEN.name}")).to_contain_text("Rescheduled")
    expect(page.get_by_role("list", name="Meetings").get_by_role("button")).to_have_count(0)
    expect(rows(page, nora.email).get_by_role("link")).to_have_count(0)  # the chat goes on: it is its agent's alone


def test_filters_live_in_the_address(chatting: Chatting, open_page: OpenPage) -> None:
    ana, nora = chatting
    booked(ana, nora, ANA.name)
    nora.cancel(booked(ana, nora, BEN.name))
    page = open_page(MIA, "/meetings")
    expect(rows(page, nora.email)).to_have_count(2)

    page.get_by_role("combobox", name="Agent").click()
    page.get_by_role("option", name=BEN.name).click()
    expect(rows(page, nora.email)).to_have_count(1)
    expect(rows(page, nora.email)).to_contain_text("Cancelled by the visitor")
    page.get_by_role("combobox", name="Status").click()
    page.get_by_role("option", name="Scheduled", exact=True).click()
    expect(rows(page, nora.email)).to_have_count(0)
    page.reload()
    expect(page.get_by_role("combobox", name="Status")).to_have_text("Scheduled")
    expect(rows(page, nora.email)).to_have_count(0)
    page.go_back()
    expect(rows(page, nora.email)).to_have_count(1)

    page.get_by_role("radio", name="Past").click()

    expect(page).to_have_url(re.compile(r"when=past"))
    expect(page.get_by_text("No meeting fits.")).to_be_visible()


def test_a_first_meeting_is_told_how_to_come_by(open_page: OpenPage) -> None:
    page = open_page(BEN, "/meetings?when=past")
    expect(page.get_by_text("No meetings yet.")).to_be_visible()
    page.goto("/meetings?status=nonsense")
    expect(page.get_by_role("alert").filter(has_text="The meetings could not be read.")).to_be_visible()
    page.get_by_role("radio", name="Past").click()
    expect(page.get_by_text("No meetings yet.")).to_be_visible()


def test_the_words_are_french(open_page: OpenPage, arrive: Arrive) -> None:
    page = open_page(MIA, "/meetings", locale="fr-FR")
    expect(page.get_by_role("heading", name="Réunions", level=1)).to_be_visible()
    expect(page.get_by_role("radio", name="À venir")).to_be_checked()
    expect(page.get_by_role("combobox", name="État")).to_be_visible()
    expect(page.get_by_text("Heures : Europe/Paris".replace(" :", "\N{NO-BREAK SPACE}:"))).to_be_visible()
