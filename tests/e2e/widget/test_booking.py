"""PRODUCT 4.3, 4.4: from the shared calendar in the thread to a booked meeting, whatever happens in between."""

import re
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.e2e.widget.agent import Agent
from tests.e2e.widget.booking_card import BookingCard, is_sound
from tests.e2e.widget.conftest import MakeChat
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.programs import wait_until
from tests.servers import InboxServer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
BOOKINGS = re.compile(r"/calendar-shares/[^/]+/bookings$")
SLOTS = re.compile(r"/calendar-shares/[^/]+/slots")


@pytest.fixture
def shared(visit: MakeChat, agent: Agent) -> tuple[VisitorChat, BookingCard, str]:
    """A visitor with an email, in a chat in which the agent has shared a calendar."""
    chat = in_chat(visit("/chat", timezone_id="Europe/Paris", locale="en-GB"), agent)
    return chat, BookingCard(chat.page), agent.share_calendar()


def in_chat(chat: VisitorChat, agent: Agent, email: str = "vera@example.org") -> VisitorChat:
    chat.start("Hello", email=email)
    agent.accept()
    expect(chat.log.get_by_text("joined the chat")).to_be_visible()
    return chat


def starts(agent: Agent) -> list[str]:
    """Of the meetings of this test's conversation."""
    return [one["start"] for one in agent.meetings()]


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
    expect(card.booked).to_contain_text("A confirmation was sent to vera@example.org.")
    expect(card.booked).to_contain_text(on_the_wall(start, "Europe/Paris"))
    expect(card.slots.first).to_be_hidden()
    assert [as_instant(one) for one in starts(agent)] == [as_instant(start)]
    assert chat.page.evaluate("heard.start") == starts(agent)[0]
    assert is_sound(chat.page)


def test_with_the_keyboard_alone(shared: tuple[VisitorChat, BookingCard, str], agent: Agent) -> None:
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
    assert [as_instant(one) for one in starts(agent)] == [as_instant(chosen)]


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
    shared: tuple[VisitorChat, BookingCard, str], visit: MakeChat, agent: Agent, shared_server: InboxServer
) -> None:
    chat, card, _ = shared
    start = card.first_start()
    card.slot(start).click()
    take(shared_server, chat, agent, start)
    card.book_button.click()
    expect(card.group.get_by_role("status").filter(has_text="This time was just taken.")).to_be_visible()
    expect(card.slot(start)).to_have_count(0)
    expect(card.slots.first).to_be_focused()
    expect(card.book_button).to_be_disabled()
    other = card.book_first()
    assert [as_instant(one) for one in starts(agent)] == [as_instant(other)]


def take(server: InboxServer, chat: VisitorChat, agent: Agent, start: str) -> None:
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


def test_a_withdrawn_calendar_says_so_at_once(shared: tuple[VisitorChat, BookingCard, str], agent: Agent) -> None:
    chat, card, share_id = shared
    card.first_start()
    agent.withdraw_calendar(share_id)
    expect(card.group.get_by_role("status").filter(has_text="This calendar is no longer shared.")).to_be_visible()
    expect(card.slots.first).to_be_hidden()
    chat.page.reload()
    expect(card.group.get_by_text("This calendar is no longer shared.")).to_be_visible()
    expect(card.group).to_have_count(1)


def test_an_answer_lost_after_the_booking_leaves_one_meeting(
    shared: tuple[VisitorChat, BookingCard, str], agent: Agent
) -> None:
    chat, card, _ = shared
    tries: list[str] = []

    def lose_the_answer(route: Route) -> None:
        tries.append(route.request.post_data_json["client_id"])
        route.fetch()
        route.abort()

    chat.page.route(BOOKINGS, lose_the_answer, times=2)
    with chat.page.expect_response(BOOKINGS) as answered:
        card.book_first()
    assert answered.value.status == 200, "the same meeting again"
    assert len(tries) == 2
    assert len(set(tries)) == 1
    assert len(starts(agent)) == 1


def test_a_booking_survives_a_tab_that_died_before_it_was_sent(
    shared: tuple[VisitorChat, BookingCard, str], agent: Agent
) -> None:
    chat, card, _ = shared
    start = card.first_start()
    card.slot(start).click()
    chat.page.context.set_offline(True)
    with chat.page.expect_request(BOOKINGS) as first:
        card.book_button.click()
    expect(card.group.get_by_text("No connection. We keep trying.")).to_be_visible()
    next_tab = BookingCard(chat.page.context.new_page())
    chat.page.close()  # at once: a page that is left tries a last time
    next_tab.page.context.set_offline(False)
    with next_tab.page.expect_request(BOOKINGS) as second:
        next_tab.page.goto("/chat")
    expect(next_tab.booked).to_be_visible()
    assert first.value.post_data_json == second.value.post_data_json
    assert [as_instant(one) for one in starts(agent)] == [as_instant(start)]


def test_what_is_booked_offline_is_booked_once_when_the_network_is_back(
    shared: tuple[VisitorChat, BookingCard, str], agent: Agent
) -> None:
    chat, card, _ = shared
    start = card.first_start()
    card.slot(start).click()
    chat.page.context.set_offline(True)
    card.book_button.click()
    expect(card.group.get_by_text("No connection. We keep trying.")).to_be_visible()
    card.book_button.click()  # in impatience
    chat.page.context.set_offline(False)
    expect(card.booked).to_be_visible()
    assert [as_instant(one) for one in starts(agent)] == [as_instant(start)]


