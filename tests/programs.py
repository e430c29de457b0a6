"""PostgreSQL and Redis of this machine, started for the tests and stopped with them."""

import asyncio
import contextlib
import getpass
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import asyncpg

START_SECONDS = 30
PORTS = range(18_000, 32_000)
"""Below those that the system gives to connections: none takes a port between the question and its use."""


def free_port() -> int:
    """A port that nobody listens on just now, and that nobody who asks at the same time is likely to get."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Ask every 20 ms. Raises TimeoutError that says what did not come true."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not after {seconds} s")
        time.sleep(0.02)


def accepts(port: int) -> bool:
    """Whether somebody listens on this port of ours."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run_apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on a loop of its own, whatever loop the test has."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(work)))
    thread.start()
    thread.join()
    if not results:
        raise RuntimeError("the coroutine failed, see the traceback of its thread")
    return results[0]


def postgres_programs() -> Path | None:
    """The newest PostgreSQL on this machine: Debian keeps its programs off PATH."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent  # a link to it on PATH has no siblings
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    return max(versions, key=lambda path: float(path.parent.name), default=None)


class Postgres:
    """One server in a directory of its own, for as long as the tests run.

    One that is not durable outlives the end of every process but not a power cut, which no test makes; it does not
    wait for the disk.
    """

    def __init__(self, programs: Path, *, is_durable: bool) -> None:
        self.programs = programs
        self.options = () if is_durable else ("-c", "fsync=off")
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="inbox-pg-"))
        self.process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def start(self) -> None:
        """Also after `stop` or `kill`: the data stay."""
        data = self.directory / "data"
        if not data.exists():
            self._own_directory()
            initdb = [str(self.programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync"]
            subprocess.run(self._as_server(initdb), check=True, stdout=subprocess.DEVNULL, cwd=self.directory)
        options = ["-D", str(data), "-p", str(self.port), "-k", str(self.directory), "-h", "127.0.0.1", "-N", "300"]
        options += self.options
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._as_server([str(self.programs / "postgres"), *options]),
                cwd=self.directory, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_until(self._answers, "PostgreSQL answers")

    def stop(self, with_signal: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is PostgreSQL's fast shutdown."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, with_signal)
            self.process.wait(START_SECONDS)
            self.process = None

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str | None = None) -> str:
        """A database that nobody else has, a copy of the template if one is named. Returns its address."""
        self._made += 1
        name = f"inbox_{self._made}"
        copy = f" TEMPLATE {template}" if template else ""
        run_apart(self._execute(f"CREATE DATABASE {name}{copy}"))
        return self.url(name)

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _answers(self) -> bool:
        is_ready = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(is_ready, check=False).returncode == 0

    def _own_directory(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres")

    def _as_server(self, command: list[str]) -> list[str]:
        """PostgreSQL refuses to run as root, which CI is."""
        return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


class Redis:
    """One server that keeps nothing on disk, as the hub needs it."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Also after `stop`; what it held is gone."""
        command = [self.program, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *self.options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        wait_until(self.answers, "Redis answers")

    @property
    def options(self) -> list[str]:
        """Where it listens."""
        return ["--port", str(self.port)]

    def answers(self) -> bool:
        """Whether it listens."""
        return accepts(self.port)

    def stop(self) -> None:
        """At once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(START_SECONDS)
            self.process = None

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Killed for the length of the block."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        """Stopped in place for the length of the block: connections stay open and nothing is answered."""
        if self.process is None:
            raise RuntimeError("Redis does not run")
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


def why_no_postgres() -> str | None:
    """The reason to skip, or None."""
    if postgres_programs() is None:
        return "PostgreSQL's programs (initdb, postgres) are not on this machine"
    if os.geteuid() == 0 and not _has_user("postgres"):
        return f"PostgreSQL refuses to run as {getpass.getuser()}, and there is no user postgres"
    return None


def _has_user(name: str) -> bool:
    return any(user.pw_name == name for user in pwd.getpwall())


@contextlib.contextmanager
def stopped(server: Postgres) -> Iterator[None]:
    """Not there for the length of the block."""
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextlib.contextmanager
def running_postgres(*, is_durable: bool = False) -> Iterator[Postgres]:
    """A server for the length of the block."""
    programs = postgres_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not on this machine")
    server = Postgres(programs, is_durable=is_durable)
    try:
        server.start()
        yield server
    finally:
        server.remove()
