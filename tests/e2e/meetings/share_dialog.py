"""The dialog "Share a calendar" and the card in the chat, by roles and names of CONTRACT."""

from playwright.sync_api import Locator, expect

from tests.e2e.inbox.inbox_page import InboxPage


class ShareDialog:
    """Of a tab in an opened chat."""

    def __init__(self, tab: InboxPage) -> None:
        self.page, self.tab = tab.page, tab
        self.icon = tab.chat.get_by_role("button", name="Share calendar")
        self.dialog = tab.page.get_by_role("dialog", name="Share a calendar")
        self.calendars = self.dialog.get_by_role("radiogroup", name="Calendar")
        self.send = self.dialog.get_by_role("button", name="Send")

    def open(self) -> "ShareDialog":
        """By the mouse; returns when the calendars are there."""
        self.icon.click()
        return self.wait()

    def press_c(self) -> "ShareDialog":
        """By the key, from the log."""
        self.tab.log.focus()
        self.page.keyboard.press("c")
        return self.wait()

    def wait(self) -> "ShareDialog":
        expect(self.calendars).to_be_visible()
        return self

    def of(self, name: str) -> Locator:
        """The choice of this agent's calendar."""
        return self.calendars.get_by_role("radio", name=name)

    def share(self, name: str) -> Locator:
        """Choose, send; returns the card once the dialog is gone."""
        self.open()
        self.of(name).check()
        self.send.click()
        expect(self.dialog).not_to_be_visible()
        return self.card(name)

    def card(self, name: str) -> Locator:
        """What stands in the thread."""
        return self.tab.log.get_by_role("group", name=f"Calendar of {name} shared")