def test_another_tab_and_a_reload_show_what_was_booked_moved_and_cancelled(
    shared: tuple[VisitorChat, BookingCard, str], agent: Agent
) -> None:
    chat, card, _ = shared
    other = BookingCard(chat.page.context.new_page())
    other.page.goto("/chat")
    card.book_first()
    expect(other.booked).to_be_visible()
    meeting = agent.meetings()[0]
    agent.client.post(f"/meetings/{meeting['id']}/cancel").raise_for_status()
    for tab in (card, other):
        expect(tab.group.get_by_role("status", name="Meeting cancelled")).to_be_visible()
        expect(tab.page.get_by_role("log").get_by_text("Meeting cancelled: ")).to_be_visible()
        expect(tab.slots.first).to_be_visible()
    chat.page.reload()
    expect(card.group.get_by_role("status", name="Meeting cancelled")).to_be_visible()
    expect(card.group).to_have_count(1)


def test_after_a_reload_the_video_link_is_still_there(visit: MakeChat, agent: Agent) -> None:
    agent.set_meetings(video_link="https://meet.example.com/ana")
    chat = in_chat(visit("/chat", locale="en-GB"), agent)
    agent.share_calendar()
    card = BookingCard(chat.page)
    card.book_first()
    link = card.booked.get_by_role("link", name="Join the video call")
    expect(link).to_have_attribute("href", "https://meet.example.com/ana")
    chat.page.reload()
    expect(link).to_have_attribute("href", "https://meet.example.com/ana")
    agent.set_meetings()


def test_what_was_booked_and_moved_after_the_end_is_there_after_a_reload(
    shared: tuple[VisitorChat, BookingCard, str], agent: Agent, shared_server: InboxServer
) -> None:
    chat, card, _ = shared
    card.first_start()
    agent.end()
    with chat.page.expect_response(BOOKINGS) as answered:
        card.book_first()
    link = f"{shared_server.url}/api/v1/visitor/meetings/{answered.value.json()['token']}"
    later = httpx.get(f"{link}/slots").json()["slots"][3]
    httpx.post(f"{link}/reschedule", json={"start": later}).raise_for_status()
    chat.page.reload()
    moved = card.group.get_by_role("status", name="Meeting moved")
    expect(moved).to_contain_text(on_the_wall(later, "Europe/Paris"))
    expect(card.slots.first).to_be_hidden()


def test_the_calendar_can_be_booked_after_the_chat_has_ended(
    shared: tuple[VisitorChat, BookingCard, str], agent: Agent
) -> None:
    chat, card, _ = shared
    card.first_start()
    agent.end()
    expect(chat.page.get_by_role("button", name="Start a new chat")).to_be_visible()
    start = card.book_first()
    assert [as_instant(one) for one in starts(agent)] == [as_instant(start)]


def test_times_are_those_of_the_chosen_zone(shared: tuple[VisitorChat, BookingCard, str], agent: Agent) -> None:
    _, card, _ = shared
    start = card.first_start()
    for zone in ("Europe/Paris", "America/Los_Angeles", "Australia/Adelaide", "Pacific/Chatham"):
        card.zone.select_option(zone)
        expect(card.slot(start)).to_have_text(on_the_wall(start, zone))


def test_times_are_right_on_both_sides_of_a_clock_change(visit: MakeChat, agent: Agent) -> None:
    """From the day before a zone's next change to the day after, at the same hours of UTC."""
    chat = in_chat(visit("/chat", timezone_id="UTC", locale="en-GB"), agent)
    agent.set_meetings(time_zone="UTC", blocks=ALL_WEEK, horizon_days=365, minimum_notice_hours=0)
    agent.share_calendar()
    card = BookingCard(chat.page)
    card.first_start()
    card.zone.select_option("Europe/Paris")
    seen: dict[str, set[str]] = {}
    while len(seen) < 2:
        start = card.first_start()
        expect(card.slots.first).to_have_text(on_the_wall(start, "Europe/Paris"))
        at = as_instant(start)
        seen.setdefault(str(at.astimezone(ZoneInfo("Europe/Paris")).utcoffset()), set()).add(card.day.inner_text())
        day = card.day.inner_text()
        card.group.get_by_role("button", name="Next day").click()
        expect(card.day).not_to_have_text(day)
    agent.set_meetings()


ALL_WEEK = [{"day": day, "from": "10:00", "to": "11:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]


def test_in_french(visit: MakeChat, agent: Agent) -> None:
    page = visit("/chat", locale="fr-FR", timezone_id="Europe/Paris").page
    page.get_by_role("textbox", name="Nom").fill("Véra")
    page.get_by_role("textbox", name="E-mail").fill("vera@example.org")
    page.get_by_role("textbox", name="Message").fill("Bonjour")
    page.get_by_role("button", name="Démarrer la discussion").click()
    agent.accept()
    agent.share_calendar()
    group = page.get_by_role("group", name="Planifier une réunion avec Ana Lovelace")
    group.locator("button[data-start]").first.click()
    group.get_by_role("button", name="Réserver").click()
    booked = group.get_by_role("status", name="Réunion planifiée")
    expect(booked).to_contain_text("Confirmation envoyée à vera@example.org.")
    wait_until(lambda: len(starts(agent)) == 1, "it is booked")


def as_instant(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def on_the_wall(start: str, zone: str) -> str:
    return as_instant(start).astimezone(ZoneInfo(zone)).strftime("%H:%M")
