"""Calendar servers for the tests: a real Radicale as a process of its own, and one that answers whatever it is told."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from tests.programs import START_SECONDS, accepts, free_port, wait_until

ACCOUNT, PASSWORD = "ana", "radicale-pass-1"
MAKE_CALENDAR = """<?xml version="1.0"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:displayname>{name}</D:displayname><C:supported-calendar-component-set><C:comp name="{holds}"/>
</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>"""
CONFIGURATION = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {directory}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {directory}/data
"""


class Radicale:
    """One server on a port of its own; what it holds stays over a stop."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.directory = directory
        self.process: subprocess.Popen[bytes] | None = None
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "config").write_text(CONFIGURATION.format(port=self.port, directory=directory))
        self.set_password(PASSWORD)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def set_password(self, password: str) -> None:
        """In force after the next start."""
        (self.directory / "users").write_text(f"{ACCOUNT}:{password}\n")

    def start(self) -> None:
        command = [sys.executable, "-m", "radicale", "--config", str(self.directory / "config")]
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        wait_until(lambda: accepts(self.port), "Radicale answers")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(START_SECONDS)
            self.process = None

    def address(self, calendar: str) -> str:
        """A calendar's own URL."""
        return f"{self.url}/{ACCOUNT}/{calendar}/"

    def add_calendar(self, calendar: str, name: str, holds: str = "VEVENT") -> str:
        """An empty one, also where one of this name was. Returns its address."""
        httpx.delete(self.address(calendar), auth=(ACCOUNT, PASSWORD))
        self._ask("MKCALENDAR", self.address(calendar), MAKE_CALENDAR.format(name=name, holds=holds))
        return self.address(calendar)

    def put(self, calendar: str, name: str, event: str) -> None:
        """An event, as a calendar program writes it."""
        body = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{event.strip()}\nEND:VCALENDAR\n".replace(
            "\n", "\r\n"
        )
        self._ask("PUT", f"{self.address(calendar)}{name}.ics", body, **{"Content-Type": "text/calendar"})

    def remove(self, calendar: str, name: str) -> None:
        self._ask("DELETE", f"{self.address(calendar)}{name}.ics")

    def objects(self, calendar: str) -> list[str]:
        """What stands in it, as files of its own."""
        directory = self.directory / "data" / "collection-root" / ACCOUNT / calendar
        return [path.read_text() for path in sorted(directory.glob("*.ics"))]

    def _ask(self, method: str, url: str, body: str = "", **headers: str) -> None:
        answer = httpx.request(method, url, content=body, headers=headers, auth=(ACCOUNT, PASSWORD))
        assert answer.is_success, f"{method} {url}: {answer.status_code} {answer.text}"


@contextlib.contextmanager
def running_radicale(directory: Path) -> Iterator[Radicale]:
    """For the length of the block, with one calendar, "Work"."""
    server = Radicale(directory)
    server.start()
    try:
        server.add_calendar("work", "Work")
        yield server
    finally:
        server.stop()


def an_event(start: datetime, end: datetime, *, uid: str = "e-1", more: str = "") -> str:
    """A VEVENT in UTC."""
    times = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\nDTEND:{end:%Y%m%dT%H%M%SZ}"
    return f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\nSUMMARY:Private\n{times}\n{more}\nEND:VEVENT".replace(
        "\n\n", "\n"
    )


@dataclass
class OddServer:
    """Sends the same bytes to whoever asks, or nothing at all; remembers what it was asked."""

    port: int
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def http(status: str, body: str = "", **headers: str) -> bytes:
    """An answer that ends the connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body.encode())}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@contextlib.asynccontextmanager
async def odd_server(answer: bytes | None) -> AsyncIterator[OddServer]:
    """`answer` None: it takes the request and stays silent."""
    odd = OddServer(0)
    is_over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            odd.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            if answer is None:
                await is_over.wait()
            else:
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    odd.port = server.sockets[0].getsockname()[1]
    try:
        yield odd
    finally:
        is_over.set()
        server.close()
        await server.wait_closed()
