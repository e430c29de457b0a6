"""The mail's link on another device than the chat: it asks, and only "yes" confirms the address (PRODUCT 6.4)."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsers import NewPage
from tests.conftest import StartServer
from tests.e2e.inbox.conftest import signed_in
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor
from tests.e2e.meetings.conftest import PARIS, PHONE, VERA, meeting_link
from tests.e2e.meetings.share_dialog import ShareDialog
from tests.e2e.widget.booking_card import BookingCard, is_sound
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.mail_servers import MailServer
from tests.people import ANA
from tests.programs import wait_until
from tests.servers import InboxServer
from tests.shops import running_shop

pytestmark = pytest.mark.e2e
UNCONFIRMED = "The email address is not confirmed."


@pytest.fixture
def shop() -> Iterator[str]:
    with running_shop() as origin:
        yield origin


@pytest.fixture
def office(open_office: StartServer, shop: str) -> InboxServer:
    return open_office(ANA, allowed_origins=shop)


@pytest.fixture
def booked(office: InboxServer, new_page: NewPage, shop: str) -> InboxPage:
    """Vera has booked in the widget on the shop's page; Ana has the chat open."""
    ana = signed_in(new_page, office, ANA, **PARIS).open()
    chat = VisitorChat(new_page(shop, **PARIS), f"/?{office.url}").open()
    chat.start("Can we talk next week?", name="Vera Klein", email=VERA)
    ana.accept()
    ShareDialog(ana).share(ANA.name)
    card = BookingCard(chat.page, agent=ANA.name)
    card.slot(card.first_start()).click()
    card.book_button.click()
    expect(card.booked).to_be_visible()
    expect(ana.panel.get_by_text(UNCONFIRMED)).to_be_visible()
    return ana


@pytest.fixture
def link(post: MailServer, booked: InboxPage) -> str:
    return meeting_link(post)


def question(page: Page, name: str = "Was that you?") -> Locator:
    return page.get_by_role("group", name=name)


def test_yes_on_a_phone_confirms_the_address_of_the_widgets_visitor_live(
    booked: InboxPage, link: str, post: MailServer, office: InboxServer, new_page: NewPage
) -> None:
    phone = new_page(office.url, **PARIS, **PHONE)
    phone.goto(link)
    expect(question(phone)).to_contain_text(
        re.compile(rf"Vera Klein chatted on 127\.0\.0\.1 on .+ at \d\d:\d\d and gave your address, {re.escape(VERA)}\.")
    )
    assert is_sound(phone)
    expect(booked.panel.get_by_text(UNCONFIRMED)).to_be_visible()
    booked.panel.get_by_role("button", name="Send a link to confirm").click()
    expect(booked.panel.get_by_text("Link sent")).to_be_visible()
    question(phone).get_by_role("button", name="Yes, that was me").tap()
    expect(phone.get_by_role("status").filter(has_text="Thanks, your address is confirmed.")).to_be_focused()
    expect(booked.value("Email")).to_have_text(VERA)
    expect(booked.panel.get_by_text(UNCONFIRMED)).to_have_count(0)
    expect(booked.panel.get_by_text("Link sent")).to_have_count(0)
    expect(question(phone)).to_be_hidden()
    assert "#" not in phone.url
    again = new_page(office.url, **PARIS)
    with again.expect_response("**/address-proofs/question") as asked:
        again.goto(link)
    assert asked.value.status == 409
    expect(question(again)).to_be_hidden()
    wait_until(lambda: len(post.to(VERA)) == 2, "the mail of the agent's link arrives")
    (confirm,) = re.findall(r"https?://\S+/confirm#\S+", post.to(VERA)[1].text)
    again.goto(confirm)
    expect(again.get_by_role("status")).to_have_text("You’ve already answered this question.")
    assert is_sound(again)


