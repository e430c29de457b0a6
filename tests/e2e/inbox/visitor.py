"""A visitor, by the visitor API."""

import uuid
from typing import Any

import httpx

from tests.servers import InboxServer


class Visitor:
    """Someone on a customer's site. `details`: what the form before the chat asks besides name and email."""

    def __init__(self, server: InboxServer, name: str = "Nora Lind", **details: str) -> None:
        self.name, self.details = name, details
        self.email = details.pop("email", f"{uuid.uuid4().hex[:8]}@example.org")
        self.client = httpx.Client(base_url=f"{server.url}/api/v1/visitor", timeout=20)
        session = self._post("/sessions", {"page_url": "https://shop.example/pricing", "time_zone": "Europe/Paris"})
        self.client.headers["Authorization"] = f"Bearer {session['token']}"
        self.conversation_id = ""

    def ask(self, text: str = "Hello") -> "Visitor":
        """Request a chat."""
        body = {"client_id": str(uuid.uuid4()), "name": self.name, "email": self.email, "text": text, **self.details}
        self.conversation_id = self._post("/conversations", body)["id"]
        return self

    def say(self, text: str) -> dict[str, Any]:
        """Write; returns the committed message."""
        return self._post(f"{self._here}/messages", {"client_id": str(uuid.uuid4()), "text": text})

    def try_to_say(self, text: str) -> httpx.Response:
        """Write, whatever the answer is."""
        return self.client.post(f"{self._here}/messages", json={"client_id": str(uuid.uuid4()), "text": text})

    def type(self, *, is_active: bool = True) -> None:
        self._post(f"{self._here}/typing", {"active": is_active})

    def see_all(self) -> None:
        self._post(f"{self._here}/seen", {"seq": self.thread()["last_seq"]})

    def end(self) -> None:
        self._post(f"{self._here}/end", {})

    def thread(self) -> dict[str, Any]:
        answer = self.client.get(self._here)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def texts(self, sender: str = "agent") -> list[str]:
        """What that side has committed, in the server's order."""
        return [message["text"] for message in self.thread()["messages"] if message["sender"] == sender]

    @property
    def _here(self) -> str:
        return f"/conversations/{self.conversation_id}"

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.client.post(path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found
