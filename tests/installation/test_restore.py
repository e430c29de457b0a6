"""What restore refuses, keeps and leaves behind; each of these needs no server that runs."""

import asyncio
import json
import os
import pty
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from inbox_app import clock
from inbox_app.data import presence
from inbox_app.data.archive import BackupFailed
from inbox_app.data.backup_postgres import check_unused
from inbox_app.data.backup_sqlite import PART
from inbox_app.data.engine import reading, unit_of_work, use_database
from inbox_app.data.tables import MemberRow
from inbox_app.domain.people import Member
from inbox_app.services import sign_in
from inbox_app.services.backup import back_up, restore
from inbox_app.services.use_case import use_case
from inbox_app.settings import KEY_FILE, Settings, get_settings
from tests.data.builders import NOW, a_member, rows_of
from tests.databases import SqliteTemplate
from tests.installation.test_command_line import inbox
from tests.servers import INBOX

SettingsWith = Callable[..., Settings]


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


async def test_a_backup_counts_although_the_audit_log_is_locked(sound: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(sqlite3.connect(sound.with_name("inbox.db"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await back_up(sound, settings=get_settings(), version="2", now=NOW)
    assert "The backup is complete" in caplog.text
    with zipfile.ZipFile(sound) as file:
        assert json.loads(file.read("manifest.json"))["made_by"] == "2"


@pytest.mark.postgres
async def test_a_restore_into_tables_that_are_in_use_is_refused_and_changes_nothing(
    postgres_url: str, tmp_path: Path, settings_with: SettingsWith
) -> None:
    settings = settings_with(database_url=postgres_url, data_dir=tmp_path)
    await use_database(postgres_url)
    ana = await a_member(is_present=False)
    await back_up(tmp_path / "inbox.backup", settings=settings, version="1", now=NOW)
    ben = await a_member("Ben", is_present=False)
    other = await asyncpg.connect(postgres_url)
    async with other.transaction():
        await other.execute("SELECT * FROM member")
        with pytest.raises(BackupFailed, match="Another program has tables of this database open"):
            await restore(tmp_path / "inbox.backup", settings=settings, now=NOW)
        assert {row.id for row in await rows_of(MemberRow)} == {ana.id, ben.id}
    await other.close()
    await restore(tmp_path / "inbox.backup", settings=settings, now=NOW)
    assert {row.id for row in await rows_of(MemberRow)} == {ana.id}
    await use_database(None)


@pytest.mark.postgres
@pytest.mark.parametrize("ahead", [-3600, -40, 40, 3600])
async def test_a_restore_is_refused_while_a_server_runs_whose_clock_differs(
    ahead: int, postgres_url: str, tmp_path: Path, settings_with: SettingsWith
) -> None:
    settings = settings_with(database_url=postgres_url, data_dir=tmp_path)
    await use_database(postgres_url)
    await back_up(tmp_path / "inbox.backup", settings=settings, version="1", now=NOW)
    await renew_lease(ahead)
    renewing = asyncio.create_task(keep_lease(ahead))
    with pytest.raises(BackupFailed, match="A server is using this database"):
        await restore(tmp_path / "inbox.backup", settings=settings, now=NOW)
    renewing.cancel()
    await use_database(None)


async def keep_lease(ahead: int) -> None:
    while True:
        await asyncio.sleep(1)
        await renew_lease(ahead)


async def renew_lease(ahead: int) -> None:
    async with unit_of_work() as session:
        await presence.renew(session, "other", now=clock.now() + timedelta(seconds=ahead))


@pytest.mark.postgres
@pytest.mark.parametrize("ahead", [-3600, 3600])
async def test_a_lease_that_nobody_renews_does_not_stop_a_restore(ahead: int, postgres_url: str) -> None:
    await use_database(postgres_url)
    await renew_lease(ahead)
    async with reading() as connection:
        await check_unused(connection, watch=timedelta(seconds=1))
    await use_database(None)


async def test_the_former_signing_key_is_kept_and_a_different_one_is_reported(
    sound: Path, tmp_path: Path, settings_with: SettingsWith
) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"made since then")
    assert (await restore(sound, settings=get_settings(), now=NOW)).has_key
    assert (tmp_path / KEY_FILE).read_bytes() == b"the key of the installation"
    assert (tmp_path / f"{KEY_FILE}.before-restore").read_bytes() == b"made since then"
    settings = settings_with(secret_key="quite another key of 16")
    assert not (await restore(sound, settings=settings, now=NOW)).has_key


@pytest.mark.parametrize(("options", "sessions"), [([], 1), (["--end-sessions"], 0)])
async def test_sessions_come_back_unless_they_are_to_end_and_the_operator_is_told(
    options: list[str], sessions: int, sqlite_url: str, tmp_path: Path
) -> None:
    await use_database(sqlite_url)
    await session_of(await a_member("Mallory"))
    await use_database(None)
    archive = str(tmp_path / "inbox.backup")
    assert inbox(tmp_path, "backup", archive, database_url=sqlite_url).returncode == 0
    told = inbox(tmp_path, "restore", "--yes", *options, archive, database_url=sqlite_url)
    assert "Check who's disabled" in told.stdout, told.stderr
    assert ("everyone signs in again" in told.stdout) == (sessions == 0)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("SELECT count(*) FROM sign_in").fetchone() == (sessions,)


@pytest.mark.parametrize("typed", [None, "n\n", "y\n"])
async def test_nothing_is_replaced_before_somebody_agrees(typed: str | None, sound: Path, tmp_path: Path) -> None:
    """`typed`: into the terminal, where there is one."""
    file = tmp_path / "inbox.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES ('since', '1')")
    done = restored_by_hand(sound, typed)
    assert (done.returncode == 0) == (typed == "y\n"), done.stderr
    assert ("since" in settings_in(file)) == (done.returncode != 0)
    assert ("--yes" in done.stderr) == (typed is None)
    assert ("Replace everything in sqlite:" in done.stdout) == (typed is not None)


def restored_by_hand(archive: Path, typed: str | None) -> subprocess.CompletedProcess[str]:
    environment = {"INBOX_DATA_DIR": str(archive.parent), "INBOX_DATABASE_URL": get_settings().database_url}
    screen, terminal = pty.openpty()
    try:
        if typed is not None:
            os.write(screen, typed.encode())
        return subprocess.run(
            [INBOX, "restore", archive], stdin=subprocess.DEVNULL if typed is None else terminal, capture_output=True,
            env=environment, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(terminal)
        os.close(screen)


async def session_of(member: Member) -> str:
    async with use_case() as case:
        row = await case.session.get_one(MemberRow, member.id)
        return sign_in.start(case, row, address="", user_agent="", now=clock.now())


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
