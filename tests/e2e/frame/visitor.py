"""A visitor who asks for a chat, by the visitor API."""

import uuid
from typing import Any

import httpx

from tests.servers import InboxServer


class Visitor:
    """One who asked; `conversation_id` is the chat."""

    def __init__(self, server: InboxServer, name: str, text: str) -> None:
        self.client = httpx.Client(base_url=f"{server.url}/api/v1/visitor", timeout=10)
        session = self._post("/sessions", {"page_url": "https://shop.example.com/pricing"})
        self.client.headers["Authorization"] = f"Bearer {session['token']}"
        asked = {"client_id": str(uuid.uuid4()), "name": name, "email": f"{uuid.uuid4()}@example.org", "text": text}
        self.conversation_id: str = self._post("/conversations", asked)["id"]

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.client.post(path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else {}

    @property
    def state(self) -> str:
        return str(self.client.get(f"/conversations/{self.conversation_id}").json()["state"])

    def end(self) -> None:
        """Leave; a second time nothing happens."""
        self._post(f"/conversations/{self.conversation_id}/end", {})
