"""A socket that says whatever it likes to the server: no page, no script of ours."""

import json
import time
import uuid
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from simple_websocket import Client, ConnectionClosed

from tests.servers import InboxServer

NAMESPACE = "/_event"
PATIENCE_SECONDS = 10.0
ROOT = "reflex___state____state"
HYDRATE = f"{ROOT}.hydrate_and_load"


class RawSocket:
    """`with RawSocket(server, session=…) as socket:`; `heard` is every update that came, in order.

    `connects`: how often the server has connected it.
    """

    def __init__(
        self, server: InboxServer, *, session: str = "", token: str = "", path: str = "/inbox", **headers: str
    ) -> None:
        self.token, self.path = token or str(uuid.uuid4()), path
        self.heard: list[dict[str, Any]] = []
        self.is_cut_off = False
        self.connects = 0
        self._url = f"ws://127.0.0.1:{server.port}/_event/?token={self.token}&EIO=4&transport=websocket"
        self._headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if session:
            self._headers["Cookie"] = f"inbox_session={session}"

    def __enter__(self) -> Self:
        self._socket = Client.connect(self._url, headers=self._headers)
        self._socket.send(f"40{NAMESPACE},")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(ConnectionClosed):
            self._socket.close()

    def send(self, handler: str, **payload: Any) -> None:
        """An event for that handler, by its full name."""
        router = {"pathname": self.path, "query": {}, "asPath": self.path}
        event = {"name": handler, "payload": payload, "router_data": router}
        self.say(f"42{NAMESPACE}," + json.dumps(["event", event]))

    def say(self, text: str | bytes) -> None:
        """Whatever it is."""
        self._socket.send(text)

    def listen(self, until: str, *, seconds: float = PATIENCE_SECONDS) -> str:
        """All that was said, as soon as it holds `until`; fails when it never does."""
        end = time.monotonic() + seconds
        while until not in self.said and time.monotonic() < end:
            self._take(end - time.monotonic())
        assert until in self.said, f"never heard {until!r} but {self.said[-2000:]}"
        return self.said

    def take_news(self) -> None:
        """What has come by now; answers pings, so that a page that is listened to in turn with others stays open."""
        while self._take(0.01):
            pass

    def listen_until_cut_off(self, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Returns when the server has ended the connection; fails when it does not."""
        end = time.monotonic() + seconds
        while not self.is_cut_off and time.monotonic() < end:
            self._take(end - time.monotonic())
        assert self.is_cut_off, "the server kept the socket open"

    def _take(self, seconds: float) -> bool:
        """Wait for one packet. Returns whether there was one."""
        try:
            packet = self._socket.receive(timeout=max(0.01, seconds))
        except ConnectionClosed:
            self.is_cut_off = True
            return False
        if packet is None:
            return False
        if packet == "2":
            self._socket.send("3")
        elif packet.startswith(f"40{NAMESPACE}"):
            self.connects += 1
        elif packet == "1" or packet.startswith(f"41{NAMESPACE}"):
            self.is_cut_off = True
        elif packet.startswith(f"42{NAMESPACE},"):
            self.heard.append(json.loads(packet.removeprefix(f"42{NAMESPACE},"))[1])
        return True

    @property
    def said(self) -> str:
        return json.dumps(self.heard)

    @property
    def redirects(self) -> list[str]:
        """Where the page was sent."""
        events = [event for update in self.heard for event in update.get("events") or []]
        return [event["payload"]["path"] for event in events if event["name"] == "_redirect"]

    def changes(self) -> dict[str, Any]:
        """What of our states was sent; the router's own vars of the root left out."""
        found: dict[str, Any] = {}
        for update in self.heard:
            for state, values in (update.get("delta") or {}).items():
                if state != ROOT:
                    found.setdefault(state, {}).update(values)
        return found
