"""An agent at work, by the agent API: present while the stream is open, accepts, writes, ends."""

import contextlib
import socket
import subprocess
import threading
import uuid
from types import TracebackType
from typing import Any, Self

import httpx

from tests.programs import wait_until
from tests.servers import INBOX, InboxServer

PASSWORD = "correct-horse-9"


def add_agent(server: InboxServer, email: str = "ana@example.com", name: str = "Ana Lovelace") -> None:
    """A person who takes chats, added as an operator does it."""
    command = [str(INBOX), "user", "add", email, "--name", name, "--role", "agent", "--password-stdin"]
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, env=server.environment, check=True, capture_output=True)


class Agent:
    """Signed in, available, and present for as long as the `with` block lasts."""

    def __init__(self, server: InboxServer, email: str = "ana@example.com") -> None:
        self.client = httpx.Client(base_url=f"{server.url}/api/v1", timeout=10)
        self.client.post("/auth/login", json={"email": email, "password": PASSWORD}).raise_for_status()
        self._left = threading.Event()
        self._socket: socket.socket | None = None
        self.conversation_id = ""

    def __enter__(self) -> Self:
        is_ready = threading.Event()
        threading.Thread(target=self._hold_stream, args=(is_ready,), daemon=True).start()
        assert is_ready.wait(10), "the agent's stream did not open"
        self.client.put("/agent/availability", json={"available": True}).raise_for_status()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing of this test is left to the next one: offers are taken, chats ended."""
        for offer in self.offers():
            self.client.post(f"/offers/{offer['id']}/accept")
        for row in self.client.get("/conversations", params={"filter": "active"}).json()["items"]:
            self.client.post(f"/conversations/{row['id']}/end")
        self.client.put("/agent/availability", json={"available": False})
        self._left.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # else the stream would stay until its next sign of life
        self.client.close()

    def _hold_stream(self, is_ready: threading.Event) -> None:
        while not self._left.is_set():
            try:
                with self.client.stream("GET", "/agent/events", timeout=20) as stream:
                    self._socket = stream.extensions["network_stream"].get_extra_info("socket")
                    for _ in stream.iter_lines():
                        is_ready.set()
                        if self._left.is_set():
                            return
            except (httpx.HTTPError, RuntimeError):  # the server restarts, or the test is over
                self._left.wait(0.2)

    def offers(self) -> list[dict[str, Any]]:
        answer = self.client.get("/offers").json()
        return answer["items"] if isinstance(answer, dict) else answer

    def accept(self) -> None:
        """Take the chat that is offered."""
        wait_until(lambda: bool(self.offers()), "a chat is offered")
        offer = self.offers()[0]
        self.client.post(f"/offers/{offer['id']}/accept").raise_for_status()
        self.conversation_id = offer["conversation_id"]

    def say(self, text: str) -> None:
        self._post("messages", {"client_id": str(uuid.uuid4()), "text": text})

    def see_all(self) -> None:
        self._post("seen", {"seq": self.messages()[-1]["seq"]})

    def type(self) -> None:
        self._post("typing", {"active": True})

    def end(self) -> None:
        self._post("end")

    @property
    def id(self) -> str:
        return self.client.get("/agent").json()["id"]

    def share_calendar(self) -> str:
        """The agent's own, into the chat; returns the id of the share."""
        path = f"/conversations/{self.conversation_id}/calendar-shares"
        answer = self.client.post(path, json={"agent_id": self.id}).raise_for_status()
        return answer.json()["id"]

    def withdraw_calendar(self, share_id: str) -> None:
        self.client.delete(f"/calendar-shares/{share_id}").raise_for_status()

    def meetings(self) -> list[dict[str, Any]]:
        """The living ones of this chat."""
        items = self.client.get("/meetings", params={"limit": 50}).json()["items"]
        here = [item for item in items if item["conversation_id"] == self.conversation_id]
        return [item for item in here if item["status"] != "cancelled"]

    def meeting_starts(self) -> list[str]:
        """When they begin."""
        return [meeting["start"] for meeting in self.meetings()]

    def set_meetings(self, **settings: object) -> None:
        """Meeting settings, the rest as they are by default."""
        self.client.put("/agent/meeting-settings", json=settings).raise_for_status()

    def _post(self, what: str, body: dict[str, Any] | None = None) -> None:
        self.client.post(f"/conversations/{self.conversation_id}/{what}", json=body).raise_for_status()

    def messages(self) -> list[dict[str, Any]]:
        return self.client.get(f"/conversations/{self.conversation_id}/messages").json()["items"]

    def texts_of_visitor(self) -> list[str]:
        """What is committed, in the server's order."""
        return [message["text"] for message in self.messages() if message["sender"] == "visitor"]
