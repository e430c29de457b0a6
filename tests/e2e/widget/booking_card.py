"""A shared calendar as its visitor meets it, in the thread or on the page of the mail's link (CONTRACT)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.accessibility import serious
from tests.e2e.widget.agent import Agent
from tests.e2e.widget.visitor_chat import VisitorChat

FINGER_PX = 44


class BookingCard:
    """By roles and names."""

    def __init__(self, page: Page, agent: str = "Ana Lovelace") -> None:
        self.page = page
        self.group = page.get_by_role("group", name=f"Book a meeting with {agent}")

    @property
    def days(self) -> Locator:
        return self.group.get_by_role("tab")

    @property
    def day(self) -> Locator:
        return self.group.get_by_role("tab", selected=True)

    @property
    def slots(self) -> Locator:
        return self.group.locator("button[data-start]")

    @property
    def zone(self) -> Locator:
        return self.group.get_by_role("combobox", name="Time zone")

    @property
    def book_button(self) -> Locator:
        return self.group.get_by_role("button", name="Book", exact=True)

    @property
    def email(self) -> Locator:
        return self.group.get_by_role("textbox", name="Email")

    @property
    def booked(self) -> Locator:
        return self.group.get_by_role("status", name="Meeting booked")

    def slot(self, start: str) -> Locator:
        return self.group.locator(f'button[data-start="{start}"]')

    def first_start(self) -> str:
        """Of the chosen day, when its times are there."""
        expect(self.slots.first).to_be_visible()
        return self.slots.first.get_attribute("data-start") or ""

    def book_first(self) -> str:
        """The first free time; returns its start."""
        start = self.first_start()
        self.slot(start).click()
        self.book_button.click()
        expect(self.booked).to_be_visible()
        return start


def is_sound(page: Page) -> bool:
    """Nothing serious for axe, nothing wider than the screen, nothing too small for a finger."""
    assert serious(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    for button in page.get_by_role("button").all():
        if button.is_visible() and (size := button.bounding_box()):
            assert min(size["width"], size["height"]) >= FINGER_PX, button.inner_text()
    return True


Shared = tuple[VisitorChat, BookingCard, str]
"""A visitor in a chat, the card of the calendar that its agent has shared, and the id of that share."""


def in_chat(chat: VisitorChat, agent: Agent, email: str = "vera@example.org") -> VisitorChat:
    """One who has an email, in a chat that the agent has accepted."""
    chat.start("Hello", email=email)
    agent.accept()
    expect(chat.log.get_by_text("joined the chat")).to_be_visible()
    return chat


def as_instant(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def on_the_wall(start: str, zone: str) -> str:
    return as_instant(start).astimezone(ZoneInfo(zone)).strftime("%H:%M")
