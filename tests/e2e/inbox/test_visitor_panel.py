"""The right column: what is known of the visitor, corrections in place, the activity history."""

import pytest
from playwright.sync_api import expect

from tests.e2e.inbox.conftest import Arrive
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor

pytestmark = pytest.mark.e2e
Chatting = tuple[InboxPage, Visitor]


def test_the_five_of_the_seed_come_first_and_what_is_missing_is_a_dash(ana: InboxPage, arrive: Arrive) -> None:
    arrive("Omar Aziz", email="omar@example.org", phone="+33 6 12 34 56 78").ask()
    ana.accept()
    terms = ana.panel.locator("dl dt")
    expect(terms.nth(4)).to_be_visible()
    assert terms.all_inner_texts()[:5] == ["Name", "Job title", "Email", "Phone", "CRM status"]
    values = ana.panel.locator("dl dd").all_inner_texts()[:5]
    assert values == ["Omar Aziz", "-", "omar@example.org", "+33 6 12 34 56 78", "-"]


def test_a_corrected_field_is_on_the_record_and_in_every_tab(chatting: Chatting, arrive: Arrive) -> None:
    ana, nora = chatting
    other = InboxPage(ana.page.context.new_page()).open_chat(nora)
    ana.correct("Job title", "  Head of   Operations ")
    expect(ana.value("Job title")).to_have_text("Head of Operations")
    expect(other.value("Job title")).to_have_text("Head of Operations")
    ana.correct("Name", "Nora Lindqvist")
    expect(ana.row(nora).get_by_role("link", name="Nora Lindqvist")).to_be_visible()
    ana.page.reload()
    expect(ana.value("Job title")).to_have_text("Head of Operations")


def test_a_refused_correction_says_why_beside_the_field_and_esc_returns(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.correct("Email", "not an address")
    expect(ana.panel.get_by_role("alert")).to_have_text("Enter an email address such as name@example.com.")
    field = ana.panel.get_by_role("textbox", name="Email")
    expect(field).to_have_value("not an address")
    field.press("Escape")
    expect(ana.value("Email")).to_have_text(nora.email)


def test_a_correction_is_of_the_visitor_with_whom_it_began(ana: InboxPage, arrive: Arrive) -> None:
    nora, omar = arrive("Nora Lind").ask(), arrive("Omar Aziz")
    ana.accept()
    omar.ask()
    ana.accept()
    ana.value("Job title").get_by_role("button", name="Correct: Job title").click()
    ana.panel.get_by_role("textbox", name="Job title").fill("Pilot")
    ana.choose(nora)
    expect(ana.panel.get_by_role("textbox", name="Job title")).to_have_count(0)
    expect(ana.value("Job title")).to_have_text("-")
    ana.choose(omar)
    expect(ana.value("Job title")).to_have_text("Pilot")  # left is saved


def test_after_a_correction_by_keys_the_keyboard_is_at_its_pencil(chatting: Chatting) -> None:
    ana, _ = chatting
    pencil = ana.value("Job title").get_by_role("button", name="Correct: Job title")
    ana.correct("Job title", "Pilot")
    expect(ana.value("Job title")).to_have_text("Pilot")
    expect(pencil).to_be_focused()
    ana.page.keyboard.press("Enter")
    ana.panel.get_by_role("textbox", name="Job title").fill("Sailor")
    ana.page.keyboard.press("Escape")
    expect(ana.value("Job title")).to_have_text("Pilot")
    expect(pencil).to_be_focused()


def test_activities_are_listed_under_their_day_and_open_the_transcript(ana: InboxPage, arrive: Arrive) -> None:
    nora = arrive().ask("My first question")
    ana.accept()
    ana.send("My first answer")
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()  # else the end may be faster
    ana.end_button.click()
    nora.ask("My second question")
    ana.accept()
    expect(ana.message("My second question")).to_be_visible()
    activities = ana.history.get_by_role("list")
    expect(activities.get_by_text("Engaged with an agent")).to_have_count(2)
    expect(ana.history.get_by_role("heading", name="Today")).to_have_count(1)
    view = activities.get_by_role("button", name="View transcript").last
    view.press("Enter")
    transcript = ana.page.get_by_role("dialog", name="Transcript")
    expect(transcript.get_by_text("My first answer", exact=True)).to_be_visible()
    expect(transcript.get_by_text("My second question")).to_have_count(0)
    expect(transcript.get_by_role("link", name="Download as JSON")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(transcript).to_have_count(0)
    expect(view).to_be_focused()
    expect(ana.panel.get_by_text("Previous chats")).to_be_visible()


def test_a_claimant_is_shown_beside_the_known_record_and_merged_with_one_click(ana: InboxPage, arrive: Arrive) -> None:
    nora = arrive("Nora Lind").ask()
    ana.accept()
    ana.correct("Company", "Nordlicht")
    expect(ana.value("Company")).to_have_text("Nordlicht")
    claimant = arrive("N.", email=nora.email).ask()
    ana.accept()
    expect(ana.value("Name")).to_have_text("N.")
    expect(ana.panel.get_by_text("The email address is not confirmed.")).to_be_visible()
    ana.panel.get_by_role("button", name="Merge with Nora Lind").press("Enter")
    expect(ana.value("Name")).to_have_text("Nora Lind")
    expect(ana.value("Company")).to_have_text("Nordlicht")
    expect(ana.panel.get_by_role("button", name="Merge with Nora Lind")).to_have_count(0)
    expect(ana.panel).to_be_focused()
    expect(ana.page.get_by_text("There is nothing here for you.")).to_have_count(0)  # the former record is gone
    expect(ana.row(claimant).get_by_role("link", name="Nora Lind")).to_be_visible()
    claimant.end()
    claimant.ask("Me again")
    ana.accept()
    unconfirmed, says = (ana.panel.get_by_text(words) for words in ("is not confirmed", "Says in this chat: N."))
    for visitor, times in ((nora, 0), (claimant, 1), (nora, 0)):
        ana.choose(visitor)
        expect(unconfirmed).to_be_visible()
        expect(says).to_have_count(times)
        ana.correct("Company", f"Nordlicht {visitor.name}")
        expect(ana.value("Company")).to_have_text(f"Nordlicht {visitor.name}")
        expect(says).to_have_count(times)
