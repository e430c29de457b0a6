"""`inbox backup` under load, and `inbox restore`: no acknowledged message is missing, and nothing after is hidden."""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from inbox_app.data import migrate
from tests import people
from tests.commands import run_inbox, sentence_of, succeeded
from tests.conftest import StartServer
from tests.databases import PostgresTemplate
from tests.people import ANA
from tests.programs import Postgres, run_apart, wait_until
from tests.servers import InboxServer

VISITOR = "/api/v1/visitor"
WRITERS = 4


class Writer:
    """A visitor who writes without a pause and remembers what was acknowledged."""

    def __init__(self, url: str, agent: httpx.Client) -> None:
        self.http = httpx.Client(base_url=url + VISITOR, timeout=30)
        token = self.http.post("/sessions", json={}).json()["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"
        asked = self.http.post("/conversations", json={"client_id": str(uuid.uuid4()), "text": "text 0"})
        self.chat_id = str(asked.json()["id"])
        self.acknowledged = ["text 0"]
        (offer,) = agent.get("/offers").json()["items"]
        agent.post(f"/offers/{offer['id']}/accept").raise_for_status()

    def write(self, text: str = "") -> None:
        text = text or f"text {len(self.acknowledged)}"
        answer = self.http.post(
            f"/conversations/{self.chat_id}/messages", json={"client_id": str(uuid.uuid4()), "text": text}
        )
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self.acknowledged.append(text)

    def stored(self, url: str) -> list[str]:
        """What that server has of the chat, in order."""
        found = self.http.get(f"{url}{VISITOR}/conversations/{self.chat_id}").json()
        return [entry["text"] for entry in found["messages"]]


@contextmanager
def chats(server: InboxServer, count: int = 1) -> Iterator[list[Writer]]:
    """Visitors in chats that an agent has accepted."""
    people.add(server, ANA)
    with closing(people.api_of(server, ANA)) as agent:
        with agent.stream("GET", "/agent/events") as present:
            lines = present.iter_lines()  # kept: without it the stream would be closed, and the agent gone
            next(lines)
            writers = [Writer(server.url, agent) for _ in range(count)]
        yield writers
    for writer in writers:
        writer.http.close()


@contextmanager
def writing(writers: list[Writer]) -> Iterator[None]:
    """All of them write while the block runs."""
    done, failures = threading.Event(), []

    def work(writer: Writer) -> None:
        try:
            while not done.is_set():
                writer.write()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=[writer]) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not failures


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest) -> str:
    """A migrated database of this test."""
    return str(request.getfixturevalue(f"{kind}_url"))


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A second place, without any table."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'second' / 'inbox.db'}"
    server: Postgres = request.getfixturevalue("postgres_server")
    return server.new_database()


