"""A chat comes in, over whatever page is open."""

import re

from playwright.sync_api import expect

from tests.e2e.frame.conftest import Asks, SignedIn
from tests.e2e.frame.screens import Frame, Offer


def test_accept_opens_the_conversation_and_the_other_tab_stops_ringing(signed_in: SignedIn, asks: Asks) -> None:
    page = signed_in()
    other = page.context.new_page()
    Frame(page).open("/settings")
    Frame(other).open("/inbox")
    visitor = asks("Lena Vogt", "Does the plan include single sign-on?")

    offer, elsewhere = Offer(page), Offer(other)
    expect(offer.region).to_contain_text("Lena Vogt")
    expect(offer.region).to_contain_text("Does the plan include single sign-on?")
    expect(offer.region).to_contain_text("shop.example.com/pricing")
    expect(elsewhere.region).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    offer.accept.click()

    expect(page).to_have_url(re.compile(f"/inbox/{visitor.conversation_id}$"))
    expect(offer.region).to_have_count(0)
    expect(elsewhere.region).to_have_count(0)
    assert visitor.state == "active"


def test_enter_accepts_what_has_just_come_in(signed_in: SignedIn, asks: Asks) -> None:
    page = signed_in()
    Frame(page).open("/settings")
    visitor = asks()
    expect(Offer(page).accept).to_be_focused()

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(visitor.conversation_id))


def test_escape_declines_and_the_visitor_is_told(signed_in: SignedIn, asks: Asks) -> None:
    page = signed_in()
    Frame(page).open("/settings")
    visitor = asks()
    expect(Offer(page).accept).to_be_focused()

    page.keyboard.press("Escape")

    expect(Offer(page).region).to_have_count(0)
    assert visitor.state == "missed"


def test_several_queue_and_the_oldest_is_first(signed_in: SignedIn, asks: Asks) -> None:
    page = signed_in()
    Frame(page).open("/settings")
    asks("Lena Vogt")
    asks("Tom Hale")
    offer = Offer(page)
    expect(offer.region).to_contain_text("1 of 2")
    expect(offer.region).to_contain_text("Lena Vogt")

    offer.decline.click()

    expect(offer.region).to_contain_text("Tom Hale")
    expect(offer.region).not_to_contain_text("of 2")


def test_it_does_not_take_the_keys_from_someone_who_types(signed_in: SignedIn, asks: Asks) -> None:
    page = signed_in()
    Frame(page).open("/inbox")
    box = page.get_by_role("searchbox")
    box.fill("Len")
    asks()
    expect(Offer(page).region).to_be_visible()

    expect(box).to_be_focused()
    page.keyboard.type("a")
    expect(box).to_have_value("Lena")
    expect(Offer(page).region).to_be_visible()


def test_a_visitor_who_leaves_takes_the_banner_along(signed_in: SignedIn, asks: Asks) -> None:
    page = signed_in()
    Frame(page).open("/settings")
    visitor = asks()
    expect(Offer(page).region).to_be_visible()

    visitor.end()

    expect(Offer(page).region).to_have_count(0)


def test_the_back_button_returns_to_where_the_chat_came_in(signed_in: SignedIn, asks: Asks) -> None:
    page = signed_in()
    Frame(page).open("/settings")
    visitor = asks()
    Offer(page).accept.click()
    expect(page).to_have_url(re.compile(visitor.conversation_id))

    page.go_back()

    expect(Frame(page).title).to_have_text("Settings")
