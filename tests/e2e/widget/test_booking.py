"""PRODUCT 4.3, 4.4: from the shared calendar in the thread to a booked meeting."""

import uuid

import httpx
from playwright.sync_api import Page, Route, expect

from tests.e2e.widget.agent import Agent
from tests.e2e.widget.booking_card import BookingCard, Shared, as_instant, in_chat, is_sound, on_the_wall
from tests.e2e.widget.conftest import MakeChat
from tests.programs import wait_until
from tests.servers import InboxServer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_a_meeting_is_booked_on_a_phone(visit: MakeChat, agent: Agent) -> None:
    chat = in_chat(visit("/chat", **PHONE, locale="en-GB", timezone_id="Europe/Paris"), agent)
    chat.page.evaluate("AgentInbox.on('meeting_booked', (meeting) => { window.heard = meeting })")
    agent.share_calendar()
    card = BookingCard(chat.page)
    start = card.first_start()
    expect(card.book_button).to_be_disabled()
    assert is_sound(chat.page)
    card.slot(start).tap()
    expect(card.slot(start)).to_have_attribute("aria-pressed", "true")
    card.book_button.tap()
    expect(card.booked).to_contain_text("Ana Lovelace")
    expect(card.booked).to_contain_text("Europe/Paris")
    expect(card.booked).to_contain_text("Confirmation by email: vera@example.org")
    expect(card.booked).to_contain_text(on_the_wall(start, "Europe/Paris"))
    expect(card.slots.first).to_be_hidden()
    assert [as_instant(one) for one in agent.meeting_starts()] == [as_instant(start)]
    assert chat.page.evaluate("heard.start") == agent.meeting_starts()[0]
    assert is_sound(chat.page)


def test_a_cancelled_meeting_can_be_booked_anew_from_the_same_card(shared: Shared, agent: Agent) -> None:
    _, card, _ = shared
    start = card.book_first()
    (meeting,) = agent.meetings()
    with card.page.expect_response(lambda answer: "/slots?" in answer.url):  # they are asked for anew
        agent.client.post(f"/meetings/{meeting['id']}/cancel").raise_for_status()
    expect(card.slot(start)).to_be_visible()
    expect(card.group.get_by_text("Booking…")).to_have_count(0)
    card.book_first()


def test_with_the_keyboard_alone(shared: Shared, agent: Agent) -> None:
    _, card, _ = shared
    card.first_start()
    day = card.day.inner_text()
    keyboard = card.page.keyboard
    card.zone.focus()
    keyboard.press("Tab")  # to "Previous day"
    keyboard.press("Tab")
    expect(card.day).to_be_focused()
    keyboard.press("ArrowRight")
    expect(card.day).to_be_focused()
    assert card.day.inner_text() != day
    keyboard.press("Tab")  # to "Next day"
    keyboard.press("Tab")
    expect(card.slots.first).to_be_focused()
    keyboard.press("ArrowRight")
    expect(card.slots.nth(1)).to_be_focused()
    chosen = card.slots.nth(1).get_attribute("data-start") or ""
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(card.book_button).to_be_focused()
    keyboard.press("Enter")
    expect(card.booked).to_be_focused()
    assert [as_instant(one) for one in agent.meeting_starts()] == [as_instant(chosen)]


def test_who_gave_no_email_is_asked_for_it(visit: MakeChat, agent: Agent) -> None:
    chat = in_chat(visit("/chat"), agent, email="")
    agent.share_calendar()
    card = BookingCard(chat.page)
    card.slot(card.first_start()).click()
    expect(card.group.get_by_role("textbox", name="Name")).to_be_hidden()
    card.book_button.click()
    expect(card.email).to_have_accessible_description("Please fill this in.")
    expect(card.email).to_be_focused()
    card.email.fill("vera@nowhere")
    card.book_button.click()
    expect(card.email).to_have_accessible_description("Please check this address.")
    card.email.fill("vera@example.org")
    card.book_button.click()
    expect(card.booked).to_contain_text("vera@example.org")
    assert len(agent.meetings()) == 1


def test_a_time_that_was_just_taken_says_so_and_offers_what_is_free(
    shared: Shared, visit: MakeChat, agent: Agent, shared_server: InboxServer
) -> None:
    _, card, _ = shared
    start = card.first_start()
    card.slot(start).click()
    take(shared_server, agent, start)
    card.book_button.click()
    expect(card.group.get_by_role("status").filter(has_text="This time was just taken.")).to_be_visible()
    expect(card.slot(start)).to_have_count(0)
    expect(card.slots.first).to_be_focused()
    expect(card.book_button).to_be_disabled()
    other = card.book_first()
    assert [as_instant(one) for one in agent.meeting_starts()] == [as_instant(other)]