def events(
    writer: Writer, url: str, headers: dict[str, str] | None = None, **query: object
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a stream of the chat sends."""
    path = f"{url}{VISITOR}/conversations/{writer.chat_id}/events"
    kind, params = "", {name: str(value) for name, value in query.items()}
    with writer.http.stream("GET", path, params=params, headers=headers) as stream:
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                yield kind, json.loads(value)


def test_a_backup_under_load_brings_back_every_message_acknowledged_before_it(
    start_server: StartServer, url: str, tmp_path: Path
) -> None:
    server = start_server(url)
    archive = tmp_path / "inbox.backup"
    with chats(server, WRITERS) as writers:
        with writing(writers):
            wait_until(lambda: all(len(writer.acknowledged) > 20 for writer in writers), "all of them write")
            before = [list(writer.acknowledged) for writer in writers]
            succeeded(run_inbox(server, "backup", str(archive)))
            wait_until(lambda: len(writers[0].acknowledged) > len(before[0]), "messages go on")
        told = sentence_of(run_inbox(server, "restore", "--yes", str(archive)))
        assert "using this database. Stop" in told
        server.stop()
        succeeded(run_inbox(server, "restore", "--yes", str(archive)))
        server.start()
        for writer, known in zip(writers, before, strict=True):
            stored = writer.stored(server.url)
            assert stored[: len(known)] == known
            assert stored == writer.acknowledged[: len(stored)], "a snapshot: nothing is missing in between"
        follow_a_client_that_was_overtaken(server, writers[0])


def follow_a_client_that_was_overtaken(server: InboxServer, writer: Writer) -> None:
    """It has seen more than was restored. Since then as many entries came."""
    restored = writer.stored(server.url)
    seen_seq = len(writer.acknowledged) + 1  # and that an agent joined
    for number in range(len(writer.acknowledged) - len(restored)):
        writer.write(f"since the restore {number}")
    stream = events(writer, server.url, after=seen_seq, epoch="")
    kind, reset = next(stream)
    assert kind == "reset"
    replayed = [next(stream) for _ in range(seen_seq)]
    texts = [data["text"] for kind, data in replayed if kind == "message"]
    assert texts[: len(restored)] == restored
    assert texts == writer.stored(server.url)
    writer.write("what follows")
    while (event := next(stream))[0] != "message":
        pass
    assert event[1]["text"] == "what follows"
    last_seq = replayed[-1][1]["seq"]
    kind, data = next(events(writer, server.url, after=last_seq, epoch=reset["epoch"]))
    assert (kind, data["text"]) == ("message", "what follows"), "it starts over only once"


class Client:
    """A client of the visitor API that knows nothing of epochs, as an EventSource in a browser."""

    def __init__(self, writer: Writer) -> None:
        self.writer, self.last_id, self.texts = writer, 0, list[str]()

    def read(self, url: str) -> list[str]:
        """Connect again, and read up to what the server has. Returns the kinds of the events that came."""
        until, kinds = self.writer.stored(url)[-1], list[str]()
        for kind, data in events(self.writer, url, {"Last-Event-ID": str(self.last_id)}):
            kinds.append(kind)
            if kind == "reset":
                self.texts = []
            self.last_id = data.get("seq", self.last_id) if kind in {"message", "state"} else self.last_id
            if kind == "message":
                self.texts.append(data["text"])
                if data["text"] == until:
                    break
        return kinds


def test_a_client_without_an_epoch_that_was_overtaken_starts_over_after_every_restore(
    start_server: StartServer, url: str, tmp_path: Path
) -> None:
    """As many messages came since as were lost, or more; the backup is restored twice within seconds."""
    server, archive = start_server(url), str(tmp_path / "inbox.backup")
    with chats(server) as (writer,):
        clients = [Client(writer)]
        for text in ("kept 1", "kept 2"):
            writer.write(text)
        clients[0].read(server.url)
        succeeded(run_inbox(server, "backup", archive))
        for round_number in (1, 2):
            for number in range(6):
                writer.write(f"lost in round {round_number}, {number}")
            clients.append(ahead := Client(writer))
            ahead.read(server.url)
            server.stop()
            succeeded(run_inbox(server, "restore", "--yes", archive))
            server.start()
        for number in range(7):
            writer.write(f"since the last restore {number}")
        at_the_restored_end, *overtaken = [client.read(server.url) for client in clients]
        assert "reset" not in at_the_restored_end, "all that it has is still there"
        assert [kinds[0] for kinds in overtaken] == ["reset", "reset"]
        assert all(client.texts == writer.stored(server.url) for client in clients)
        writer.write("what follows")
        assert not any("reset" in client.read(server.url) for client in clients), "they start over only once"


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    start_server: StartServer, kind: str, url: str, empty_url: str, tmp_path: Path
) -> None:
    """An operator installs a new version, backs up, and only then migrates."""
    server = InboxServer(tmp_path, empty_url)
    run_apart(migrate.migrate(empty_url, "0003"))
    archive = tmp_path / "inbox.backup"
    assert "schema 0003" in succeeded(run_inbox(server, "backup", str(archive)))
    succeeded(run_inbox(server, "restore", "--yes", str(archive), database_url=url))
    assert succeeded(run_inbox(server, "migrate", database_url=url)) == "The database is up to date.\n"
    assert run_apart(migrate.differences(url)) == []


@pytest.mark.postgres
def test_rows_are_numbered_on_from_where_they_were(
    postgres_url: str, postgres_template: PostgresTemplate, tmp_path: Path
) -> None:
    server = InboxServer(tmp_path, postgres_url)
    archive, other = tmp_path / "inbox.backup", postgres_template.copy()
    add = ("user", "add", "--role", "agent", "--password-stdin", "--name", "Ana")
    for email in ("ana@example.com", "ben@example.com"):
        succeeded(run_inbox(server, *add, email, standard_input="demo-demo-1\n"))
    succeeded(run_inbox(server, "backup", str(archive)))
    succeeded(run_inbox(server, "restore", "--yes", str(archive), database_url=other))
    succeeded(run_inbox(server, *add, "cem@example.com", database_url=other, standard_input="demo-demo-1\n"))
    assert succeeded(run_inbox(server, "user", "list", database_url=other)).count("@example.com") == 3
