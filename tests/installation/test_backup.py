"""`inbox backup` under load, and `inbox restore`: no acknowledged message is missing, and nothing after is hidden."""

import json
import shutil
import sqlite3
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from inbox_app.data import migrate
from inbox_app.data.archive import BackupFailed
from inbox_app.data.backup_sqlite import PART
from inbox_app.data.engine import use_database
from inbox_app.services.backup import back_up, restore
from inbox_app.settings import KEY_FILE, Settings, get_settings
from tests import people
from tests.commands import run_inbox, sentence_of, succeeded
from tests.conftest import StartServer
from tests.data.builders import NOW
from tests.databases import PostgresTemplate, SqliteTemplate
from tests.people import ANA
from tests.programs import Postgres, run_apart, wait_until
from tests.servers import InboxServer

VISITOR = "/api/v1/visitor"
WRITERS = 4
SettingsWith = Callable[..., Settings]


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


def events(writer: Writer, url: str, **query: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a stream of the chat sends."""
    path = f"{url}{VISITOR}/conversations/{writer.chat_id}/events"
    kind = ""
    with writer.http.stream("GET", path, params={name: str(value) for name, value in query.items()}) as stream:
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
        told = sentence_of(run_inbox(server, "restore", str(archive)))
        assert "using this database. Stop" in told
        server.stop()
        succeeded(run_inbox(server, "restore", str(archive)))
        server.start()
        for writer, known in zip(writers, before, strict=True):
            stored = writer.stored(server.url)
            assert stored[: len(known)] == known
            assert stored == writer.acknowledged[: len(stored)], "a snapshot: nothing is missing in between"
        follow_a_client_that_was_overtaken(server, writers[0])


def follow_a_client_that_was_overtaken(server: InboxServer, writer: Writer) -> None:
    """It has seen more than was restored. Since then as many entries came, so the numbers alone tell nothing."""
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
    kind, data = next(events(writer, server.url, after=seen_seq, epoch=reset["epoch"]))
    assert (kind, data["text"]) == ("message", "what follows"), "it starts over only once"


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    start_server: StartServer, kind: str, url: str, empty_url: str, tmp_path: Path
) -> None:
    """An operator installs a new version, backs up, and only then migrates."""
    server = InboxServer(tmp_path, empty_url)
    run_apart(migrate.migrate(empty_url, "0003"))
    archive = tmp_path / "inbox.backup"
    assert "schema 0003" in succeeded(run_inbox(server, "backup", str(archive)))
    succeeded(run_inbox(server, "restore", str(archive), database_url=url))
    assert succeeded(run_inbox(server, "migrate", database_url=url)) == "The database is up to date.\n"
    assert run_apart(migrate.differences(url)) == []


def changed(archive: Path, name: str, content: bytes) -> None:
    """Write that part anew, as a program would that knows nothing of checksums."""
    with zipfile.ZipFile(archive) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    with zipfile.ZipFile(archive, "w") as file:
        for part, value in (parts | {name: content}).items():
            file.writestr(part, value)


def file_with(directory: Path, part: str) -> list[Path]:
    """Files with this in their names."""
    return [file for file in directory.iterdir() if part in file.name]


def manifest_with(archive: Path, **values: object) -> bytes:
    with zipfile.ZipFile(archive) as file:
        return json.dumps(json.loads(file.read("manifest.json")) | values).encode()


BREAK: dict[str, tuple[Callable[[Path], object], str]] = {
    "not there": (lambda file: file.unlink(), "There is no file"),
    "empty": (lambda file: file.write_bytes(b""), "damaged or not a backup"),
    "something else": (lambda file: file.write_bytes(b"SQLite format 3\0" * 99), "damaged or not a backup"),
    "cut off": (lambda file: file.write_bytes(file.read_bytes()[:-200]), "damaged or not a backup"),
    "one byte": (
        lambda file: file.write_bytes(file.read_bytes()[:3000] + b"!" + file.read_bytes()[3001:]),
        "damaged or not a backup",
    ),
    "other content": (lambda file: changed(file, PART, b"nothing"), "another checksum"),
    "a foreign zip": (lambda file: changed(file, "manifest.json", b"{}"), "damaged or not a backup"),
    "a newer format": (
        lambda file: changed(file, "manifest.json", manifest_with(file, version=2)),
        "made by a newer version",
    ),
    "a newer schema": (
        lambda file: changed(file, "manifest.json", manifest_with(file, revision="9999")),
        "made by a newer version",
    ),
    "the other database": (
        lambda file: changed(file, "manifest.json", manifest_with(file, kind="postgresql")),
        "holds a PostgreSQL database, but INBOX_DATABASE_URL is SQLite",
    ),
}


@pytest.fixture
async def sound(sqlite_url: str, tmp_path: Path, settings_with: SettingsWith) -> Path:
    """An archive, and the settings of the installation that it's of."""
    settings = settings_with(database_url=sqlite_url, data_dir=tmp_path)
    (tmp_path / KEY_FILE).write_bytes(b"the key of the installation")
    await back_up(tmp_path / "inbox.backup", settings=settings, version="1", now=NOW)
    await use_database(None)
    return tmp_path / "inbox.backup"


@pytest.mark.parametrize("damage", BREAK)
async def test_a_damaged_or_foreign_archive_is_refused_and_changes_nothing(
    damage: str, sound: Path, tmp_path: Path
) -> None:
    spoil, expected = BREAK[damage]
    spoil(sound)
    before = (tmp_path / "inbox.db").read_bytes()
    with pytest.raises(BackupFailed, match=expected):
        await restore(sound, settings=get_settings(), now=NOW)
    assert (tmp_path / "inbox.db").read_bytes() == before
    assert not file_with(tmp_path, ".restoring")


async def test_the_former_signing_key_is_kept_and_another_one_is_told(
    sound: Path, tmp_path: Path, settings_with: SettingsWith
) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"made since then")
    assert (await restore(sound, settings=get_settings(), now=NOW)).has_key
    assert (tmp_path / KEY_FILE).read_bytes() == b"the key of the installation"
    assert (tmp_path / f"{KEY_FILE}.before-restore").read_bytes() == b"made since then"
    settings = settings_with(secret_key="quite another key of 16")
    assert not (await restore(sound, settings=settings, now=NOW)).has_key


