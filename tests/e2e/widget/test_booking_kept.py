"""PRODUCT 4.4: one booking is one meeting, and stays to be seen: lost answers, dead tabs, no network, reloads."""

import re
from contextlib import suppress

import httpx
from playwright.sync_api import Error, Route, expect

from tests.e2e.widget.agent import Agent
from tests.e2e.widget.booking_card import BookingCard, Shared, as_instant, in_chat, on_the_wall
from tests.e2e.widget.conftest import MakeChat
from tests.servers import InboxServer

BOOKINGS = re.compile(r"/calendar-shares/[^/]+/bookings$")


def test_an_answer_lost_after_the_booking_leaves_one_meeting(shared: Shared, agent: Agent) -> None:
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
    assert len(agent.meeting_starts()) == 1


def test_a_booking_survives_a_tab_that_died_before_it_was_sent(shared: Shared, agent: Agent) -> None:
    chat, card, _ = shared
    start = card.first_start()
    card.slot(start).click()
    chat.page.context.set_offline(True)
    with chat.page.expect_request(BOOKINGS) as first:
        card.book_button.click()
    expect(card.group.get_by_text("No connection. We keep trying.")).to_be_visible()
    with chat.page.expect_event("crash"), suppress(Error):  # a tab that is closed would try a last time
        chat.page.goto("chrome://crash")
    next_tab = BookingCard(chat.page.context.new_page())
    chat.page.close()
    next_tab.page.context.set_offline(False)
    with next_tab.page.expect_request(BOOKINGS) as second:
        next_tab.page.goto("/chat")
    expect(next_tab.booked).to_be_visible()
    assert first.value.post_data_json == second.value.post_data_json
    assert [as_instant(one) for one in agent.meeting_starts()] == [as_instant(start)]


def test_what_is_booked_offline_is_booked_once_when_the_network_is_back(shared: Shared, agent: Agent) -> None:
    chat, card, _ = shared
    start = card.first_start()
    card.slot(start).click()
    chat.page.context.set_offline(True)
    card.book_button.click()
    expect(card.group.get_by_text("No connection. We keep trying.")).to_be_visible()
    card.book_button.click()  # in impatience
    chat.page.context.set_offline(False)
    expect(card.booked).to_be_visible()
    assert [as_instant(one) for one in agent.meeting_starts()] == [as_instant(start)]


def test_another_tab_and_a_reload_show_what_was_booked_moved_and_cancelled(shared: Shared, agent: Agent) -> None:
    chat, card, _ = shared
    other = BookingCard(chat.page.context.new_page())
    other.page.goto("/chat")
    card.book_first()
    expect(other.booked).to_be_visible()
    meeting = agent.meetings()[0]
    agent.client.post(f"/meetings/{meeting['id']}/cancel").raise_for_status()
    for tab in (card, other):
        expect(tab.group.get_by_role("status", name="Meeting cancelled")).to_be_visible()
        expect(tab.page.get_by_role("log").get_by_text("Meeting cancelled · ")).to_be_visible()
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
    shared: Shared, agent: Agent, shared_server: InboxServer
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
