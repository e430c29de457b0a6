"""`inbox serve` as a process of its own, on a free port, as an operator runs it."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.programs import free_port, wait_until

INBOX = Path(sys.executable).parent / "inbox"
START_SECONDS = 180
"""Long, since the machine may be busy; a passing test never waits for it."""
LOCAL_CALENDARS = "127.0.0.0/8"
"""Where the calendar servers of tests listen. An installation allows no private network unless told to."""
STOP_SECONDS = 10
"""The contract's limit for SIGTERM and Ctrl-C."""
NO_TRUST_STORE = False
"""For what is asked again and again over plain HTTP: to load the certificates costs 24 ms of a core each time."""
TROUBLE = re.compile(r"\b(ERROR|CRITICAL)\b|^Traceback|Task exception was never retrieved|never awaited", re.MULTILINE)


class InboxServer:
    """One installation: its settings, its process, and its log, which must hold no error of a framework."""

    command: tuple[str, ...] = ("serve",)

    def __init__(self, directory: Path, database_url: str, *, allowed_errors: tuple[str, ...] = (), **settings: object):
        self.port = free_port()
        self.log_file = directory / f"inbox-{self.port}.log"
        self.allowed_errors = allowed_errors
        self.settings: dict[str, object] = {
            "env": "test",
            "calendar_networks": LOCAL_CALENDARS,
            "data_dir": directory,
            "database_url": database_url,
            "port": self.port,
        } | settings
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Only the settings of this server, none of the machine."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("INBOX_")}
        clean.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled modules make each start a second faster
        return clean | {
            f"INBOX_{name.upper()}": str(value) for name, value in self.settings.items() if value is not None
        }

    def start(self) -> "InboxServer":
        """Serve, and return when it answers. Raises RuntimeError with the log if it ends instead."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [str(INBOX), *self.command], env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        wait_until(self.answers, "the server answers /healthz", seconds=START_SECONDS)
        return self

    def answers(self) -> bool:
        """Whether /healthz is well. Raises RuntimeError when the process has ended."""
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"the server ended by itself:\n{self.log}")
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2, verify=NO_TRUST_STORE).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def stop(self) -> float:
        """SIGTERM. Returns how many seconds it took; more than the contract allows is an error."""
        if self.process is None or self.process.poll() is not None:
            return 0.0
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise TimeoutError(f"the server did not end within {STOP_SECONDS} s of SIGTERM:\n{self.log}") from None
        return time.monotonic() - started

    def kill(self) -> None:
        """SIGKILL to all its processes at once, as a lost machine."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):  # it may just have ended
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)

    def restart(self, **settings: object) -> "InboxServer":
        """Stop and start with the same database and port, and perhaps other settings, as `clock_offset=3600`."""
        self.stop()
        self.settings |= settings
        return self.start()

    def workers(self) -> list[int]:
        """The process ids of its workers: its children that are not Python's resource tracker."""
        return workers_of(self.process.pid) if self.process else []

    def listeners(self) -> int:
        """How many pages and streams it holds, as an operator sees it."""
        metrics = httpx.get(f"{self.url}/metrics", verify=NO_TRUST_STORE).text
        found = re.search(r"^inbox_live_subscriptions (\d+)", metrics, re.MULTILINE)
        if not found:
            raise AssertionError("there is no count of live subscriptions")
        return int(found[1])

    @property
    def log(self) -> str:
        """All that it printed."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def trouble(self) -> list[str]:
        """The log's lines that tell of an error which the test did not allow."""
        lines = self.log.splitlines()
        return [line for line in lines if TROUBLE.search(line) and not any(a in line for a in self.allowed_errors)]


def workers_of(granian: int) -> list[int]:
    """The process ids of the workers of this server process. Leaves out those that end while they are listed."""
    children = read_proc(f"{granian}/task/{granian}/children").split()
    commands = {int(pid): read_proc(f"{int(pid)}/cmdline") for pid in children}
    return [pid for pid, command in commands.items() if command and b"resource_tracker" not in command]


def read_proc(path: str) -> bytes:
    """Return a file below /proc: empty once the process is gone, as the command line is of one not reaped yet."""
    try:
        return Path("/proc", path).read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