def take(server: InboxServer, agent: Agent, start: str) -> None:
    """Somebody else, in a chat of their own, is faster."""
    api = httpx.Client(base_url=f"{server.url}/api/v1/visitor", timeout=10)
    api.headers["Authorization"] = f"Bearer {api.post('/sessions', json={}).json()['token']}"
    request = {"client_id": str(uuid.uuid4()), "text": "Me too", "name": "Otto", "email": "otto@example.org"}
    api.post("/conversations", json=request).raise_for_status()
    first = agent.conversation_id
    agent.accept()
    share_id = agent.share_calendar()
    agent.conversation_id = first
    booking = {"client_id": str(uuid.uuid4()), "start": start}
    api.post(f"/calendar-shares/{share_id}/bookings", json=booking).raise_for_status()
    api.close()


def test_a_withdrawn_calendar_says_so_at_once(shared: Shared, agent: Agent) -> None:
    chat, card, share_id = shared
    card.first_start()
    agent.withdraw_calendar(share_id)
    expect(card.group.get_by_role("status").filter(has_text="This calendar is no longer shared.")).to_be_visible()
    expect(card.slots.first).to_be_hidden()
    chat.page.reload()
    expect(card.group.get_by_text("This calendar is no longer shared.")).to_be_visible()
    expect(card.group).to_have_count(1)


def test_times_that_are_asked_for_as_the_calendar_is_withdrawn(shared: Shared, agent: Agent) -> None:
    """The question is refused; a page's uncaught error would fail this test."""
    chat, card, share_id = shared
    card.first_start()

    def withdraw_first(route: Route) -> None:
        agent.withdraw_calendar(share_id)
        route.continue_()

    chat.page.route("**/slots?*", withdraw_first)
    with chat.page.expect_response("**/slots?*") as answer:
        card.zone.select_option("Asia/Tokyo")
    assert answer.value.status == 409
    expect(card.group.get_by_role("status").filter(has_text="This calendar is no longer shared.")).to_be_visible()
    expect(card.zone).to_be_hidden()


def test_the_calendar_can_be_booked_after_the_chat_has_ended(shared: Shared, agent: Agent) -> None:
    chat, card, _ = shared
    card.first_start()
    agent.end()
    expect(chat.page.get_by_role("button", name="Start a new chat")).to_be_visible()
    start = card.book_first()
    assert [as_instant(one) for one in agent.meeting_starts()] == [as_instant(start)]


def test_in_french(visit: MakeChat, agent: Agent) -> None:
    page = visit("/chat", locale="fr-FR", timezone_id="Europe/Paris").page
    in_french_chat(page, agent)
    agent.share_calendar()
    group = page.get_by_role("group", name="Planifier une réunion avec Ana Lovelace")
    group.locator("button[data-start]").first.click()
    group.get_by_role("button", name="Réserver").click()
    booked = group.get_by_role("status", name="Réunion planifiée")
    expect(booked).to_contain_text("Confirmation par e-mail : vera@example.org")
    wait_until(lambda: len(agent.meeting_starts()) == 1, "it is booked")


def test_a_french_site_refuses_in_french_whatever_the_browser_speaks(
    visit_embedded: MakeChat, agent: Agent, shared_server: InboxServer
) -> None:
    chat = visit_embedded("/embedding", language="fr", locale="en-GB")
    chat.page.get_by_role("button", name="Discuter avec nous").click()
    in_french_chat(chat.page, agent)
    agent.share_calendar()
    slot = chat.page.locator("button[data-start]").first
    slot.click()
    take(shared_server, agent, slot.get_attribute("data-start") or "")
    chat.page.get_by_role("button", name="Réserver").click()
    expect(chat.page.get_by_role("status").filter(has_text="Ce créneau vient d’être pris.")).to_be_visible()


def in_french_chat(page: Page, agent: Agent) -> None:
    page.get_by_role("textbox", name="Nom").fill("Véra")
    page.get_by_role("textbox", name="E-mail").fill("vera@example.org")
    page.get_by_role("textbox", name="Message").fill("Bonjour")
    page.get_by_role("button", name="Démarrer la discussion").click()
    agent.accept()
