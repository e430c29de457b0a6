"""Serves floors. The pages' is built first: the same Reflex, Bun and Granian, an app that does nothing else."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from inbox_app.reflex_runtime import SERVING, build_environment
from inbox_app.settings import ROOT
from tests.programs import free_port

SOURCE = Path(__file__).parent / "floor_app"


@contextmanager
def floor() -> Iterator[int]:
    """The port of a running floor; built in a directory that is thrown away."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "floor"
        shutil.copytree(SOURCE, folder)
        for kept in ("bunfig.toml", ".npmrc"):
            if (ROOT / kept).exists():
                shutil.copy(ROOT / kept, folder / kept)
        environment = build_environment() | {"FLOOR_PORT": str(port)}
        export = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
        subprocess.run(export, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        path = {"FLOOR_PORT": str(port), "PYTHONPATH": str(folder)}
        with granian("floor_app.floor_app:app", port, SERVING | path, "--factory"):
            yield port


@contextmanager
def granian(app: str, port: int, environment: Mapping[str, str], *options: str) -> Iterator[int]:
    """The process id of a server of this app, when it answers /ping."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", *options, "--port", str(port), app]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=os.environ | dict(environment), **quiet)
    try:
        _wait(f"http://127.0.0.1:{port}/ping")
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(url)
