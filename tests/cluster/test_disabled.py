"""An account that a command or another process changes: every worker acts on it, whichever holds the page or stream."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from inbox_app.data import members
from inbox_app.data.engine import use_database
from inbox_app.services import sign_in
from inbox_app.services.use_case import use_case
from tests import people
from tests.cluster.floor import a_floor
from tests.commands import run_inbox, succeeded
from tests.people import PASSWORD, Person
from tests.programs import wait_until
from tests.servers import InboxServer
from tests.state.raw_socket import HYDRATE, RawSocket

MANY = 8
"""So many that all but surely both workers hold some of them."""
TOLD_SECONDS = 10
LIMIT_SECONDS = 30
"""How long something of a session that has ended may stay open, whatever was lost."""
pytestmark = [pytest.mark.cluster, pytest.mark.postgres, pytest.mark.redis]


async def until_it_ends(client: httpx.AsyncClient, opened: asyncio.Semaphore) -> None:
    """An event stream, read until the server ends it."""
    async with client.stream("GET", "/agent/events", timeout=httpx.Timeout(10, read=None)) as stream:
        opened.release()
        async for _ in stream.aiter_lines():
            pass


async def test_a_ringing_chat_goes_to_a_colleague_when_a_command_disables_its_agent(cluster: InboxServer) -> None:
    async with a_floor(cluster) as floor:
        agents = [await floor.agent(), await floor.agent()]
        visitor = await floor.visitor()
        ringing, colleague = agents if await agents[0].offers() else agents[::-1]
        heard, opened = colleague.heard, asyncio.Semaphore(0)
        streams = asyncio.gather(*(until_it_ends(ringing.client, opened) for _ in range(MANY)))
        for _ in range(MANY):
            await opened.acquire()
        succeeded(await asyncio.to_thread(run_inbox, cluster, "user", "disable", ringing.email))
        offer = await colleague.hears("offer", after=heard, seconds=TOLD_SECONDS)
        async with asyncio.timeout(TOLD_SECONDS):
            await streams
        assert offer["conversation_id"] == visitor.conversation_id
        assert await colleague.accept() == visitor.conversation_id


class Pages:
    """A person's open pages, over both workers, each with what it shows of the person; all answer pings."""

    def __init__(self, server: InboxServer, stack: ExitStack, person: Person, path: str = "/inbox") -> None:
        session = people.session_of(server, person)
        self.sockets = [stack.enter_context(RawSocket(server, session=session, path=path)) for _ in range(MANY)]
        for socket in self.sockets:
            socket.send(HYDRATE)
        self.all_hear(person.name)

    def all_hear(self, text: str, seconds: float = TOLD_SECONDS) -> None:
        wait_until(lambda: all(text in one.said for one in self.listening()), f"all hear {text}", seconds)

    def all_end(self, seconds: float) -> None:
        wait_until(lambda: all(one.is_cut_off for one in self.listening()), "all pages have ended", seconds)

    def listening(self) -> list[RawSocket]:
        for socket in self.sockets:
            socket.take_news()
        return self.sockets

    def while_doing(self, deed: Callable[[], object]) -> None:
        """What takes its time, as a command does."""
        with ThreadPoolExecutor(1) as thread:
            doing = thread.submit(deed)
            wait_until(lambda: bool(self.listening()) and doing.done(), "it is done")
            doing.result()


def a_person(server: InboxServer, name: str, role: str = "agent") -> Person:
    person = Person(f"{name.lower()}@example.com", name, role)
    people.add(server, person)
    return person


def test_the_pages_of_a_disabled_agent_end_in_both_workers(cluster: InboxServer) -> None:
    nora = a_person(cluster, "Nora")
    with ExitStack() as stack:
        pages = Pages(cluster, stack, nora)
        pages.while_doing(lambda: people.disable(cluster, nora))
        pages.all_end(TOLD_SECONDS)


def test_the_pages_of_a_session_end_in_both_workers_even_without_an_event(cluster: InboxServer) -> None:
    """The test's own process ends it: its hub reaches nobody, as when Redis loses the news."""
    omar, vera = a_person(cluster, "Omar"), a_person(cluster, "Vera")
    with ExitStack() as stack:
        ending, staying = Pages(cluster, stack, omar), Pages(cluster, stack, vera)
        ending.while_doing(lambda: asyncio.run(end_sessions(cluster, omar)))
        end = time.monotonic() + LIMIT_SECONDS
        while not all(one.is_cut_off for one in ending.listening()):
            assert time.monotonic() < end, "a page is still open"
            assert not any(one.is_cut_off for one in staying.listening())


async def end_sessions(server: InboxServer, person: Person) -> None:
    await use_database(str(server.settings["database_url"]))
    async with use_case() as case:
        row = await members.by_email(case.session, person.email)
        assert row is not None
        await sign_in.end_all_of(case, row.id)
    await use_database(None)


def test_an_account_that_a_command_adds_appears_in_open_people_pages(cluster: InboxServer) -> None:
    root, zoe = a_person(cluster, "Rut", "admin"), Person("zoe@example.com", "Zoe Marsh", "manager")
    add = ("user", "add", zoe.email, "--name", zoe.name, "--role", zoe.role, "--password-stdin")
    with ExitStack() as stack:
        pages = Pages(cluster, stack, root, "/admin?tab=people")
        pages.all_hear(f'"email": "{root.email}"')
        pages.while_doing(lambda: succeeded(run_inbox(cluster, *add, standard_input=f"{PASSWORD}\n")))
        pages.all_hear(zoe.email)
        pages.while_doing(lambda: people.disable(cluster, zoe))
        pages.all_hear('"is_disabled": true')
