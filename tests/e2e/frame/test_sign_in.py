"""Getting in, getting out, and coming back to where one was."""

import re

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browsers import NewPage
from tests.e2e.frame.conftest import SignedIn
from tests.e2e.frame.screens import Frame, SignIn
from tests.people import ANA, MIA, Person
from tests.servers import InboxServer


def test_a_person_who_wanted_a_page_signs_in_and_gets_it(shared_server: InboxServer, new_page: NewPage) -> None:
    page = new_page(shared_server.url)
    SignIn(page).open("/settings").enter(ANA)

    frame = Frame(page)
    frame.is_at("/settings")
    expect(frame.title).to_have_text("Settings")
    expect(page).to_have_title("Settings · Agent Inbox")


def test_the_root_leads_to_the_inbox(signed_in: SignedIn) -> None:
    frame = Frame(signed_in()).open("/")

    frame.is_at("/inbox")
    expect(frame.title).to_have_text("Inbox")


@pytest.mark.parametrize(("person", "password"), [(ANA, "wrong"), (Person("nobody@example.com", "", ""), "wrong")])
def test_a_wrong_pair_is_told_alike_whoever_it_is(
    shared_server: InboxServer, new_page: NewPage, person: Person, password: str
) -> None:
    sign_in = SignIn(new_page(shared_server.url)).open()
    sign_in.enter(person, password)

    expect(sign_in.alert).to_have_text("Incorrect email or password")
    expect(sign_in.email).to_have_value(person.email)
    expect(sign_in.password).to_be_focused()


def test_keys_are_enough_to_sign_in(shared_server: InboxServer, new_page: NewPage) -> None:
    page = new_page(shared_server.url)
    sign_in = SignIn(page).open()
    expect(sign_in.email).to_be_focused()

    page.keyboard.type(ANA.email)
    page.keyboard.press("Tab")
    page.keyboard.type(people.PASSWORD)
    page.keyboard.press("Enter")

    Frame(page).is_at("/inbox")


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/%2F..//evil.example",
        "javascript:alert(1)",
        "/..//evil.example",
    ],
)
def test_after_the_sign_in_nobody_is_sent_to_another_host(
    shared_server: InboxServer, new_page: NewPage, foreign: str
) -> None:
    page = new_page(shared_server.url)
    SignIn(page).open(f"/login?next={foreign}").enter(ANA)

    expect(Frame(page).title).to_be_visible()
    assert page.url.startswith(shared_server.url)


def test_who_is_signed_in_already_goes_on(signed_in: SignedIn) -> None:
    page = signed_in()
    page.goto("/login?next=/settings")

    Frame(page).is_at("/settings")


def test_a_session_that_ends_in_an_open_page_leads_to_the_sign_in_and_back(
    shared_server: InboxServer, signed_in: SignedIn
) -> None:
    page = signed_in()
    Frame(page).open("/settings")
    session = next(c["value"] for c in page.context.cookies() if c["name"] == "inbox_session")

    people.sign_out(shared_server, session)

    expect(page).to_have_url(re.compile(r"/login/?\?next=%2Fsettings$"))
    SignIn(page).enter(ANA)
    Frame(page).is_at("/settings")


def test_signing_out_ends_every_tab_and_the_back_button_shows_nothing(signed_in: SignedIn) -> None:
    page = signed_in()
    other = page.context.new_page()
    frame, elsewhere = Frame(page).open("/settings"), Frame(other).open("/settings")

    frame.sign_out()

    expect(SignIn(page).button).to_be_visible()
    expect(SignIn(other).button).to_be_visible()
    page.go_back()
    expect(SignIn(page).button).to_be_visible()
    expect(page.get_by_text(ANA.email)).to_have_count(0)
    expect(elsewhere.title).to_have_count(0)


def test_the_next_person_in_the_same_tab_sees_nothing_of_the_last(signed_in: SignedIn) -> None:
    page = signed_in()
    Frame(page).open("/settings").sign_out()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    SignIn(page).enter(MIA)

    Frame(page).is_at("/inbox")
    expect(page.get_by_text("The inbox is for agents.")).to_be_visible()
    expect(page.get_by_text(ANA.name)).to_have_count(0)


def test_a_page_that_is_not_there_shows_the_way_home(signed_in: SignedIn) -> None:
    page = signed_in()
    answer = page.goto("/no/such/page")

    assert answer is not None
    assert answer.status == 404
    page.get_by_role("link", name="Go to the inbox").click()
    Frame(page).is_at("/inbox")
