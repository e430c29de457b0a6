"""One chat of a scripted visitor, from the first page to the end."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable
from typing import Any, Final

from inbox_app.demo.visitor import booking
from inbox_app.demo.visitor.browser import Browser, Refused, StreamEvent
from inbox_app.demo.visitor.persona import Persona
from inbox_app.demo.visitor.script import Book, End, Leave, Message, Say, Thread, next_move

PAST: Final = frozenset({"ended", "missed", "cancelled"})
LETTERS_A_SECOND: Final = 9
TYPING_SECONDS: Final = (1.5, 8.0)
TYPING_AGAIN_SECONDS: Final = 2.5  # the other side shows it for a few seconds
READING_LETTERS_A_SECOND: Final = 40
LOOK_SECONDS: Final = 0.5
LOOKING_AT_TIMES_SECONDS: Final = 4


class Chat:
    """`speed` 2: everything takes half as long. `has_agent`: somebody took it."""

    def __init__(self, browser: Browser, *, speed: float, going_on: dict[str, Any] | None = None) -> None:
        """`going_on`: the conversation that the browser is in already."""
        self.browser, self.speed, self.id = browser, speed, ""
        self.state, self.has_agent, self._last_seq = "waiting", False, 0
        self._messages: dict[int, Message] = {}
        self._shared: set[str] = set()  # calendars that nothing was done about yet
        self._has_booked = False
        self._changed_at = time.monotonic()
        self._last_seen = 0
        if going_on:
            self._take(going_on)

    @property
    def persona(self) -> Persona:
        return self.browser.persona

    async def run(self) -> None:
        """Ask, unless it goes on with a conversation, and talk until it is over."""
        with contextlib.suppress(Refused):  # the conversation or its database is gone: so is the visitor
            if not self.id:
                await self._ask()
            reading = asyncio.create_task(self._read())
            try:
                await self._talk(lambda: reading.done())
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def _ask(self) -> None:
        for page in self.persona.pages[1:]:
            await self._sleep(2)
            await self.browser.post("/page-views", {"page_url": self.browser.site + page})
        body = {"client_id": str(uuid.uuid4()), "text": self.persona.opening[0], **self.persona.claims}
        self._take((await self.browser.post("/conversations", body)).json())

    def _take(self, conversation: dict[str, Any]) -> None:
        """All of it at once: the stream tells what comes after, so that nothing is decided on half a conversation."""
        self.id, self.state, self._last_seq = conversation["id"], conversation["state"], conversation["last_seq"]
        self.has_agent = self.state == "active"
        self._messages = {
            message["seq"]: Message(message["sender"] == "visitor", message["text"])
            for message in conversation["messages"]
        }

    async def _read(self) -> None:
        async for event in self.browser.events(self.id, after=0):  # from the start: the calendars shared are there only
            self._note(event)

    def _note(self, event: StreamEvent) -> None:
        data: dict[str, Any] = event.data
        match event.kind:
            case "calendar_share":
                (self._shared.discard if data["withdrawn"] else self._shared.add)(data["id"])
            case "meeting":
                self._shared.discard(data["share_id"])
                self._has_booked = True
        if data.get("seq", 0) <= self._last_seq:
            return
        match event.kind:
            case "state":
                self.state, self._changed_at = data["state"], time.monotonic()
                self.has_agent = self.has_agent or self.state == "active"
            case "message":
                self._messages[data["seq"]] = Message(data["sender"] == "visitor", data["text"])
                self._changed_at = time.monotonic()

    @property
    def thread(self) -> Thread:
        """The conversation so far."""
        messages = tuple(message for _, message in sorted(self._messages.items()))
        silence = (time.monotonic() - self._changed_at) * self.speed
        return Thread(self.state, messages, silence, frozenset(self._shared), self._has_booked)

    async def _talk(self, is_cut_off: Callable[[], bool]) -> None:
        while self.state not in PAST and not is_cut_off():
            await self._look()
            match next_move(self.persona, self.thread):
                case Say(text):
                    await self._write(text)
                case Book(share_id):
                    await self._book(share_id)
                case End():
                    await self.browser.post(f"/conversations/{self.id}/end")
                    return
                case Leave():
                    return
                case None:
                    await self._sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        """Reads what the agent has written, and tells so."""
        newest = max((seq for seq, message in self._messages.items() if not message.is_mine), default=0)
        if newest <= self._last_seen:
            return
        await self._sleep(0.8 + len(self._messages[newest].text) / READING_LETTERS_A_SECOND)
        self._last_seen = newest
        await self.browser.post(f"/conversations/{self.id}/seen", {"seq": newest})

    async def _write(self, text: str) -> None:
        """Types for a while, then sends, unless the chat has ended meanwhile."""
        shortest, longest = TYPING_SECONDS
        left = min(max(len(text) / LETTERS_A_SECOND, shortest), longest)
        while left > 0 and self.state not in PAST:
            await self.browser.post_once(f"/conversations/{self.id}/typing", {"active": True})
            await self._sleep(min(left, TYPING_AGAIN_SECONDS))
            left -= TYPING_AGAIN_SECONDS
        if self.state in PAST:
            return
        body = {"client_id": str(uuid.uuid4()), "text": text}
        sent = (await self.browser.post(f"/conversations/{self.id}/messages", body)).json()
        self._messages.setdefault(sent["seq"], Message(True, text))
        self._changed_at = time.monotonic()

    async def _book(self, share_id: str) -> None:
        """Looks at the times for a moment, and takes the first."""
        await self._sleep(LOOKING_AT_TIMES_SECONDS)
        self._has_booked = await booking.book(self.browser, share_id) or self._has_booked
        self._shared.discard(share_id)

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)
