"""A meeting that is booked over HTTP, from the visitor's question to the slot, as widget and agent do it."""

import re
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from tests import people
from tests.people import ANA
from tests.programs import wait_until
from tests.servers import InboxServer

VERA = "vera@example.com"


@dataclass(frozen=True)
class Bookable:
    """A shared calendar in a chat between Vera and Ana."""

    visitor: httpx.Client
    share_id: str
    slots: list[str]

    def book(self, slot: int = 0) -> str:
        """Returns the meeting's id."""
        wish = {"client_id": str(uuid.uuid4()), "start": self.slots[slot], "email": VERA, "name": "Vera Klein"}
        answer = self.visitor.post(f"/calendar-shares/{self.share_id}/bookings", json=wish)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return str(answer.json()["id"])


@contextmanager
def bookable(server: InboxServer) -> Iterator[Bookable]:
    """Vera asks, Ana takes the chat and shares her calendar."""
    session = people.session_of(server, ANA)
    with ExitStack() as stack:
        agent = stack.enter_context(
            httpx.Client(base_url=f"{server.url}/api/v1", cookies={"inbox_session": session}, timeout=20)
        )
        visitor = stack.enter_context(httpx.Client(base_url=f"{server.url}/api/v1/visitor", timeout=20))
        presence = stack.enter_context(agent.stream("GET", "/agent/events"))
        next(presence.iter_lines())
        token = visitor.post("/sessions", json={}).json()["token"]
        visitor.headers["Authorization"] = f"Bearer {token}"
        asked = {"client_id": str(uuid.uuid4()), "name": "Vera Klein", "email": VERA, "text": "Can we talk?"}
        chat_id = visitor.post("/conversations", json=asked).json()["id"]
        wait_until(lambda: bool(agent.get("/offers").json()["items"]), "it rings at Ana")
        (offer,) = agent.get("/offers").json()["items"]
        assert agent.post(f"/offers/{offer['id']}/accept").is_success
        me = agent.get("/agent").json()["id"]
        share = agent.post(f"/conversations/{chat_id}/calendar-shares", json={"agent_id": me})
        assert share.status_code == httpx.codes.CREATED, share.text
        yield Bookable(visitor, share.json()["id"], _slots(visitor, share.json()["id"]))


def _slots(visitor: httpx.Client, share_id: str) -> list[str]:
    today = datetime.now(UTC).date()
    days = {"from": str(today + timedelta(days=2)), "to": str(today + timedelta(days=12)), "time_zone": "UTC"}
    answer = visitor.get(f"/calendar-shares/{share_id}/slots", params=days)
    assert answer.is_success, answer.text
    return list(answer.json()["slots"])


def pending(server: InboxServer) -> int:
    """How much is still to be done outside."""
    found = re.search(
        r'^inbox_outbox_rows\{state="pending"\} (\d+)', httpx.get(f"{server.url}/metrics").text, re.MULTILINE
    )
    assert found, "the metric is not there"
    return int(found[1])
