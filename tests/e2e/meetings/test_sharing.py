"""An agent shares a calendar in the chat, and sees what becomes of it (PRODUCT 1.7, 4.4)."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.meetings.booking_visitor import on_the_wall
from tests.e2e.meetings.conftest import Arrive, Chatting, OpenPage, SetHours, SignIn
from tests.e2e.meetings.share_dialog import ShareDialog
from tests.people import ANA, BEN

pytestmark = pytest.mark.e2e
WAITS = "waiting for the visitor to book"


def test_a_colleagues_calendar_is_shared_booked_and_everybody_sees_it(chatting: Chatting, open_page: OpenPage) -> None:
    ana, nora = chatting
    bens_list = open_page(BEN, "/meetings")
    row = bens_list.get_by_role("list", name="Meetings").get_by_role("listitem").filter(has_text=nora.email)

    card = ana.share(BEN.name)

    expect(card).to_contain_text(WAITS)
    expect(ana.tab.box).to_be_focused()
    expect(row).to_have_count(0)
    meeting = nora.book(nora.shared(BEN.name))
    expect(card).to_contain_text(f"Booked: {on_the_wall(meeting)}")
    expect(card.get_by_role("button")).to_have_count(0)
    expect(ana.tab.log).to_contain_text(f"Nora Lind booked a meeting with Ben Okafor: {on_the_wall(meeting)}")
    expect(ana.tab.history.get_by_role("listitem").filter(has_text="Scheduled meeting")).to_contain_text(BEN.name)
    expect(row).to_contain_text("Scheduled")


def test_the_keyboard_alone_shares_the_own_calendar_and_a_colleagues(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.press_c()
    expect(ana.of(f"{ANA.name} (you)")).to_be_focused()
    ana.page.keyboard.press("Enter")
    expect(ana.dialog).not_to_be_visible()
    expect(ana.card(ANA.name)).to_contain_text(WAITS)
    expect(ana.tab.box).to_be_focused()

    ana.press_c()
    expect(ana.of(f"{ANA.name} (you)")).to_be_focused()
    ana.page.keyboard.press("ArrowDown")
    ana.page.keyboard.press("Enter")

    expect(ana.card(BEN.name)).to_contain_text(WAITS)
    assert nora.shared(ANA.name) != nora.shared(BEN.name)


def test_a_c_that_is_typed_is_a_letter(chatting: Chatting) -> None:
    ana, _ = chatting
    ana.tab.box.press("c")
    expect(ana.tab.box).to_have_value("c")
    expect(ana.dialog).not_to_be_visible()


def test_a_withdrawn_calendar_can_no_longer_be_booked(chatting: Chatting) -> None:
    ana, nora = chatting
    card = ana.share(ANA.name)
    share = nora.shared(ANA.name)
    start = nora.slots(share)[0]

    card.get_by_role("button", name="Withdraw").click()

    expect(card).to_contain_text("withdrawn")
    expect(card.get_by_role("button")).to_have_count(0)
    expect(ana.tab.log).to_contain_text(f"The calendar of {ANA.name} was withdrawn")
    answer = nora.try_to_book(share, start)
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.CONFLICT, "share_withdrawn")


def test_the_card_says_where_the_meeting_was_moved_to_and_that_it_was_cancelled(chatting: Chatting) -> None:
    ana, nora = chatting
    card = ana.share(ANA.name)
    meeting = nora.book(nora.shared(ANA.name))
    expect(card).to_contain_text("Booked")

    moved = nora.move(meeting, nth=5)

    expect(card).to_contain_text(f"Moved to {on_the_wall(moved)}")
    expect(ana.tab.history.get_by_role("listitem").filter(has_text="Rescheduled meeting")).to_be_visible()
    nora.cancel(meeting)
    expect(card).to_contain_text(f"Cancelled: {on_the_wall(moved)}")
    expect(ana.tab.history.get_by_role("listitem").filter(has_text="Cancelled meeting")).to_be_visible()
    expect(card.get_by_role("button", name="Withdraw")).to_be_visible()


def test_the_card_is_the_same_after_a_reload_and_in_the_transcript(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.share(ANA.name)
    booked = f"Booked: {on_the_wall(nora.book(nora.shared(ANA.name)))}"
    ana.page.reload()
    expect(ana.card(ANA.name)).to_contain_text(booked)
    ana.tab.end_button.click()
    expect(ana.icon).to_have_count(0)

    ana.tab.history.get_by_role("button", name="View transcript").first.click()

    sheet = ana.page.get_by_role("dialog", name="Transcript")
    expect(sheet.get_by_role("group", name=f"Calendar of {ANA.name} shared")).to_contain_text(booked)
    ana.page.goto(f"/history/{nora.conversation_id}")
    expect(ana.page.get_by_role("group", name=f"Calendar of {ANA.name} shared")).to_contain_text(booked)
    text = ana.page.request.get(f"/api/v1/conversations/{nora.conversation_id}/transcript.txt").text()
    assert f"— The calendar of {ANA.name} was shared" in text
    assert f"— Nora Lind booked a meeting with {ANA.name}: " in text


def test_who_cannot_be_booked_is_shown_with_the_reason(chatting: Chatting, set_hours: SetHours) -> None:
    ana, _ = chatting
    set_hours(BEN, [])

    ana.open()

    expect(ana.of(BEN.name)).to_be_disabled()
    expect(ana.calendars.locator("label").filter(has_text=BEN.name)).to_contain_text("no hours for meetings")
    expect(ana.of(ANA.name)).to_be_checked()
    expect(ana.calendars.locator("label").filter(has_text=ANA.name)).to_contain_text("Next free time:")


def test_a_refusal_stands_in_the_dialog(chatting: Chatting, set_hours: SetHours) -> None:
    ana, _ = chatting
    ana.open()
    ana.of(BEN.name).check()
    set_hours(BEN, [])

    ana.send.click()

    expect(ana.dialog.get_by_role("alert")).to_have_text("This agent has no hours for meetings.")
    ana.of(ANA.name).check()
    ana.send.click()
    expect(ana.card(ANA.name)).to_be_visible()
    expect(ana.card(BEN.name)).to_have_count(0)


def test_escape_leaves_everything_as_it_was_and_the_next_one_starts_anew(chatting: Chatting) -> None:
    ana, _ = chatting
    ana.open()
    ana.of(BEN.name).check()
    ana.page.keyboard.press("Escape")
    expect(ana.dialog).not_to_be_visible()
    expect(ana.tab.box).to_be_focused()
    expect(ana.card(BEN.name)).to_have_count(0)

    ana.open()

    expect(ana.of(ANA.name)).to_be_checked()


def test_the_words_are_the_seeds_in_french(sign_in: SignIn, arrive: Arrive) -> None:
    page = sign_in(ANA, locale="fr-FR").page
    page.goto("/inbox")
    expect(page.get_by_role("radio", name="Toutes")).to_be_visible()
    nora = arrive().ask()
    page.get_by_role("button", name="Accepter").click()
    page.get_by_role("button", name="Partager un calendrier").click()
    dialog = page.get_by_role("dialog", name="Partage de calendriers")
    expect(dialog.get_by_role("radiogroup", name="Calendrier")).to_be_visible()
    dialog.get_by_role("button", name="Envoyer").click()
    card = page.get_by_role("group", name=f"Calendrier de {ANA.name} partagé")
    expect(card.get_by_role("button", name="Retirer")).to_be_visible()
    nora.book(nora.shared(ANA.name))
    expect(card).to_contain_text("Réservé")


def test_a_past_chat_has_no_calendar_to_share(chatting: Chatting) -> None:
    ana, nora = chatting
    card = ana.share(ANA.name)
    nora.end()
    expect(ana.icon).to_have_count(0)
    expect(card).to_be_visible()
    expect(card).not_to_contain_text(WAITS)
    ana.tab.log.focus()
    ana.page.keyboard.press("c")
    expect(ana.dialog).not_to_be_visible()


def test_another_tab_of_the_agent_sees_the_card_too(chatting: Chatting, sign_in: SignIn) -> None:
    ana, nora = chatting
    other = ShareDialog(sign_in(ANA).open_chat(nora))
    ana.share(BEN.name)
    expect(other.card(BEN.name)).to_contain_text(WAITS)
    other.card(BEN.name).get_by_role("button", name="Withdraw").click()
    expect(ana.card(BEN.name)).to_contain_text("withdrawn")
