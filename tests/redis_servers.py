"""Redis as operators run it: over TCP, over TLS with a certificate of its own, and on a socket file."""

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.programs import Redis, wait_until


class TlsRedis(Redis):
    """Answers TLS only; its certificate is signed by nobody else."""

    def __init__(self, program: str, directory: Path) -> None:
        super().__init__(program)
        self.key, self.certificate = directory / "key.pem", directory / "certificate.pem"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        command += ["-addext", "subjectAltName=DNS:localhost"]
        subprocess.run([*command, "-keyout", self.key, "-out", self.certificate], check=True, capture_output=True)

    @property
    def url(self) -> str:
        return f"rediss://localhost:{self.port}/0?ssl_ca_certs={quote(str(self.certificate))}"

    @property
    def options(self) -> list[str]:
        own = ["--port", "0", "--tls-port", str(self.port), "--tls-auth-clients", "no"]
        return [*own, "--tls-cert-file", str(self.certificate), "--tls-key-file", str(self.key)]


class SocketFileRedis(Redis):
    """Listens on a socket file and asks for a password."""

    def __init__(self, program: str, directory: Path) -> None:
        super().__init__(program)
        self.path = directory / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://:hush@{self.path}?db=1"

    @property
    def options(self) -> list[str]:
        return ["--port", "0", "--unixsocket", str(self.path), "--requirepass", "hush"]

    def answers(self) -> bool:
        return self.path.exists()

    def stop(self) -> None:
        super().stop()
        self.path.unlink(missing_ok=True)


KINDS: dict[str, Callable[[str, Path], Redis]] = {
    "tcp": lambda program, _: Redis(program),
    "tls": TlsRedis,
    "unix": SocketFileRedis,
}


@contextmanager
def running_redis(kind: str) -> Iterator[Redis]:
    """A server of this kind until the block ends."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not on this machine")
    with tempfile.TemporaryDirectory(prefix="inbox-redis-") as directory:
        server = KINDS[kind](program, Path(directory))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def killed(server: Redis) -> Iterator[None]:
    """It's gone, as after a crash; then it's back, empty."""
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def hung(server: Redis) -> Iterator[None]:
    """It takes connections and doesn't answer."""
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    state = Path(f"/proc/{server.process.pid}/stat")
    wait_until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", "Redis is stopped")
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.process.send_signal(signal.SIGCONT)
