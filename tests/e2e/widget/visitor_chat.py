"""The widget as its user meets it: by roles and names (CONTRACT, "Accessible names")."""

import re

from playwright.sync_api import Locator, Page, expect


class VisitorChat:
    """The chat in one tab, on `/demo` or `/chat`."""

    def __init__(self, page: Page, path: str = "/demo") -> None:
        self.page = page
        self.page.goto(path)

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Chat with us", exact=True)

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog", name="Chat")

    @property
    def name(self) -> Locator:
        return self.page.get_by_role("textbox", name="Name")

    @property
    def email(self) -> Locator:
        return self.page.get_by_role("textbox", name="Email")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message")

    @property
    def start_button(self) -> Locator:
        return self.page.get_by_role("button", name="Start chat")

    @property
    def send_button(self) -> Locator:
        return self.page.get_by_role("button", name="Send", exact=True)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    @property
    def retry(self) -> Locator:
        return self.log.get_by_role("button", name="Retry")

    def open(self) -> "VisitorChat":
        self.launcher.click()
        return self

    def start(self, text: str = "Hello", name: str = "Vera Lind", email: str = "") -> "VisitorChat":
        """Fill the form and ask for a chat."""
        self.name.fill(name)
        self.email.fill(email)
        self.box.fill(text)
        self.start_button.click()
        expect(self.bubble(text)).to_be_visible()
        return self

    def send(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def come_online(self) -> None:
        """As a browser says it: the widget tries at once, however long it has been without a server."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def bubble(self, text: str) -> Locator:
        """Messages with exactly this text; each is shown once or a test fails."""
        return self.log.locator(".bubble").filter(has_text=re.compile(rf"^{re.escape(text)}$"))

    def texts(self) -> list[str]:
        return self.log.locator(".bubble").all_inner_texts()

    def status(self, text: str) -> Locator:
        return self.page.get_by_role("status").filter(has_text=text)

    def delivery(self, text: str) -> Locator:
        return self.log.get_by_text(text, exact=True)

    def end(self) -> None:
        """End chat, and yes."""
        button = self.page.get_by_role("button", name="End chat")
        button.click()
        expect(self.page.get_by_role("group", name="End this chat?")).to_be_visible()
        button.click()


def storage_of(page: Page) -> dict[str, str]:
    return page.evaluate("() => ({ ...localStorage })")
