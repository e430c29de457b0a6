"""An agent's page over which chats come in, and the same agent at the API."""

from typing import Any, Self

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.frame.screens import Frame, Offer
from tests.e2e.inbox.inbox_page import InboxPage


class Desk:
    """What the tests of offers look at."""

    def __init__(self, page: Page, api: httpx.Client) -> None:
        self.page, self.api = page, api
        self.offer, self.frame, self.inbox = Offer(page), Frame(page), InboxPage(page)
        self.timer = self.offer.region.get_by_role("timer", name="Seconds to answer")
        self.idle = page.get_by_role("status").filter(has_text="This chat ends in")

    def open(self, path: str = "/inbox", *, is_available: bool = True) -> Self:
        """First the page, which makes present, then the switch."""
        self.page.goto(path)
        expect(self.frame.sentence).to_be_visible()
        self.set_available(is_available)
        return self

    def set_available(self, is_available: bool) -> None:
        self.api.put("/agent/availability", json={"available": is_available}).raise_for_status()
        expect(self.frame.switch).to_be_checked(checked=is_available)

    def seconds(self) -> int:
        """What the countdown shows."""
        return int(self.timer.inner_text().split()[0])

    def schedule(self, *blocks: tuple[str, str], zone: str = "UTC") -> None:
        """These hours, every day."""
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        value: dict[str, Any] = {
            "time_zone": zone, "exceptions": [],
            "blocks": [{"day": day, "from": begin, "to": end} for day in days for begin, end in blocks],
        }  # fmt: skip
        self.api.put("/agent/schedule", json=value).raise_for_status()

    def leave(self) -> None:
        """Nothing of this test is left to the next one."""
        try:
            self.api.put("/agent/availability", json={"available": False})
            for row in self.api.get("/conversations", params={"filter": "active"}).json().get("items", []):
                self.api.post(f"/conversations/{row['id']}/end")
        except httpx.TransportError:
            pass  # its server has ended
        self.api.close()
