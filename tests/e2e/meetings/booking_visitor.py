"""A visitor who books, by the visitor API."""

import json
import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.e2e.inbox.visitor import Visitor

PATIENCE = 20


class BookingVisitor(Visitor):
    """Reads the stream of the chat until the calendar is there, as the widget does."""

    def shared(self, agent_name: str) -> str:
        """The id of the calendar of this agent that was shared. Waits for it."""
        params = {"after": 0}
        with self.client.stream("GET", f"{self._here}/events", params=params, timeout=PATIENCE) as stream:
            kind = ""
            for line in stream.iter_lines():
                name, _, value = line.partition(":")
                kind = value.strip() if name == "event" else kind
                if name == "data" and kind == "calendar_share":
                    share = json.loads(value)
                    if share["agent"]["name"] == agent_name:
                        return str(share["id"])
        raise AssertionError(f"the stream ended without a calendar of {agent_name}")

    def slots(self, share_id: str) -> list[str]:
        answer = self.client.get(f"/calendar-shares/{share_id}/slots")
        answer.raise_for_status()
        found: list[str] = answer.json()["slots"]
        return found

    def try_to_book(self, share_id: str, start: str) -> httpx.Response:
        """Whatever the answer is."""
        body = {"client_id": str(uuid.uuid4()), "start": start}
        return self.client.post(f"/calendar-shares/{share_id}/bookings", json=body)

    def book(self, share_id: str, nth: int = 0) -> dict[str, Any]:
        """The nth free time; returns the meeting with the token of its link."""
        answer = self.try_to_book(share_id, self.slots(share_id)[nth])
        answer.raise_for_status()
        meeting: dict[str, Any] = answer.json()
        return meeting

    def move(self, meeting: dict[str, Any], nth: int) -> dict[str, Any]:
        """By the link of the mail, to the nth free time."""
        link = f"/meetings/{meeting['token']}"
        start = self.client.get(f"{link}/slots").json()["slots"][nth]
        self.client.post(f"{link}/reschedule", json={"start": start}).raise_for_status()
        found: dict[str, Any] = self.client.get(link).json()
        return found

    def cancel(self, meeting: dict[str, Any]) -> None:
        """By the link of the mail."""
        self.client.post(f"/meetings/{meeting['token']}/cancel", json={}).raise_for_status()


def on_the_wall(meeting: dict[str, Any], zone: str = "Europe/Paris") -> str:
    """ "Tue 1 Dec, 14:00-14:30 (Europe/Paris)", as an agent in that zone reads it."""
    start, end = (datetime.fromisoformat(meeting[edge]).astimezone(ZoneInfo(zone)) for edge in ("start", "end"))
    return f"{start:%a} {start.day} {start:%b}, {start:%H:%M}-{end:%H:%M} ({zone})"
