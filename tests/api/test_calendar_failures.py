"""Whatever is wrong at a calendar's address looks the same to its agent: otherwise this server would scan ports."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from inbox_app import clock
from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import CalendarRow
from inbox_app.domain.people import Role
from inbox_app.integrations.calendars import Connection, caldav
from inbox_app.integrations.calendars.troubles import UNREADABLE
from inbox_app.live import topics
from inbox_app.services import calendar_sync
from inbox_app.services.calendar_access import sealed
from inbox_app.settings import Settings
from inbox_app.state.calendars import in_words
from tests.api.conftest import Agent, People
from tests.api.limited import limited
from tests.calendar_servers import http, odd_server
from tests.programs import free_port
from tests.proxies import make_certificate
from tests.services.builders import listening, told

__all__ = ["limited"]
SLOWEST = 0.3
STATUS = ("status", "problem", "broken_since", "checked_at")
ODD_ANSWERS = {
    "no such page": http("404 Not Found"),
    "an error of the server": http("500 Oops"),
    "busy": http("503 Busy"),
    "a web site": http("200 OK", "<html>", Content_Type="text/html"),
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "closed at once": b"",
    "forbidden": http("403 Forbidden"),
    "401 that asks for no password": http("401 Unauthorized"),
    "another host": http("301 Moved", Location="https://example.com/"),
    "hangs": None,
}


@asynccontextmanager
async def broken_addresses(directory: Path) -> AsyncIterator[dict[str, str]]:
    """What is wrong → an address where it is."""
    certificate = make_certificate(directory)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate.certificate, certificate.key)
    async with AsyncExitStack() as stack:
        servers = {what: await stack.enter_async_context(odd_server(bytes_)) for what, bytes_ in ODD_ANSWERS.items()}
        untrusted = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=tls)
        stack.push_async_callback(untrusted.wait_closed)
        stack.callback(untrusted.close)
        yield {what: server.url for what, server in servers.items()} | {
            "nothing listens": f"http://127.0.0.1:{free_port()}/",
            "a certificate nobody vouches for": f"https://127.0.0.1:{untrusted.sockets[0].getsockname()[1]}/",
            "a private address": servers["a web site"].url.replace("127.0.0.1", "127.0.0.2"),
            "an unknown host": "http://nowhere.invalid/",
        }


async def impatient(*, address: str, account: str, secret: str, **_: object) -> Connection:
    """The real connection, which waits a shorter time."""
    return caldav.connect(url=address, account=account, password=secret, slowest=SLOWEST)


async def connected_before(agent: Agent, address: str, now: datetime) -> None:
    async with unit_of_work() as session:
        session.add(CalendarRow(
            id=f"c-{agent.member.id}", member_id=agent.member.id, kind="caldav", address=address, account="ana",
            secret=sealed("x", now=now), status="ok", checked_at=now, check_at=now, created_at=now,
        ))  # fmt: skip


async def all_that_is_shown(agent: Agent, admin: Agent) -> str:
    """By the agent's API and page, and by the admin's, of this agent's calendar."""
    (own,) = (await agent.get("/agent/calendars")).json()["items"]
    rows = (await admin.get("/calendars")).json()["items"]
    (health,) = [row for row in rows if row["agent_id"] == agent.member.id]
    pages = []
    for language in ("en", "fr"):
        router_data = {"headers": {"accept-language": language}}
        pages += [vars(row) for row in in_words(await views.calendars(agent.member), router_data)]
        pages += [
            vars(row)
            for row in in_words(await views.calendar_health(admin.member), router_data)
            if row.agent_id == agent.member.id
        ]
    shown = [{name: one[name] for name in STATUS} for one in (own, health, *pages)]
    notices = await views.broken_calendars(agent.member)
    return json.dumps([shown, notices, {**own, "id": "", "address": ""}])


async def test_every_failure_at_an_address_looks_the_same_at_every_moment(
    people: People, settings_with: Callable[..., Settings], tmp_path: Path
) -> None:
    settings_with(calendar_networks="127.0.0.1/32")
    start, admin = clock.now(), await people.agent("Root", role=Role.ADMIN)
    histories: dict[str, list[tuple[str, list[object]]]] = {}
    async with broken_addresses(tmp_path) as addresses, AsyncExitStack() as stack:
        agents = {what: await people.agent(f"Agent{number}") for number, what in enumerate(addresses)}
        news = {}
        for what, agent in agents.items():
            await connected_before(agent, addresses[what], start)
            news[what] = await stack.enter_async_context(listening(topics.agent(agent.member.id)))
        for seconds in range(0, 70, 5):
            await calendar_sync.run_due(now=start + timedelta(seconds=seconds), opener=impatient)
            for what, agent in agents.items():
                events = await told(news[what])
                mine = [(event.kind, event.data) for event in events if event.topic == topics.agent(agent.member.id)]
                histories.setdefault(what, []).append((await all_that_is_shown(agent, admin), mine))
    (at_first, _), (at_last, _) = histories["hangs"][0], histories["hangs"][-1]
    assert '"ok"' in at_first, "one failure alarms nobody"
    assert UNREADABLE in at_last
    different = [what for what, history in histories.items() if history != histories["hangs"]]
    assert different == []


async def test_how_often_connecting_may_fail_is_limited(limited: People) -> None:
    """How long a refusal takes tells something too; a wrong password in between counts, a success doesn't."""
    ana, ben = await limited.agent(), await limited.agent("Ben")
    login = {"url": "http://127.0.0.2:1/", "account": "ana", "password": "x"}
    paths = ["/agent/calendars", "/agent/calendars/discover"] * 10
    answers = [(await ana.post(path, **login)).status_code for path in paths]
    assert answers == [422] * 20
    refused = await ana.post("/agent/calendars/discover", **login)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert (await ben.post("/agent/calendars/discover", **login)).status_code == 422