async def test_a_log_that_a_killed_server_left_does_not_reach_the_restored_database(
    sound: Path, sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    (tmp_path / "killed").mkdir()
    settings = get_settings().model_copy(update={"database_url": left_by_a_kill(sqlite_template, tmp_path / "killed")})
    restored = await restore(sound, settings=settings, now=NOW)
    file = tmp_path / "killed" / "inbox.db"
    assert file_with(file.parent, "-wal") == file_with(file.parent, "-shm") == []
    assert file.stat().st_mode & 0o777 == 0o600
    assert settings_in(file) == ["epoch"]
    assert restored.kept is not None
    assert settings_in(restored.kept) == ["only in the log"]


def left_by_a_kill(template: SqliteTemplate, directory: Path) -> str:
    """A database whose newest row is in its log alone, as after kill -9. Returns its address."""
    running = directory / "running"
    running.mkdir()
    with closing(
        sqlite3.connect(template.copy(running).removeprefix("sqlite:///"), isolation_level=None)
    ) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("INSERT INTO setting (key) VALUES ('only in the log')")
        for file in ("inbox.db", "inbox.db-wal"):
            shutil.copyfile(running / file, directory / file)
    assert (directory / "inbox.db-wal").stat().st_size > 0
    return f"sqlite:///{directory / 'inbox.db'}"


def settings_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM setting ORDER BY key")]


async def test_a_backup_is_restored_on_a_new_machine(sound: Path, tmp_path: Path, settings_with: SettingsWith) -> None:
    second = tmp_path / "second"
    settings = settings_with(database_url=f"sqlite:///{second / 'inbox.db'}", data_dir=second)
    restored = await restore(sound, settings=settings, now=NOW)
    assert (restored.kept, restored.has_key) == (None, True)
    assert settings_in(second / "inbox.db") == ["epoch"]
    assert (second / KEY_FILE).read_bytes() == b"the key of the installation"
    for path in (sound, second / KEY_FILE, second / "inbox.db"):
        assert path.stat().st_mode & 0o777 == 0o600


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
    succeeded(run_inbox(server, "restore", str(archive), database_url=other))
    succeeded(run_inbox(server, *add, "cem@example.com", database_url=other, standard_input="demo-demo-1\n"))
    assert succeeded(run_inbox(server, "user", "list", database_url=other)).count("@example.com") == 3
