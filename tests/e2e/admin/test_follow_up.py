"""Visitors for whom nobody came: listed live, claimed by one."""

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests import people
from tests.e2e.admin.conftest import Asks, SignedIn
from tests.people import ANA, BEN, MIA
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e


def nobody_is_available(server: InboxServer) -> None:
    for person in (ANA, BEN):
        cookies = {"inbox_session": people.session_of(server, person)}
        httpx.put(f"{server.url}/api/v1/agent/availability", json={"available": False}, cookies=cookies)


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name="Visitors to follow up").get_by_role("listitem").filter(has_text=name)


def test_a_missed_visitor_is_listed_live_and_claimed_by_one(
    signed_in: SignedIn, asks: Asks, shared_server: InboxServer
) -> None:
    nobody_is_available(shared_server)
    ana, ben = signed_in(ANA, "/missed"), signed_in(BEN, "/missed")
    expect(ana.get_by_role("heading", name="Follow up")).to_be_visible()
    visitor = asks("Ines Falk", "Do you ship to Iceland?")
    for page in (ana, ben):
        expect(card(page, "Ines Falk")).to_contain_text("Do you ship to Iceland?")
        expect(page.get_by_role("link", name="Follow up")).to_contain_text("1 to claim")
    email = "ines?bcc=spy@example.org"  # a mail to it must not get another recipient
    left = {"text": "Call me after five.", "conversation_id": visitor.conversation_id, "email": email}
    visitor.client.post("/offline-messages", json=left).raise_for_status()
    expect(card(ana, "Ines Falk")).to_contain_text("Call me after five.")
    link = card(ana, "Ines Falk").get_by_role("link", name=f"says {email}")
    expect(link).to_have_attribute("href", "mailto:ines%3Fbcc%3Dspy@example.org")

    ana.get_by_role("button", name="Claim Ines Falk").click()

    expect(card(ana, "Ines Falk")).to_contain_text("You follow up")
    expect(card(ben, "Ines Falk")).to_contain_text(f"{ANA.name} follows up")
    expect(ben.get_by_role("button", name="Claim Ines Falk")).to_have_count(0)
    expect(ben.get_by_role("link", name="Follow up")).not_to_contain_text("to claim")
    ana.get_by_role("link", name="Transcript of Ines Falk").click()
    expect(ana.get_by_text("Do you ship to Iceland?")).to_be_visible()


def test_who_claims_second_is_told(signed_in: SignedIn, asks: Asks, shared_server: InboxServer) -> None:
    nobody_is_available(shared_server)
    visitor = asks("Otto Brandt", "Is there a warranty?")
    cookies = {"inbox_session": people.session_of(shared_server, BEN)}
    page = signed_in(ANA, "/missed")
    button = page.get_by_role("button", name="Claim Otto Brandt")
    expect(button).to_be_visible()
    claim = f"{shared_server.url}/api/v1/conversations/{visitor.conversation_id}/claim"
    assert httpx.post(claim, cookies=cookies).status_code == httpx.codes.NO_CONTENT

    expect(page.get_by_text(f"{BEN.name} follows up")).to_be_visible()
    second = {"inbox_session": people.session_of(shared_server, ANA)}
    assert httpx.post(claim, cookies=second).json()["detail"] == "Another agent follows this one up already."


def test_managers_read_elsewhere(signed_in: SignedIn) -> None:
    page = signed_in(MIA, "/missed")

    expect(page.get_by_text("Following up is for agents.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Follow up")).to_have_count(0)


def test_french_is_complete_on_the_page(signed_in: SignedIn, asks: Asks, shared_server: InboxServer) -> None:
    nobody_is_available(shared_server)
    asks("Luc Rey", "Bonjour").client.close()
    page = signed_in(ANA, "/missed", locale="fr-FR")

    expect(page.get_by_role("heading", name="À rappeler")).to_be_visible()
    expect(page.get_by_role("button", name="Prendre en charge Luc Rey")).to_be_visible()
    mine = page.get_by_role("listitem").filter(has_text="Luc Rey")
    expect(mine.get_by_role("link", name="indique ")).to_be_visible()
