"""/inbox as a page object: what an agent sees and does, by roles and names of CONTRACT."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from tests.e2e.inbox.visitor import Visitor


class InboxPage:
    """A tab of a signed-in agent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.list = page.get_by_role("region", name="Conversations")
        self.chat = page.get_by_role("region", name="Chat")
        self.log = page.get_by_role("log", name="Messages")
        self.box = page.get_by_role("textbox", name="Message", exact=True)
        self.send_button = page.get_by_role("button", name="Send", exact=True)
        self.panel = page.get_by_role("complementary", name="Visitor information")
        self.history = page.get_by_role("region", name="Activity history")
        self.end_button = self.panel.get_by_role("button", name="End session")

    def open(self, path: str = "/inbox") -> Self:
        """Go there, and wait until the page knows its member."""
        self.page.goto(path)
        expect(self.list.get_by_role("radio", name="Active")).to_be_visible()
        return self

    def open_chat(self, visitor: Visitor) -> Self:
        self.open(f"/inbox/{visitor.conversation_id}")
        expect(self.log).to_be_visible()
        return self

    def accept(self) -> Self:
        """Take the chat that is offered; it opens by itself."""
        offer = self.page.get_by_role("region", name="Incoming chat")
        name = offer.locator("strong").inner_text()
        offer.get_by_role("button", name="Accept").click()
        expect(self.chat.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(self.log).to_be_visible()
        return self

    def row(self, visitor: Visitor) -> Locator:
        """The line of a visitor's conversation."""
        items = self.list.get_by_role("list", name="Conversations").get_by_role("listitem")
        return items.filter(has=self.page.locator(f'a[href*="{visitor.conversation_id}"]'))

    def choose(self, visitor: Visitor) -> Self:
        """Click the line, and wait for the thread."""
        self.row(visitor).get_by_role("link").click()
        expect(self.chat.get_by_role("heading", name=visitor.name, exact=True)).to_be_visible()
        return self

    def show(self, which: str) -> Self:
        """Active or All."""
        self.list.get_by_role("radio", name=which).click()
        expect(self.list.get_by_role("radio", name=which)).to_be_checked()
        return self

    def send(self, text: str) -> Self:
        self.box.fill(text)
        self.box.press("Enter")
        expect(self.box).to_have_value("")
        return self

    def message(self, text: str) -> Locator:
        """The bubbles with exactly this text."""
        return self.log.get_by_text(text, exact=True)

    def value(self, term: str) -> Locator:
        """What stands beside a term of the description list."""
        pair = self.panel.locator("dl > div").filter(has=self.page.locator("dt", has_text=term))
        return pair.locator("dd").first

    def correct(self, term: str, text: str) -> Self:
        """Click the value, type, Enter."""
        self.value(term).get_by_role("button", name=f"Correct: {term}").click()
        field = self.panel.get_by_role("textbox", name=term)
        field.fill(text)
        field.press("Enter")
        return self
