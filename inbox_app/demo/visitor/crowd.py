"""Who comes when: asks for a chat now and then while an agent is there, and goes on with what a restart interrupted."""

import asyncio
import json
import logging
import random
import time
from pathlib import Path
from typing import Final

import httpx

from inbox_app.demo.visitor.browser import PREFIX, Browser
from inbox_app.demo.visitor.chat import Chat
from inbox_app.demo.visitor.persona import Persona, personas

OPEN_AT_MOST: Final = 2
FIRST_SECONDS: Final = (10, 15)
BETWEEN_SECONDS: Final = (60, 120)
LONGEST_SECONDS: Final = 15 * 60
"""Between two asks when nobody takes a chat: each one that was not taken doubles the pause."""
LOOK_SECONDS: Final = 2.0
SEED: Final = 7
log = logging.getLogger(__name__)


class Memory:
    """The tokens of the open chats, in a file: the conversations themselves tell how far they are."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> list[tuple[Persona, str]]:
        """Who was in a chat when the demo stopped; nobody when the file is not there or not ours."""
        known = {persona.key: persona for persona in personas()}
        try:
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            return [(known[item["persona"]], item["token"]) for item in kept if item["persona"] in known]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def write(self, chats: list[Chat]) -> None:
        """Whole or not at all."""
        kept = [{"persona": chat.persona.key, "token": chat.browser.token} for chat in chats]
        draft = self.file.with_suffix(".new")
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(self.file)


class Crowd:
    """The scripted visitors of one demo. `speed` 10: ten times as fast, for tests."""

    def __init__(self, url: str, memory: Path, *, speed: float = 1.0) -> None:
        self._url, self._memory, self._speed = url, Memory(memory), speed
        self._dice = random.Random(SEED)  # noqa: S311
        self._chats: dict[asyncio.Task[None], Chat] = {}
        self._next_persona = 0
        self._not_taken = 0
        self._next_ask: float | None = None

    async def run(self) -> None:
        """Until it is cancelled."""
        async with httpx.AsyncClient(base_url=self._url, timeout=10, trust_env=False) as client:
            self._client = client
            try:
                await self._go_on()
                while True:
                    await self._look()
                    await asyncio.sleep(LOOK_SECONDS / self._speed)
            finally:
                for task in self._chats:
                    task.cancel()
                await asyncio.gather(*self._chats, return_exceptions=True)

    async def _look(self) -> None:
        self._forget_ended()
        now = time.monotonic()
        if not await self._is_someone_there():
            if self._next_ask is not None:  # whoever comes back is not overrun
                self._next_ask = max(self._next_ask, now + FIRST_SECONDS[0] / self._speed)
            return
        if self._next_ask is None:
            self._next_ask = now + self._dice.uniform(*FIRST_SECONDS) / self._speed
        if now >= self._next_ask and len(self._chats) < OPEN_AT_MOST:
            await self._ask()
            pause = min(self._dice.uniform(*BETWEEN_SECONDS) * 2**self._not_taken, LONGEST_SECONDS)
            self._next_ask = time.monotonic() + pause / self._speed

    async def _is_someone_there(self) -> bool:
        try:
            answer = await self._client.get(f"{PREFIX}/availability")
            return answer.is_success and bool(answer.json()["available"])
        except (httpx.TransportError, ValueError, KeyError):
            return False

    async def _go_on(self) -> None:
        for persona, token in self._memory.read():
            browser = self._browser(persona, token)
            conversation = await browser.begin()
            if conversation:
                self._start(Chat(browser, speed=self._speed, going_on=conversation))
        self._memory.write(list(self._chats.values()))

    async def _ask(self) -> None:
        browser = self._browser(self._choose())
        await browser.begin()
        self._start(Chat(browser, speed=self._speed))
        self._memory.write(list(self._chats.values()))

    def _browser(self, persona: Persona, token: str = "") -> Browser:
        return Browser(self._client, persona, site=f"{self._url}/demo", token=token)

    def _choose(self) -> Persona:
        """In turn; nobody is in two chats at a time."""
        busy = {chat.persona.key for chat in self._chats.values()}
        while True:
            persona = personas()[self._next_persona % len(personas())]
            self._next_persona += 1
            if persona.key not in busy:
                return persona

    def _start(self, chat: Chat) -> None:
        self._chats[asyncio.create_task(chat.run())] = chat

    def _forget_ended(self) -> None:
        ended = [task for task in self._chats if task.done()]
        for task in ended:
            chat = self._chats.pop(task)
            self._not_taken = 0 if chat.has_agent else self._not_taken + 1
            if error := task.exception():
                log.warning("a scripted visitor stumbled: %r", error)
        if ended:
            self._memory.write(list(self._chats.values()))
