"""Small windows, French, and what axe says."""

import pytest
from playwright.sync_api import expect

from tests.accessibility import barriers
from tests.e2e.inbox.conftest import Arrive, SignIn
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor
from tests.people import ANA, MIA

pytestmark = pytest.mark.e2e
Chatting = tuple[InboxPage, Visitor]
PHONE = {"width": 390, "height": 844}
FINGER_PX = 44


def test_a_phone_shows_one_pane_at_a_time(sign_in: SignIn, arrive: Arrive) -> None:
    ana = sign_in(ANA, viewport=PHONE).open()
    nora = arrive().ask("from a phone to a phone")
    ana.accept()
    expect(ana.box).to_be_in_viewport()
    expect(ana.list).not_to_be_visible()
    expect(ana.panel).not_to_be_visible()
    ana.chat.get_by_role("button", name="Visitor information").click()
    expect(ana.end_button).to_be_in_viewport()
    ana.panel.get_by_role("button", name="Close").click()
    expect(ana.panel).not_to_be_visible()
    ana.chat.get_by_role("link", name="Back to the conversations").click()
    expect(ana.row(nora)).to_be_visible()
    expect(ana.chat).not_to_be_visible()
    width = ana.page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"], "the page scrolls sideways"


def test_a_finger_finds_what_it_needs_and_goes_on_writing(sign_in: SignIn, arrive: Arrive) -> None:
    ana = sign_in(ANA, viewport=PHONE, has_touch=True, is_mobile=True).open()
    arrive().ask()
    ana.accept()
    for control in (
        ana.page.get_by_role("button", name="Send", exact=True),
        ana.page.get_by_role("button", name="Share calendar"),
        ana.chat.get_by_role("button", name="Visitor information"),
    ):
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= FINGER_PX
    ana.box.fill("One moment")
    ana.page.get_by_role("button", name="Send", exact=True).tap()
    expect(ana.message("One moment")).to_be_visible()
    expect(ana.box).to_be_focused()


def test_a_phone_says_when_there_is_no_such_conversation(sign_in: SignIn) -> None:
    page = sign_in(ANA, viewport=PHONE).page
    page.goto("/inbox/01ZZZZZZZZZZZZZZZZZZZZZZZZ")
    expect(page.get_by_text("There is no such conversation for you.")).to_be_visible()


def test_the_visitors_column_is_a_drawer_on_a_laptop(sign_in: SignIn, arrive: Arrive) -> None:
    ana = sign_in(ANA, viewport={"width": 1180, "height": 760}).open()
    arrive().ask()
    ana.accept()
    toggle = ana.chat.get_by_role("button", name="Visitor information")
    expect(ana.panel).not_to_be_visible()
    toggle.click()
    expect(ana.panel).to_be_visible()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(ana.panel.get_by_role("button", name="Close")).to_be_focused()
    ana.page.keyboard.press("Escape")
    expect(ana.panel).not_to_be_visible()
    expect(toggle).to_be_focused()


def test_the_words_are_the_seeds_in_french(sign_in: SignIn, arrive: Arrive) -> None:
    ana = sign_in(ANA, locale="fr-FR")
    ana.page.goto("/inbox")
    expect(ana.page.get_by_role("radio", name="Toutes")).to_be_visible()
    ana.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    title = ana.page.get_by_role("heading", level=1)
    expect(title).to_have_text("Boîte de réception")
    assert title.evaluate("title => title.scrollWidth <= title.clientWidth"), "the title is cut"
    ana.page.set_viewport_size({"width": 1440, "height": 900})
    arrive().ask()
    ana.page.get_by_role("button", name="Accepter").click()
    panel = ana.page.get_by_role("complementary", name="Informations sur le visiteur")
    expect(panel.get_by_role("button", name="Terminer la session")).to_be_visible()
    expect(ana.page.get_by_role("region", name="Historique de l'activité")).to_be_visible()
    expect(ana.page.get_by_role("button", name="Envoyer", exact=True)).to_be_visible()


def test_a_manager_is_told_where_to_read(sign_in: SignIn) -> None:
    page = sign_in(MIA).page
    page.goto("/inbox")
    expect(page.get_by_text("The inbox is for agents.")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(sign_in: SignIn, arrive: Arrive, scheme: str) -> None:
    ana = sign_in(ANA, color_scheme=scheme).open()
    nora = arrive(phone="+33 6 12 34 56 78").ask("See https://example.com")
    ana.accept()
    ana.send("Hello")
    expect(ana.log.get_by_text("Sent", exact=True)).to_be_visible()
    assert barriers(ana.page) == []
    ana.end_button.click()
    ana.show("All")
    expect(ana.row(nora)).to_be_visible()
    assert barriers(ana.page) == []
