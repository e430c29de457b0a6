"""From the agent's "share" to the first free times on the visitor's screen, in a real browser.

The clock of the page and of this process are the same machine's: a card's first time is stamped in the frame that
paints it. A share is taken back after it was measured: as in life, one calendar is open in the thread.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import Page

from benchmarks.figures import Run
from benchmarks.installation import add_agents, database, server, sign_in
from benchmarks.page import chromium
from benchmarks.wire import Wire

SHARES = 20
SETTLE_SECONDS = 0.3
WATCH = """
const thread = document.querySelector("#agent-inbox").shadowRoot;
const seen = new WeakSet();
new MutationObserver(() => {
  for (const card of thread.querySelectorAll(".card")) {
    if (seen.has(card) || !card.querySelector("button[data-start]")) continue;
    seen.add(card);
    requestAnimationFrame(() => window.shown(performance.timeOrigin + performance.now()));
  }
}).observe(thread, { childList: true, subtree: true });
"""


async def measure(page: Page, agent: Wire, conversation_id: str, agent_id: str) -> Run:
    """Share and take back, one after the other."""
    latencies = []
    for _ in range(SHARES):
        await page.evaluate("window.next = new Promise((resolve) => { window.shown = resolve }), 0")
        begun = time.time() * 1000
        path = f"/api/v1/conversations/{conversation_id}/calendar-shares"
        status, _, share = await agent.call("POST", path, {"agent_id": agent_id})
        if status != 201:
            raise RuntimeError(f"the calendar could not be shared: {status} {share}")
        latencies.append(await page.evaluate("window.next") - begun)
        await agent.call("DELETE", f"/api/v1/calendar-shares/{share['id']}")
        await asyncio.sleep(SETTLE_SECONDS)
    return Run(tuple(latencies), SHARES)


async def ask_for_chat(page: Page, port: int) -> None:
    """A visitor on the hosted page."""
    await page.goto(f"http://127.0.0.1:{port}/chat")
    await page.get_by_role("textbox", name="Name").fill("Vera Lind")
    await page.get_by_role("textbox", name="Email").fill("vera@example.org")
    await page.get_by_role("textbox", name="Message").fill("Hello")
    await page.get_by_role("button", name="Start chat").click()


async def accepted(agent: Wire) -> str:
    """The conversation of the first offer, taken."""
    while True:
        _, _, offers = await agent.call("GET", "/api/v1/offers")
        for offer in offers["items"]:
            await agent.call("POST", f"/api/v1/offers/{offer['id']}/accept")
            return str(offer["conversation_id"])
        await asyncio.sleep(0.1)


async def to_screen(port: int, email: str, count: int) -> list[Run]:
    """Several runs in one chat."""
    agent = await sign_in(port, email)
    _, _, me = await agent.call("GET", "/api/v1/agent")
    stream = Wire(port, agent.headers).stream("/api/v1/agent/events")
    await anext(stream)  # only who is present is offered chats
    listening = asyncio.create_task(_listen(stream))
    async with chromium() as browser:
        page = await browser.new_page()
        await ask_for_chat(page, port)
        conversation_id = await accepted(agent)
        await page.get_by_text("joined the chat").wait_for()
        await page.evaluate(WATCH)
        measured = [await measure(page, agent, conversation_id, me["id"]) for _ in range(count)]
    listening.cancel()
    agent.close()
    return measured


async def _listen(stream: AsyncIterator[tuple[str, Any]]) -> None:
    async for _ in stream:
        pass


def runs(kind: str, count: int) -> list[Run]:
    """On a database of this kind."""
    with database(kind) as url:
        (email,) = asyncio.run(add_agents(url, 1))
        with server(url) as running:
            return asyncio.run(to_screen(running.port, email, count))
