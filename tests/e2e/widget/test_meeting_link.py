"""The page of the link in a visitor's mail: PRODUCT 4.4, the visitor can reschedule or cancel."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browsers import NewPage
from tests.e2e.widget.agent import Agent
from tests.e2e.widget.booking_card import is_sound
from tests.servers import InboxServer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass
class Booked:
    """A meeting that a visitor booked by the API, and the token of its link."""

    api: httpx.Client
    agent: Agent
    share_id: str
    token: str
    start: str

    def free(self) -> list[str]:
        """What can be booked by the calendar that was shared."""
        return self.api.get(f"/calendar-shares/{self.share_id}/slots").raise_for_status().json()["slots"]

    def now(self) -> dict[str, str]:
        return self.api.get(f"/meetings/{self.token}").raise_for_status().json()


@pytest.fixture
def booked(shared_server: InboxServer, agent: Agent) -> Iterator[Booked]:
    """A visitor in Paris has a meeting with Ana."""
    with httpx.Client(base_url=f"{shared_server.url}/api/v1/visitor", timeout=10) as api:
        api.headers["Authorization"] = f"Bearer {api.post('/sessions', json={}).json()['token']}"
        request = {"client_id": str(uuid.uuid4()), "text": "Hello", "name": "Vera", "email": "vera@example.org"}
        api.post("/conversations", json=request).raise_for_status()
        agent.accept()
        share_id = agent.share_calendar()
        free = api.get(f"/calendar-shares/{share_id}/slots").json()["slots"]
        booking = {"client_id": str(uuid.uuid4()), "start": free[0], "time_zone": "Europe/Paris"}
        answer = api.post(f"/calendar-shares/{share_id}/bookings", json=booking).raise_for_status().json()
        yield Booked(api, agent, share_id, answer["token"], answer["start"])


@pytest.fixture
def visit_link(shared_server: InboxServer, new_page: NewPage, booked: Booked) -> Callable[..., Page]:
    def make(token: str = booked.token, **options: object) -> Page:
        page = new_page(shared_server.url, **{"locale": "en-GB", "timezone_id": "Europe/Paris"} | options)
        page.goto(f"/meeting/{token}")
        return page

    return make


def standing(page: Page, words: str = "Meeting booked") -> Locator:
    return page.get_by_role("status", name=words)


def on_the_wall(start: str, zone: str) -> str:
    return datetime.fromisoformat(start).astimezone(ZoneInfo(zone)).strftime("%H:%M")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_says_what_when_and_with_whom(visit_link: Callable[..., Page], booked: Booked, scheme: str) -> None:
    page = visit_link(**PHONE, color_scheme=scheme)
    expect(page.get_by_role("heading", name="Your meeting with Ana Lovelace")).to_be_visible()
    expect(standing(page)).to_contain_text(on_the_wall(booked.start, "Europe/Paris"))
    page.get_by_role("combobox", name="Time zone").select_option("America/New_York")
    expect(standing(page)).to_contain_text(on_the_wall(booked.start, "America/New_York"))
    assert is_sound(page)
    page.get_by_role("button", name="Move", exact=True).tap()
    expect(page.locator("button[data-start]").first).to_be_focused()
    assert is_sound(page)


def test_it_is_moved(visit_link: Callable[..., Page], booked: Booked) -> None:
    page = visit_link()
    page.get_by_role("button", name="Move", exact=True).click()
    picking = page.get_by_role("group", name="Choose another time")
    picking.get_by_role("button", name="Next day").click()
    slot = picking.locator("button[data-start]").first
    start = slot.get_attribute("data-start") or ""
    expect(page.get_by_role("button", name="Move to this time")).to_be_disabled()
    slot.click()
    page.get_by_role("button", name="Move to this time").click()
    expect(standing(page, "Meeting moved")).to_be_focused()
    expect(standing(page, "Meeting moved")).to_contain_text(on_the_wall(start, "Europe/Paris"))
    assert booked.now()["start"] == start
    assert booked.now()["status"] == "rescheduled"
    assert booked.start in booked.free()
    page.reload()
    expect(standing(page, "Meeting moved")).to_be_visible()


def test_it_is_cancelled_when_asked_twice(visit_link: Callable[..., Page], booked: Booked) -> None:
    page = visit_link()
    page.get_by_role("button", name="Cancel meeting").click()
    expect(page.get_by_role("group", name="Cancel this meeting?")).to_be_visible()
    page.get_by_role("button", name="Keep meeting").click()
    expect(page.get_by_role("button", name="Cancel meeting")).to_be_focused()
    assert booked.now()["status"] == "scheduled"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Yes, cancel it").press("Enter")
    expect(standing(page, "Meeting cancelled")).to_be_focused()
    assert booked.now()["status"] == "cancelled"
    for gone in ("Move", "Cancel meeting"):
        expect(page.get_by_role("button", name=gone, exact=True)).to_be_hidden()
    page.reload()
    expect(standing(page, "Meeting cancelled")).to_be_visible()
    assert booked.start in booked.free()


def test_the_time_to_move_to_was_just_taken(visit_link: Callable[..., Page], booked: Booked) -> None:
    page = visit_link()
    page.get_by_role("button", name="Move", exact=True).click()
    slot = page.locator("button[data-start]").first
    start = slot.get_attribute("data-start") or ""
    slot.click()
    with httpx.Client(base_url=booked.api.base_url) as faster:
        faster.headers["Authorization"] = f"Bearer {faster.post('/sessions', json={}).json()['token']}"
        request = {"client_id": str(uuid.uuid4()), "text": "Me too", "email": "otto@example.org"}
        faster.post("/conversations", json=request).raise_for_status()
        booked.agent.accept()
        booking = {"client_id": str(uuid.uuid4()), "start": start}
        share_id = booked.agent.share_calendar()
        faster.post(f"/calendar-shares/{share_id}/bookings", json=booking).raise_for_status()
    page.get_by_role("button", name="Move to this time").click()
    expect(page.get_by_role("status").filter(has_text="This time was just taken.")).to_be_visible()
    expect(page.locator(f'button[data-start="{start}"]')).to_have_count(0)
    assert booked.now()["start"] == booked.start


def test_a_page_that_missed_the_cancellation_says_why_there_is_nowhere_to_move(
    visit_link: Callable[..., Page], booked: Booked
) -> None:
    page = visit_link()
    expect(page.get_by_role("button", name="Move", exact=True)).to_be_visible()
    booked.api.post(f"/meetings/{booked.token}/cancel", json={}).raise_for_status()
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="This meeting was cancelled.")).to_be_visible()
    expect(page.locator("button[data-start]")).to_have_count(0)
    expect(page.get_by_role("button", name="Next day")).to_be_hidden()
    with page.expect_response("**/slots?*"):
        page.get_by_role("combobox", name="Time zone").select_option("Asia/Tokyo")
    expect(page.get_by_role("status").filter(has_text="This meeting was cancelled.")).to_be_visible()


def test_an_answer_lost_after_the_move_is_asked_for_again(visit_link: Callable[..., Page], booked: Booked) -> None:
    page = visit_link()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/reschedule", lose_the_answer, times=1)
    page.get_by_role("button", name="Move", exact=True).click()
    page.locator("button[data-start]").first.click()
    page.get_by_role("button", name="Move to this time").click()
    expect(standing(page, "Meeting moved")).to_be_visible()
    assert booked.now()["status"] == "rescheduled"


def test_a_link_that_opens_nothing_says_why(visit_link: Callable[..., Page], booked: Booked) -> None:
    page = visit_link(booked.token[:-4] + "AAAA")
    expect(page.get_by_role("heading", name="This meeting link doesn’t work")).to_be_visible()
    expect(page.get_by_text("This link doesn’t work. Open it from the invitation email again.")).to_be_visible()
    assert is_sound(page)
    page = visit_link("x", locale="fr-FR")
    expect(page.get_by_role("heading", name="Ce lien n’ouvre aucune réunion")).to_be_visible()


def test_after_the_meeting_the_link_says_that_it_is_over(
    shared_server: InboxServer, visit_link: Callable[..., Page], booked: Booked
) -> None:
    """The server's clock is moved to the day after, and back."""
    later = datetime.fromisoformat(booked.start) - datetime.now(ZoneInfo("UTC")) + timedelta(days=1)
    shared_server.restart(clock_offset=int(later.total_seconds()))
    try:
        page = visit_link()
        expect(page.get_by_text("This meeting is over, and its link with it.")).to_be_visible()
    finally:
        shared_server.restart(clock_offset=0)


def test_in_french(visit_link: Callable[..., Page], booked: Booked) -> None:
    page = visit_link(locale="fr-FR")
    expect(page.get_by_role("heading", name="Votre réunion avec Ana Lovelace")).to_be_visible()
    page.get_by_role("button", name="Annuler la réunion").click()
    page.get_by_role("button", name="Oui, l’annuler").click()
    expect(standing(page, "Réunion annulée")).to_be_visible()
    assert booked.now()["status"] == "cancelled"


def test_nobody_keeps_it_or_hears_of_it(visit_link: Callable[..., Page], booked: Booked) -> None:
    page = visit_link("x")
    for token in (booked.token, "x"):
        headers = page.request.get(f"/meeting/{token}").headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"
        assert "unsafe" not in headers["content-security-policy"]


def test_without_javascript_it_says_what_can_be_done(shared_server: InboxServer, booked: Booked) -> None:
    answer = httpx.get(f"{shared_server.url}/meeting/{booked.token}", headers={"Accept-Language": "fr"})
    words = answer.text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "Vous pouvez aussi répondre à l’invitation dans votre boîte aux lettres." in words
