"""PRODUCT 3.4, `fallback_meeting`: where nobody can come, the visitor may book a time instead."""

from contextlib import closing
from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.browsers import NewPage
from tests.e2e.offers.conftest import Visits
from tests.e2e.widget.booking_card import BookingCard, is_sound
from tests.people import ANA, BEN, PASSWORD, ROOT, api_of
from tests.servers import InboxServer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
pytestmark = pytest.mark.e2e


def test_an_admin_switches_it_on_and_a_visitor_for_whom_nobody_came_books_a_meeting(
    server: InboxServer, new_page: NewPage, visits: Visits
) -> None:
    before = planned(server)
    admin = new_page(server.url, locale="en-GB")
    admin.request.post("/api/v1/auth/login", data={"email": ROOT.email, "password": PASSWORD})
    admin.goto("/admin?tab=chat")
    switch = admin.get_by_role("switch", name="Offer a meeting when nobody can come")
    expect(switch).not_to_be_checked()
    switch.click()
    expect(switch).to_be_checked()
    expect(admin.get_by_role("main").get_by_text("Saved", exact=True)).to_be_visible()

    chat = visits(**PHONE, timezone_id="Europe/Paris")
    chat.name.fill("Vera Lind")
    chat.email.fill("vera@example.org")
    chat.box.fill("Anyone?")
    chat.start_button.click()
    expect(chat.status("Sorry, no one can answer right now.")).to_be_visible()
    card = BookingCard(chat.page, agent="")
    card.first_start()
    assert is_sound(chat.page)
    box = card.group.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    start = card.book_first()
    expect(card.booked).to_contain_text("Confirmation by email: vera@example.org")
    assert planned(server) - before == {datetime.fromisoformat(start)}

    chat.page.reload()
    expect(card.booked).to_be_visible()
    expect(card.group).to_have_count(1)


def planned(server: InboxServer) -> set[datetime]:
    """When the meetings of both agents begin."""
    found = set()
    for agent in (ANA, BEN):
        with closing(api_of(server, agent)) as api:
            found |= {datetime.fromisoformat(one["start"]) for one in api.get("/meetings").json()["items"]}
    return found
