"""`inbox demo` as a person calls it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from inbox_app.demo.people import PASSWORD
from tests import people
from tests.demo.agents import Agent
from tests.installation.test_command_line import inbox, sentence_of
from tests.servers import STOP_SECONDS, InboxServer


class DemoServer(InboxServer):
    """`inbox demo`, whose visitor is quick."""

    command = ("demo", "--speed", "10")


def names_in(directory: Path) -> set[str]:
    return {file.name for file in directory.iterdir()}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoServer]:
    server = DemoServer(tmp_path, "", env="demo")
    del server.settings["database_url"]
    server.start()
    yield server
    server.stop()
    assert not server.trouble()


async def test_one_person_alone_can_try_it(demo: DemoServer, tmp_path: Path) -> None:
    """It prints how to get in, its visitor chats, it ends when told to, and its database is nobody else's."""
    for text in (f"{demo.url}/demo", f"{demo.url}/inbox", "ana@example.com", "root@example.com", PASSWORD):
        assert text in demo.log
    async with Agent(demo.url, "ana@example.com", PASSWORD).there() as ana:
        assert (await ana.client.get(f"{demo.url}/demo")).status_code == httpx.codes.OK
        listed = (await ana.client.get("/conversations", params={"filter": "all"})).json()
        assert len(listed["items"]) == 30
        chat = await ana.takes_a_chat()
        assert await ana.is_answered(chat, "Yes, gladly.")
    assert demo.stop() < STOP_SECONDS
    assert names_in(tmp_path) >= {"demo.db", "demo-visitors.json"}
    assert "inbox.db" not in names_in(tmp_path)
    assert "demo database" in sentence_of(inbox(tmp_path, "serve", database_url=f"sqlite:///{tmp_path}/demo.db"))


async def test_a_second_start_adds_nothing(demo: DemoServer) -> None:
    async def seen() -> int:
        async with Agent(demo.url, "mia@example.com", PASSWORD).there() as mia:
            return len((await mia.client.get("/agents")).json()["items"])

    assert await seen() == 2
    demo.restart()
    assert await seen() == 2
    assert demo.log.count("Filled the demo database.") == 1


def test_a_database_in_use_is_refused_in_one_sentence(server: InboxServer, tmp_path: Path) -> None:
    people.add(server, people.ANA)
    server.stop()
    told = sentence_of(inbox(tmp_path, "demo", database_url=server.settings["database_url"]))
    assert "in use and not a demo" in told


def test_it_says_that_the_port_is_taken_before_it_fills_anything(server: InboxServer, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert "Cannot listen" in sentence_of(inbox(elsewhere, "demo", port=server.port))
    assert not (elsewhere / "demo.db").exists()
