"""How long it takes to decide who is asked, and from a visitor's request to the banner on the agent's page."""

import asyncio
import gc
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from playwright.async_api import Page
from playwright.async_api import TimeoutError as NotSeen

from benchmarks.figures import Run
from benchmarks.installation import PASSWORD, add_agents, database, new_visitor, request_chat, server, sign_in
from benchmarks.page import WATCH, chromium, new_mark
from benchmarks.wire import Wire
from inbox_app import clock
from inbox_app.data import offers, presence
from inbox_app.data import routing as routing_data
from inbox_app.data.engine import reading_session, unit_of_work, use_database
from inbox_app.data.ids import new_id
from inbox_app.data.tables import MemberRow, RuleRow
from inbox_app.domain.conditions import attributes_of
from inbox_app.domain.routing import decide
from inbox_app.services import circumstances

AGENTS, RULES, DECISIONS, REQUESTS = 500, 200, 100, 60
ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo", "UTC")
VISITOR = attributes_of({"email": "vera@customer.example", "country": "FR", "page_url": "https://shop.example/pricing"})


async def fill() -> None:
    """Everyone is there, at one of 60 hours; only the last rule fits the visitor, and gives half of the agents."""
    members = [_member(number) for number in range(AGENTS)]
    async with unit_of_work() as session:
        session.add_all(members)
        await session.flush()
        ids = [member.id for member in members]
        session.add_all(_rule(number, ids) for number in range(RULES))
        await presence.renew(session, "bench", now=clock.now())
        for member_id in ids:
            await presence.connect(session, new_id(), "bench", member_id)


def _member(number: int) -> MemberRow:
    begin = f"{number % 4:02}:{number % 60:02}"
    hours = [{"day": day, "from": begin, "to": "24:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]
    return MemberRow(
        id=new_id(), email=f"agent{number}@example.com", name=f"Agent {number}", role="agent",
        takes_chats=True, password_hash="-", created_at=clock.now(),
        schedule={"time_zone": ZONES[number % 4], "blocks": hours, "exceptions": []},
    )  # fmt: skip


def _rule(number: int, ids: Sequence[str]) -> RuleRow:
    domain = "customer.example" if number == RULES - 1 else f"domain{number}.example"
    conditions: list[dict[str, Any]] = [
        {"attribute": "page_url", "operator": "contains", "value": "pricing"},
        {"attribute": "email_domain", "operator": "is", "value": domain},
    ]
    agents = list(ids[number % 2 :: 2])
    return RuleRow(id=new_id(), name=f"Rule {number}", priority=number, conditions=conditions, agent_ids=agents)


async def one_decision(now: datetime) -> float:
    """What routing loads for one waiting conversation, and the decision; how long both took inside their transaction.

    Raises RuntimeError when nobody is chosen.
    """
    async with reading_session() as session:
        started = time.perf_counter()
        present = await circumstances.at_present(session, now=now)
        policy = await routing_data.policy_for(session, present.book, VISITOR)
        tried = await offers.tried(session, "none")
        decision = decide(VISITOR, present.candidates, policy, tried=tried)
        took = time.perf_counter() - started
    if decision.agent is None:
        raise RuntimeError("nobody was chosen")
    return took


async def _decisions(url: str, runs: int) -> list[Run]:
    await use_database(url)
    await fill()
    await one_decision(clock.now())  # statements are compiled and schedules parsed once a process
    gc.collect()
    gc.freeze()  # as a worker does after its start
    measured = [Run(tuple([await _timed() for _ in range(DECISIONS)]), DECISIONS) for _ in range(runs)]
    await use_database(None)
    return measured


async def _timed() -> float:
    """Milliseconds of one decision; everyone's presence is renewed outside of it."""
    async with unit_of_work() as session:
        await presence.renew(session, "bench", now=clock.now())
    return await one_decision(clock.now()) * 1000


def decision_runs(kind: str, count: int) -> list[Run]:
    """Decisions one after the other on a database of this kind."""
    with database(kind) as url:
        return asyncio.run(_decisions(url, count))


async def _to_banner(port: int, email: str, runs: int) -> list[Run]:
    agent = await sign_in(port, email)
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        credentials = {"email": email, "password": PASSWORD}
        await context.request.post(f"http://127.0.0.1:{port}/api/v1/auth/login", data=credentials)
        page = await context.new_page()
        await page.goto(f"http://127.0.0.1:{port}/inbox")
        await page.get_by_role("status", name="Availability").wait_for()
        await asyncio.sleep(2)
        await page.evaluate(WATCH)
        return [await _requests(port, page, agent) for _ in range(runs)]


async def _requests(port: int, page: Page, agent: Wire) -> Run:
    """Visitors ask one after the other under names that are seen once; each banner is declined when it was seen."""
    latencies: list[float] = []
    for _ in range(REQUESTS):
        mark = new_mark()
        visitor = await new_visitor(port)
        started = time.time() * 1000
        await request_chat(visitor, mark)
        latencies += await _seen(page, mark, started)
        _, _, ringing = await agent.call("GET", "/api/v1/offers")
        for offer in ringing["items"]:
            await agent.call("POST", f"/api/v1/offers/{offer['id']}/decline")
        visitor.close()
    return Run(tuple(latencies), REQUESTS, lost=REQUESTS - len(latencies))


async def _seen(page: Page, mark: str, started: float) -> list[float]:
    try:
        found = await page.wait_for_function(f"window.arrived[{mark!r}]", timeout=5_000)
    except NotSeen:
        return []
    return [float(await found.json_value()) - started]


def banner_runs(kind: str, count: int) -> list[Run]:
    """One agent with an open page, on a database of this kind."""
    with database(kind) as url:
        (email,) = asyncio.run(add_agents(url, 1))
        with server(url) as running:
            return asyncio.run(_to_banner(running.port, email, count))
