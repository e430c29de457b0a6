"""What an installation keeps on disk can be read by its owner alone; an older one is closed at the next start."""

import asyncio
from pathlib import Path

import pytest

from inbox_app.data.engine import use_database
from inbox_app.private_files import private_directory
from inbox_app.server import keep_private
from inbox_app.settings import KEY_FILE, Settings
from tests.commands import run_inbox, succeeded
from tests.data.builders import a_member
from tests.servers import InboxServer


def modes(directory: Path) -> dict[str, str]:
    """Of the directory and all that it holds."""
    return {path.name: f"{path.stat().st_mode & 0o777:o}" for path in (directory, *directory.iterdir())}


async def test_a_new_installation_is_private(tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = InboxServer(tmp_path, f"sqlite:///{data / 'inbox.db'}", data_dir=data)
    succeeded(await asyncio.to_thread(run_inbox, command, "migrate"))
    Settings(data_dir=data).signing_key()
    await use_database(f"sqlite:///{data / 'inbox.db'}")
    await a_member()
    files = ("inbox.db", "inbox.db-wal", "inbox.db-shm", KEY_FILE)
    assert modes(data) == {"data": "700"} | dict.fromkeys(files, "600")
    await use_database(None)


def test_files_that_were_open_to_other_users_are_reported_and_closed(tmp_path: Path, sqlite_url: str) -> None:
    key, file = tmp_path / KEY_FILE, tmp_path / "inbox.db"
    key.write_text("a key that everybody can read")
    for path, mode in ((tmp_path, 0o755), (key, 0o644), (file, 0o644)):
        path.chmod(mode)
    command = InboxServer(tmp_path, sqlite_url)
    told = run_inbox(command, "doctor").stdout
    assert f"FAIL  data directory: other users of this machine can read {tmp_path}, {key}, {file}" in told
    keep_private(Settings(data_dir=tmp_path))
    succeeded(run_inbox(command, "user", "list"))
    assert modes(tmp_path) == {tmp_path.name: "700", "inbox.db": "600", KEY_FILE: "600"}
    assert "ok    data directory" in run_inbox(command, "doctor").stdout


@pytest.mark.parametrize("mode", [0o1777, 0o1755])
def test_a_directory_that_everybody_shares_stays_shared(tmp_path: Path, mode: int) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(mode)
    private_directory(shared)
    assert shared.stat().st_mode & 0o7777 == mode
