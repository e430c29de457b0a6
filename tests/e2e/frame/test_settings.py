"""Language and colours: chosen once, kept with the account."""

import re

from playwright.sync_api import expect

from tests.browsers import NewPage
from tests.e2e.frame.conftest import SignedIn
from tests.e2e.frame.screens import Frame, SignIn
from tests.people import ANA
from tests.servers import InboxServer

FRENCH_SIGN_IN = ("E-mail", "Mot de passe", "Se connecter")


def test_the_first_language_is_the_browsers(shared_server: InboxServer, new_page: NewPage) -> None:
    page = new_page(shared_server.url, locale="fr-CA")
    page.goto("/login")

    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page).to_have_title("Se connecter · Agent Inbox")


def test_french_is_chosen_once_and_is_there_on_the_next_device(
    own_server: InboxServer, signed_in: SignedIn, new_page: NewPage
) -> None:
    page = signed_in(ANA, own_server, locale="en-GB")
    Frame(page).open("/settings")
    page.get_by_role("radio", name="Français").click()

    expect(Frame(page).title).to_have_text("Paramètres")
    expect(page.get_by_role("switch", name="Disponible")).to_be_visible()
    expect(page.get_by_role("status", name="Disponibilité")).to_contain_text("Disponible")

    device = new_page(own_server.url, locale="en-GB")
    SignIn(device).open("/settings").enter(ANA)
    expect(Frame(device).title).to_have_text("Paramètres")


def test_the_scheme_follows_the_system_until_one_is_chosen(own_server: InboxServer, signed_in: SignedIn) -> None:
    page = signed_in(ANA, own_server, color_scheme="dark")
    Frame(page).open("/settings")
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    expect(page.get_by_role("radio", name="System")).to_be_checked()

    page.get_by_role("radio", name="Light").click()
    expect(page.locator("html")).to_have_class(re.compile("light"))

    device = signed_in(ANA, own_server, color_scheme="dark")
    Frame(device).open("/settings")
    expect(device.locator("html")).to_have_class(re.compile("light"))


def test_a_chosen_scheme_is_there_from_the_first_paint(own_server: InboxServer, signed_in: SignedIn) -> None:
    page = signed_in(ANA, own_server, color_scheme="dark")
    Frame(page).open("/settings")
    page.get_by_role("radio", name="Light").click()
    expect(page.locator("html")).to_have_class(re.compile("light"))

    page.reload(wait_until="commit")
    page.wait_for_function("document.body !== null")

    assert "dark" not in str(page.evaluate("document.documentElement.className"))


def test_the_sound_can_be_muted_here(signed_in: SignedIn) -> None:
    page = signed_in()
    Frame(page).open("/settings")
    page.get_by_role("switch", name="Sound for incoming chats").click()
    page.reload()

    expect(page.get_by_role("switch", name="Sound for incoming chats")).not_to_be_checked()
