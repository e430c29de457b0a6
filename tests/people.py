"""The people of a test installation, added as an operator adds them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from tests.databases import SqliteTemplate
from tests.servers import INBOX, InboxServer

PASSWORD = "correct-horse-9"
ROOT_FOLDER = Path(__file__).parents[1]


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    email: str
    name: str
    role: str


ANA = Person("ana@example.com", "Ana Lovelace", "agent")
BEN = Person("ben@example.com", "Ben Okafor", "agent")
MIA = Person("mia@example.com", "Mia Lindqvist", "manager")
ROOT = Person("root@example.com", "Rut Admin", "admin")


def add(server: InboxServer, *people: Person) -> None:
    """With the password of all, beside the server, as an operator does it."""
    subprocess.run(
        [sys.executable, "-m", "tests.add_people"], env=server.environment, check=True, cwd=ROOT_FOLDER, text=True,
        input=json.dumps([asdict(person) | {"password": PASSWORD} for person in people]),
    )  # fmt: skip


@contextmanager
def served(template: SqliteTemplate, directory: Path, *members: Person, **settings: object) -> Iterator[InboxServer]:
    """A running server with these people. Its log holds no error when the block ends."""
    server = InboxServer(directory, template.copy(directory), **settings)  # type: ignore[arg-type]
    add(server, *members)
    server.start()
    yield server
    server.stop()
    assert not server.trouble(), "the server logged errors:\n" + "\n".join(server.trouble())


def api_of(server: InboxServer, person: Person) -> httpx.Client:
    """The agent API, signed in."""
    client = httpx.Client(base_url=f"{server.url}/api/v1", timeout=20)
    client.post("/auth/login", json={"email": person.email, "password": PASSWORD}).raise_for_status()
    return client


def disable(server: InboxServer, person: Person) -> None:
    """In a process of its own, as an operator does it."""
    subprocess.run([str(INBOX), "user", "disable", person.email], env=server.environment, check=True)


def session_of(server: InboxServer, person: Person) -> str:
    """The cookie's value of a new sign-in."""
    answer = httpx.post(f"{server.url}/api/v1/auth/login", json={"email": person.email, "password": PASSWORD})
    answer.raise_for_status()
    return answer.cookies["inbox_session"]


def sign_out(server: InboxServer, session: str) -> None:
    """By the API, as the page does it."""
    httpx.post(f"{server.url}/api/v1/auth/logout", cookies={"inbox_session": session}).raise_for_status()
