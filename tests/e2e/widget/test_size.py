"""PRODUCT 6.1: at most 15 KB gzip in all, 4 KB until first use. What a visitor's browser asks for is counted."""

import gzip

import pytest
from playwright.sync_api import Response, expect

from tests.e2e.widget.agent import Agent
from tests.e2e.widget.booking_card import BookingCard
from tests.e2e.widget.conftest import MakeChat

LAUNCHER_BYTES = 4 * 1024
ALL_BYTES = 15 * 1024


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_the_whole_widget_is_small(visit_embedded: MakeChat, agent: Agent, locale: str) -> None:
    """From the launcher to a booked meeting: scripts, styles, whatever comes from the server but the API's answers."""
    french = locale == "fr-FR"
    chat = visit_embedded("about:blank", locale=locale)
    answers: list[Response] = []
    chat.page.on("response", lambda answer: answers.append(answer))
    chat.page.goto("/embedding")
    launcher = chat.page.get_by_role("button", name="Discuter avec nous" if french else "Chat with us")
    expect(launcher).to_be_visible()
    before = sizes(answers)
    assert 0 < sum(before.values()) <= LAUNCHER_BYTES, before
    launcher.click()
    chat.page.get_by_role("textbox", name="Nom" if french else "Name").fill("Vera")
    chat.page.get_by_role("textbox", name="E-mail" if french else "Email").fill("vera@example.org")
    chat.page.get_by_role("textbox", name="Message").fill("Hello")
    chat.page.get_by_role("button", name="Démarrer la discussion" if french else "Start chat").click()
    agent.accept()
    agent.share_calendar()
    card = BookingCard(chat.page)
    chat.page.locator("button[data-start]").first.click()
    chat.page.get_by_role("button", name="Réserver" if french else "Book", exact=True).click()
    expect(card.page.get_by_role("status", name="Réunion planifiée" if french else "Meeting booked")).to_be_visible()
    found = sizes(answers)
    assert len(found) > len(before)
    assert sum(found.values()) <= ALL_BYTES, found


def sizes(answers: list[Response]) -> dict[str, int]:
    """Bytes by path, each as gzip makes it."""
    loaded = [one for one in answers if "/api/" not in one.url and not one.url.endswith("/embedding")]
    return {one.url.rpartition("/")[2]: len(gzip.compress(one.body())) for one in loaded}
