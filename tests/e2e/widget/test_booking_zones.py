"""PRODUCT 4.3: times are shown in the zone that the visitor chose."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.e2e.widget.agent import Agent
from tests.e2e.widget.booking_card import BookingCard, Shared, as_instant, in_chat, on_the_wall
from tests.e2e.widget.conftest import MakeChat

WEEKEND = [{"day": day, "from": "10:00", "to": "11:00"} for day in ("sat", "sun")]
"""Clocks change in the night between the two."""


def test_times_are_those_of_the_chosen_zone(shared: Shared, agent: Agent) -> None:
    _, card, _ = shared
    start = card.first_start()
    for zone in ("Europe/Paris", "America/Los_Angeles", "Australia/Adelaide", "Pacific/Chatham"):
        card.zone.select_option(zone)
        expect(card.slot(start)).to_have_text(on_the_wall(start, zone))


@pytest.mark.parametrize("zone", ["Europe/Paris", "Australia/Adelaide"])
def test_no_day_is_left_out_and_times_are_right_on_both_sides_of_a_clock_change(
    visit: MakeChat, agent: Agent, zone: str
) -> None:
    """On to the weekend of the zone's next change, at the same hours of UTC, late in the evening there.

    From the last hour of a day, 24 hours are not always one day.
    """
    chat = in_chat(visit("/chat", timezone_id="UTC", locale="en-GB"), agent)
    chat.page.clock.set_system_time(datetime.now(ZoneInfo(zone)).replace(hour=23, minute=50))
    agent.set_meetings(time_zone="UTC", blocks=WEEKEND, horizon_days=365, minimum_notice_hours=0)
    agent.share_calendar()
    card = BookingCard(chat.page)
    card.first_start()
    card.zone.select_option(zone)
    seen: list[datetime] = []
    while len({at.utcoffset() for at in seen}) < 2:
        start = card.first_start()
        expect(card.slots.first).to_have_text(on_the_wall(start, zone))
        seen.append(as_instant(start).astimezone(ZoneInfo(zone)))
        day = card.day.inner_text()
        card.group.get_by_role("button", name="Next day").click()
        expect(card.day).not_to_have_text(day)
    assert {(after.date() - before.date()).days for before, after in pairwise(seen)} <= {1, 6}
    agent.set_meetings()