def test_no_in_french_leaves_it_unconfirmed_and_is_not_asked_again(
    booked: InboxPage, link: str, office: InboxServer, new_page: NewPage
) -> None:
    phone = new_page(office.url, timezone_id="Europe/Paris", locale="fr-FR", **PHONE)
    phone.goto(link)
    asked = question(phone, "Était-ce vous ?")
    expect(asked).to_contain_text("Vera Klein a discuté sur 127.0.0.1 le ")
    asked.get_by_role("button", name="Non, ce n’était pas moi").tap()
    expect(phone.get_by_role("status").filter(has_text="Cette discussion ne vous sera pas associée.")).to_be_focused()
    with phone.expect_response("**/address-proofs/question") as again:
        phone.goto("about:blank")
        phone.goto(link)
    assert again.value.status == 409
    expect(phone.get_by_role("heading", name=f"Votre réunion avec {ANA.name}")).to_be_visible()
    expect(asked).to_be_hidden()
    booked.page.reload()
    expect(booked.panel.get_by_text(UNCONFIRMED)).to_be_visible()
    booked.page.goto("/meetings")
    expect(booked.page.get_by_role("list", name="Meetings")).to_contain_text(f"says {VERA}")


def test_the_link_that_an_agent_sends_asks_on_a_page_of_its_own(
    office: InboxServer, post: MailServer, new_page: NewPage
) -> None:
    ana = signed_in(new_page, office, ANA, **PARIS).open()
    phone = new_page(office.url, **PARIS, **PHONE, color_scheme="dark")
    phone.goto(sent_link(ana, Visitor(office, "Vera Klein", email=VERA), post))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Confirm your email address")
    expect(question(phone)).to_contain_text("Vera Klein chatted on shop.example on ")
    assert is_sound(phone)
    assert_on_one_line(question(phone))
    assert line_below(phone) == 0
    question(phone).get_by_role("button", name="Yes, that was me").tap()
    expect(phone.get_by_role("status")).to_have_text("Thanks, your address is confirmed.")
    expect(phone.get_by_role("status")).to_be_focused()
    assert is_sound(phone)
    expect(ana.value("Email")).to_have_text(VERA)

    narrow = new_page(office.url, timezone_id="Europe/Paris", locale="fr-FR", viewport={"width": 320, "height": 700})
    narrow.goto(sent_link(ana, Visitor(office, "Omar Aziz", email="omar@example.org"), post))
    expect(narrow.get_by_role("heading", level=1)).to_have_text("Confirmez votre adresse e-mail")
    assert_on_one_line(question(narrow, "Était-ce vous ?"))
    question(narrow, "Était-ce vous ?").get_by_role("button", name="Non, ce n’était pas moi").press("Enter")
    expect(narrow.get_by_role("status")).to_contain_text("Cette discussion ne vous sera pas associée.")
    expect(narrow.get_by_role("status")).to_be_focused()
    expect(ana.panel.get_by_text(UNCONFIRMED)).to_be_visible()


def sent_link(ana: InboxPage, visitor: Visitor, post: MailServer) -> str:
    """Of the mail that the agent has sent to the address of a visitor who chats."""
    with closing(visitor.client):
        visitor.ask("Can we talk next week?")
    ana.accept()
    expect(ana.value("Name")).to_have_text(visitor.name)
    ana.panel.get_by_role("button", name="Send a link to confirm").press("Enter")
    expect(ana.panel).to_be_focused()
    wait_until(lambda: len(post.to(visitor.email)) == 1, "the mail arrives")
    return re.findall(r"https?://\S+/confirm#\S+", post.to(visitor.email)[0].text)[0]


def assert_on_one_line(asked: Locator) -> None:
    """A phone is too narrow for both answers side by side."""
    for button in asked.get_by_role("button").all():
        height = button.evaluate(
            "button => { const words = document.createRange(); words.selectNodeContents(button); "
            "return words.getClientRects().length; }"
        )
        assert height == 1, f"{button.inner_text()!r} is broken into {height} lines"


def line_below(page: Page) -> int:
    """Pixels of the line between the question and what follows it."""
    width: int = page.locator(".asked").evaluate("asked => parseFloat(getComputedStyle(asked).borderBottomWidth)")
    return width
