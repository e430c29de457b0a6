"""Bytes that are no text, on the command line and on standard input: a sentence, and nothing is stored."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.programs import free_port
from tests.servers import INBOX

ZOE = {"email": b"zoe@example.com", "--name": b"Zoe", "--role": b"agent", "--time-zone": b"UTC", "--schedule": b"none"}


def user_add(directory: Path, values: dict[str, bytes], password: bytes) -> subprocess.CompletedProcess[bytes]:
    options = [part for name, value in values.items() if name.startswith("--") for part in (name.encode(), value)]
    command = [os.fsencode(INBOX), b"user", b"add", values["email"], *options, b"--password-stdin"]
    environment = {"INBOX_DATA_DIR": str(directory), "INBOX_ENV": "test", "INBOX_PORT": str(free_port())}
    return subprocess.run(command, env=environment, input=password, capture_output=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("installed")
    environment = {"INBOX_DATA_DIR": str(directory), "INBOX_ENV": "test"}
    subprocess.run([INBOX, "migrate"], env=environment, check=True, capture_output=True, timeout=60)
    return directory


@pytest.mark.parametrize("name", [*ZOE, "password"])
def test_what_is_no_text_is_refused_in_a_sentence(installed: Path, name: str) -> None:
    values = ZOE if name == "password" else ZOE | {name: ZOE[name] + b"\xff"}
    done = user_add(installed, values, b"0123456789\xff\n" if name == "password" else b"0123456789\n")
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr
    assert 0 < done.stderr.count(b"\n") <= 2, done.stderr
