"""PRODUCT 2: the sentence and the switch follow the schedule, the agent, and three missed chats."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.e2e.offers.conftest import Asks, AtDesk, OwnServer, Rules
from tests.people import ANA

WEDNESDAY = datetime(2026, 11, 25, tzinfo=UTC)
ENGLISH, FRENCH = "Unavailable, set by you, until Thu 09:00", "Indisponible, défini par vous, jusqu’à jeu. 09:00"


def offset_to(moment: datetime) -> int:
    """The seconds by which a server's clock goes ahead to show this moment now."""
    return round((moment - datetime.now(UTC)).total_seconds())


def test_a_boundary_passes_while_the_page_is_open(own_server: OwnServer, at_desk: AtDesk) -> None:
    server = own_server(clock_offset=offset_to(WEDNESDAY.replace(hour=16)))
    desk = at_desk(ANA, at=server, timezone_id="UTC")
    desk.page.clock.set_system_time(WEDNESDAY.replace(hour=16))
    desk.schedule(("09:00", "17:00"))
    expect(desk.frame.sentence).to_have_text("Available until 17:00 (schedule)")
    server.restart(clock_offset=offset_to(WEDNESDAY.replace(hour=16, minute=59, second=45)))
    expect(desk.frame.switch).not_to_be_checked(timeout=30_000)
    expect(desk.frame.sentence).to_have_text("Unavailable until Thu 09:00 (schedule)")


def test_off_at_15_00_and_on_at_15_15_leaves_the_end_at_17_00(own_server: OwnServer, at_desk: AtDesk) -> None:
    server = own_server(clock_offset=offset_to(WEDNESDAY.replace(hour=15)))
    desk = at_desk(ANA, at=server, timezone_id="UTC")
    desk.page.clock.set_system_time(WEDNESDAY.replace(hour=15))
    desk.schedule(("09:00", "12:00"), ("13:00", "17:00"))
    expect(desk.frame.sentence).to_have_text("Available until 17:00 (schedule)")
    desk.frame.switch.click()
    expect(desk.frame.sentence).to_have_text(ENGLISH)
    server.restart(clock_offset=offset_to(WEDNESDAY.replace(hour=15, minute=15)))
    expect(desk.frame.sentence).to_have_text(ENGLISH)
    desk.frame.switch.click(timeout=30_000)
    expect(desk.frame.switch).to_be_checked(timeout=30_000)
    expect(desk.frame.sentence).to_have_text("Available until 17:00 (schedule)")


@pytest.mark.parametrize(("zone", "shown"), [("Europe/Paris", "18:00 CET"), ("UTC", "18:00")])
def test_the_time_is_of_the_agents_own_zone(own_server: OwnServer, at_desk: AtDesk, zone: str, shown: str) -> None:
    server = own_server(clock_offset=offset_to(WEDNESDAY.replace(hour=12)))
    desk = at_desk(ANA, at=server, timezone_id="UTC")
    desk.page.clock.set_system_time(WEDNESDAY.replace(hour=12))
    desk.schedule(("09:00", "18:00"), zone=zone)
    expect(desk.frame.sentence).to_have_text(f"Available until {shown} (schedule)")


def test_it_is_said_in_french(own_server: OwnServer, at_desk: AtDesk) -> None:
    server = own_server(clock_offset=offset_to(WEDNESDAY.replace(hour=15)))
    desk = at_desk(ANA, at=server, timezone_id="UTC")
    desk.page.clock.set_system_time(WEDNESDAY.replace(hour=15))
    desk.schedule(("09:00", "17:00"))
    desk.page.context.add_cookies([{"name": "inbox_language", "value": "fr", "url": server.url}])
    desk.page.reload()
    sentence = desk.page.get_by_role("status", name="Disponibilité")
    expect(sentence).to_have_text("Disponible jusqu’à 17:00 (planning)")
    desk.page.get_by_role("switch", name="Disponible").click()
    expect(sentence).to_have_text(FRENCH)


def test_after_three_missed_chats_it_says_so_and_the_switch_ends_it(at_desk: AtDesk, asks: Asks, rules: Rules) -> None:
    rules(offer_seconds=10)
    desk = at_desk()
    for name in ("Lena", "Tom", "Nora"):
        asks(name)
    expect(desk.offer.region).to_contain_text("1 of 3")
    expect(desk.frame.sentence).to_have_text("Unavailable: you missed three chats", timeout=20_000)
    expect(desk.page.get_by_text("You missed three chats in a row and are unavailable now.")).to_be_visible()
    desk.page.reload()
    expect(desk.frame.sentence).to_have_text("Unavailable: you missed three chats")
    desk.frame.switch.click()
    expect(desk.frame.sentence).to_have_text(re.compile("^Available"))
