"""What a command changes while servers run reaches their pages: the servers learn of it through the database."""

import asyncio
import threading
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from inbox_app import clock, live
from inbox_app.data.tables import TaskRow
from inbox_app.services import sweeper
from tests import people
from tests.commands import run_inbox, succeeded
from tests.conftest import StartServer
from tests.data.builders import NOW, a_chat, a_member, rows_of
from tests.installation.test_backup import Writer
from tests.people import ANA, BEN
from tests.programs import wait_until
from tests.servers import InboxServer

TOLD_SECONDS = 10


class Listener:
    """An agent's event stream, open until the server ends it."""

    def __init__(self, client: httpx.Client) -> None:
        self.told: list[str] = []
        self._client = client
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        wait_until(lambda: self.heard("ready"), "the stream is open")

    def _listen(self) -> None:
        timeout = httpx.Timeout(20, read=None)
        with (
            suppress(httpx.RemoteProtocolError),
            self._client.stream("GET", "/agent/events", timeout=timeout) as stream,
        ):
            for line in stream.iter_lines():
                if line.startswith("event: "):
                    self.told.append(line.removeprefix("event: "))

    def heard(self, kind: str) -> bool:
        return kind in self.told

    def has_ended(self) -> bool:
        return not self._thread.is_alive()


def test_the_chat_of_an_agent_who_is_disabled_by_a_command_rings_at_a_colleague(
    start_server: StartServer, database_url: str
) -> None:
    server = start_server(database_url)
    people.add(server, ANA, BEN)
    with closing(people.api_of(server, ANA)) as ana, closing(people.api_of(server, BEN)) as ben:
        of_ana = Listener(ana)
        writer = Writer(server.url, ana)
        of_ben = Listener(ben)
        people.disable(server, ANA)
        wait_until(lambda: of_ben.heard("offer"), "the chat is offered to Ben", seconds=TOLD_SECONDS)
        wait_until(of_ana.has_ended, "Ana's stream ends", seconds=TOLD_SECONDS)
        (offer,) = ben.get("/offers").json()["items"]
        assert ben.post(f"/offers/{offer['id']}/accept").is_success
        assert ana.get("/agent").status_code == httpx.codes.UNAUTHORIZED
        writer.write()
        writer.http.close()
        server.stop()
        wait_until(of_ben.has_ended, "the server's stop ends the other stream")


@pytest.mark.parametrize("offset", [0, -3600, 3600], ids="clock {:+} s".format)
async def test_a_prune_by_a_command_has_lists_of_past_chats_read_again(
    database: str, tmp_path: Path, offset: int
) -> None:
    """The process of this test stands for a server: it holds a lease, and listens. `offset`: of the command's clock."""
    ana = await a_member()
    await a_chat(agent=ana, state="ended", activity_at=NOW - timedelta(days=100))
    command = InboxServer(tmp_path, database, clock_offset=offset)
    async with live.subscribe(live.topics.past()) as changes:
        done = await asyncio.to_thread(run_inbox, command, "prune", "--older-than", "90", "--yes")
        assert succeeded(done).startswith("Deleted 1 conversation(s)")
        assert await sweeper.run_due(now=clock.now()) == 1
        async with asyncio.timeout(1):
            assert (await changes.next()).kind == live.RESYNC
    assert await rows_of(TaskRow) == []


@pytest.mark.usefixtures("database")
async def test_without_a_server_a_command_leaves_no_news(database: str, tmp_path: Path) -> None:
    add = ("user", "add", "ana@example.com", "--name", "Ana", "--role", "manager", "--password-stdin")
    command = InboxServer(tmp_path, database)
    succeeded(await asyncio.to_thread(run_inbox, command, *add, standard_input="demo-demo-1\n"))
    assert await rows_of(TaskRow) == []


def test_a_password_set_by_a_command_ends_open_streams(start_server: StartServer, sqlite_url: str) -> None:
    server = start_server(sqlite_url)
    people.add(server, ANA)
    with closing(people.api_of(server, ANA)) as ana:
        of_ana = Listener(ana)
        told = run_inbox(server, "user", "password", ANA.email, "--password-stdin", standard_input="a-new-password-1\n")
        assert succeeded(told).startswith(f"Set the password of {ANA.email}")
        wait_until(of_ana.has_ended, "Ana's stream ends", seconds=TOLD_SECONDS)
        assert ana.get("/agent").status_code == httpx.codes.UNAUTHORIZED
        signed_in = ana.post("/auth/login", json={"email": ANA.email, "password": "a-new-password-1"})
        assert signed_in.status_code == httpx.codes.NO_CONTENT
