"""To a real page and back: visitor POST → text in the agent's page; key in the agent's page → the visitor's stream.

And the floor.

The clock of the page and of this process are the same machine's: a text's arrival is stamped in the page when the DOM
changes.
"""

import asyncio
import re
import shutil
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.figures import Run
from benchmarks.floor import floor
from benchmarks.installation import PASSWORD, Chat, add_agents, database, server, working_floor
from benchmarks.wire import Wire

MESSAGES = 200
PAUSE_SECONDS = 0.05
WATCH = """
window.arrived = {};
const look = (node) => {
  const text = node.textContent || "";
  const now = performance.timeOrigin + performance.now();
  for (const [mark] of text.matchAll(/mark-[0-9a-f]{12}/g)) window.arrived[mark] ??= now;
};
new MutationObserver((changes) => {
  for (const change of changes) {
    change.addedNodes.forEach(look);
    if (change.type === "characterData") look(change.target);
  }
}).observe(document.body, { childList: true, subtree: true, characterData: true });
"""


def new_mark() -> str:
    """A text that is seen once."""
    return f"mark-{uuid.uuid4().hex[:12]}"


async def measure(page: Page, post: Callable[[str], Awaitable[object]]) -> Run:
    """Post texts one after the other, each a little after the last one; read when each was in the DOM."""
    await page.evaluate(WATCH)
    sent: dict[str, float] = {}
    for _ in range(MESSAGES):
        mark = new_mark()
        sent[mark] = time.time() * 1000
        await post(mark)
        await asyncio.sleep(PAUSE_SECONDS)
    await asyncio.sleep(1)
    arrived: dict[str, float] = await page.evaluate("window.arrived")
    latencies = tuple(arrived[mark] - sent[mark] for mark in sent if mark in arrived)
    return Run(latencies, len(sent), lost=len(sent) - len(latencies))


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser of the tests."""
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        yield browser
        await browser.close()


async def to_floor(port: int, runs: int) -> list[Run]:
    """The barest app."""
    wire = Wire(port)
    async with chromium() as browser:
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{port}/")
        await asyncio.sleep(2)
        return [await measure(page, lambda mark: wire.call("POST", "/push", {"text": mark})) for _ in range(runs)]


async def open_inbox(browser: Browser, port: int, email: str, chat: Chat) -> Page:
    """Signed in, with the chat open."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    credentials = {"email": email, "password": PASSWORD}
    await context.request.post(f"http://127.0.0.1:{port}/api/v1/auth/login", data=credentials)
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{port}/inbox/{chat.id}")
    await page.get_by_role("log", name="Messages").wait_for()
    await page.get_by_role("textbox", name="Message", exact=True).wait_for()
    await asyncio.sleep(1)
    return page


async def to_inbox(port: int, email: str, runs: int) -> tuple[list[Run], list[Run]]:
    """Visitor → page, then page → visitor, on one chat."""
    async with working_floor(port, [email], 1) as work, chromium() as browser:
        chat = work.chats[0]
        page = await open_inbox(browser, port, email, chat)
        path = f"/api/v1/visitor/conversations/{chat.id}/messages"

        async def post(mark: str) -> object:
            return await chat.visitor.call("POST", path, {"client_id": str(uuid.uuid4()), "text": mark})

        incoming = [await measure(page, post) for _ in range(runs)]
        outgoing = [await send_back(page, port, chat) for _ in range(runs)]
        return incoming, outgoing


async def send_back(page: Page, port: int, chat: Chat) -> Run:
    """From the press of Enter to the visitor's stream."""
    arrived: dict[str, float] = {}
    is_listening = asyncio.Event()
    path = f"/api/v1/visitor/conversations/{chat.id}"
    _, _, conversation = await chat.visitor.call("GET", path)

    async def listen() -> None:
        newest = f"{path}/events?after={conversation['last_seq']}"  # the first message must not wait for a replay
        async for event, data in Wire(port, chat.visitor.headers).stream(newest):
            is_listening.set()
            if event == "message" and (found := re.search(r"mark-[0-9a-f]{12}", data["text"])):
                arrived[found[0]] = time.time() * 1000

    listener = asyncio.create_task(listen())
    await is_listening.wait()  # how far each side has read is told at once
    box = page.get_by_role("textbox", name="Message", exact=True)
    await page.evaluate(
        """addEventListener('keydown', (event) => {
            if (event.key === 'Enter') window.pressed = performance.timeOrigin + performance.now();
        }, true)"""
    )
    sent: dict[str, float] = {}
    for _ in range(MESSAGES // 2):
        mark = new_mark()
        await box.fill(mark)
        await box.press("Enter")
        sent[mark] = await page.evaluate("window.pressed")
        await asyncio.sleep(PAUSE_SECONDS)
    await asyncio.sleep(1)
    listener.cancel()
    await asyncio.gather(listener, return_exceptions=True)
    latencies = tuple(arrived[mark] - sent[mark] for mark in sent if mark in arrived)
    return Run(latencies, len(sent), lost=len(sent) - len(latencies))


def runs(kind: str, count: int) -> tuple[list[Run], list[Run]]:
    """Both directions on a database of this kind."""
    with database(kind) as url:
        (email,) = asyncio.run(add_agents(url, 1))
        with server(url) as running:
            return asyncio.run(to_inbox(running.port, email, count))


def floor_runs(count: int) -> list[Run]:
    """The floor of this machine, now."""
    with floor() as port:
        return asyncio.run(to_floor(port, count))
