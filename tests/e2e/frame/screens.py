"""The pages as a person uses them: found by role and name (CONTRACT, accessible names)."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

from tests.people import PASSWORD, Person


class SignIn:
    """/login."""

    def __init__(self, page: Page, names: tuple[str, str, str] = ("Email", "Password", "Sign in")) -> None:
        self.page = page
        self.email = page.get_by_role("textbox", name=names[0])
        self.password = page.get_by_role("textbox", name=names[1])
        self.button = page.get_by_role("button", name=names[2])
        self.alert = page.get_by_role("alert")

    def open(self, path: str = "/login") -> Self:
        self.page.goto(path)
        expect(self.button).to_be_visible()
        return self

    def enter(self, person: Person, password: str = PASSWORD) -> None:
        self.email.fill(person.email)
        self.password.fill(password)
        self.button.click()


class Frame:
    """Top bar, rail, offers."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.switch = page.get_by_role("switch", name="Available")
        self.sentence = page.get_by_role("status", name="Availability")
        self.rail = page.get_by_role("navigation", name="Pages")
        self.title = page.get_by_role("banner").get_by_role("heading", level=1)

    def open(self, path: str) -> Self:
        self.page.goto(path)
        expect(self.title).to_be_visible()
        return self

    def is_at(self, path: str) -> None:
        """The server adds a slash to the address of a page that is loaded whole."""
        expect(self.page).to_have_url(re.compile(re.escape(path) + "/?$"))

    def sign_out(self, account: str = "Account of", item: str = "Sign out") -> None:
        self.page.get_by_role("button", name=account).click()
        self.page.get_by_role("menuitem", name=item).click()


class Offer:
    """The banner of an incoming chat."""

    def __init__(self, page: Page) -> None:
        self.region: Locator = page.get_by_role("region", name="Incoming chat")
        self.accept = self.region.get_by_role("button", name="Accept")
        self.decline = self.region.get_by_role("button", name="Decline")
