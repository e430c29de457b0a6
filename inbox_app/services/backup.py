"""`inbox backup` and `inbox restore` (PRODUCT 12.2): the database and the signing key in one archive."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from inbox_app.data import archive as archives
from inbox_app.data import backup_postgres, backup_sqlite, migrate
from inbox_app.data.archive import Archive, ArchiveWriter, BackupFailed, Manifest
from inbox_app.data.engine import Database, database, unavailable
from inbox_app.data.epoch import begin_epoch, highest_seq
from inbox_app.data.ids import new_id
from inbox_app.data.instants import iso
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.private_files import DIRECTORY_MODE, private_directory
from inbox_app.services.use_case import use_case
from inbox_app.settings import KEY_FILE, Settings

Begin = Callable[..., Awaitable[None]]
"""`begin_epoch`, told all but the connection and what the database replaces."""
LOCKED: Final = "55P03"
"""PostgreSQL's SQLSTATE for a lock that it didn't get in time."""
IN_USE: Final = (
    "Another program has tables of this database open, such as psql or a backup that still runs. End it and restore "
    "again; nothing was changed."
)
log = logging.getLogger(__name__)
NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Restored:
    """What a restore did. `kept`: where the former database is; `has_key`: the signing key fits the archive."""

    manifest: Manifest
    kept: Path | None
    has_key: bool


def _kind(settings: Settings) -> str:
    return "postgresql" if settings.is_postgresql else "sqlite"


def _key(settings: Settings) -> bytes:
    """The signing key, if there is one; none is made."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    file = settings.data_dir / KEY_FILE
    return file.read_bytes() if file.exists() else b""


def _mark(key: bytes) -> str:
    """Recognises a key and doesn't reveal it."""
    return hashlib.sha256(b"agent-inbox-backup:" + key).hexdigest()[:16] if key else ""


async def back_up(path: Path, *, settings: Settings, version: str, now: datetime) -> Manifest:
    """Write an archive while servers run. `version`: of this program. Raises BackupFailed, DatabaseUnavailable."""
    with archives.writing(path) as archive:
        revision, columns = await _add_database(archive, path, settings)
        if settings.secret_key is None and (key := _key(settings)):
            with archive.part(KEY_FILE) as sink:
                sink.write(key)
        manifest = archive.finish(
            {
                "kind": _kind(settings), "revision": revision, "created_at": iso(now), "made_by": version,
                "key_mark": _mark(_key(settings)), "columns": columns,
            }
        )  # fmt: skip
    if not await migrate.pending():  # before an upgrade the log may not have all of its columns yet
        try:
            async with use_case() as case:
                case.audit("database.backed_up", by=None, now=now)
        except DatabaseUnavailable:
            log.warning(
                "The backup is complete, but the audit log doesn't mention it: the database couldn't be written."
            )
    return manifest


async def _add_database(archive: ArchiveWriter, path: Path, settings: Settings) -> tuple[str, dict[str, list[str]]]:
    if not settings.is_postgresql:
        beside = path.with_name(path.name + ".database")
        return backup_sqlite.back_up(_file(settings), archive, beside=beside), {}
    try:
        return await backup_postgres.back_up(database(), archive)
    except (DBAPIError, OSError) as error:
        if unavailable(error):
            raise DatabaseUnavailable from error
        raise


def _file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


async def restore(path: Path, *, settings: Settings, now: datetime, end_sessions: bool = False) -> Restored:
    """Replace the database and the signing key by those of an archive, brought up to this version.

    `end_sessions`: everyone signs in again, since the archive also holds sessions that have ended meanwhile.

    Raises BackupFailed, and has changed nothing then.
    """
    with archives.reading(path) as archive:
        _check(archive.manifest, path, settings)
        key = _draft_key(archive, settings)
        created_at = archive.manifest.created_at
        begin = partial(begin_epoch, name=new_id(), restored_to=created_at, end_sessions=end_sessions, now=now)
        try:
            kept = await _restore_database(archive, settings, begin)
        except BaseException:
            if key is not None:
                key.unlink(missing_ok=True)
            raise
        _put_key_in_place(key, settings)
        return Restored(archive.manifest, kept, _mark(_key(settings)) == archive.manifest.key_mark)


def _check(manifest: Manifest, path: Path, settings: Settings) -> None:
    kind = _kind(settings)
    if manifest.kind != kind:
        there, here = NAMES.get(manifest.kind, manifest.kind), NAMES[kind]
        raise BackupFailed(
            f"{path} holds a {there} database, but INBOX_DATABASE_URL is {here}. Restore it into {there}."
        )
    if not migrate.knows(manifest.revision):
        raise BackupFailed(f"{path} was made by a newer version of Agent Inbox ({manifest.made_by}). Install that one.")


async def _restore_database(archive: Archive, settings: Settings, begin: Begin) -> Path | None:
    if not settings.is_postgresql:
        return await _restore_sqlite(archive, _file(settings), begin)
    await _restore_postgres(archive, settings, begin)
    return None


async def _restore_sqlite(archive: Archive, file: Path, begin: Begin) -> Path | None:
    backup_sqlite.check_unused(file)
    file.parent.mkdir(parents=True, exist_ok=True, mode=DIRECTORY_MODE)
    draft = file.with_name(file.name + ".restoring")
    replaced_seq = backup_sqlite.highest_seq_in(file)
    try:
        backup_sqlite.unpack(archive, draft)
        restored = Database(f"sqlite:///{draft}")
        try:
            async with restored.write_engine.begin() as connection:
                await _finish(connection, begin, replaced_seq)
        finally:
            await restored.close()
        backup_sqlite.close(draft)
        return backup_sqlite.put_in_place(draft, file)
    finally:
        for name in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + name).unlink(missing_ok=True)


async def _restore_postgres(archive: Archive, settings: Settings, begin: Begin) -> None:
    target = Database(settings.database_url)
    try:
        async with target.engine.begin() as connection:
            replaced_seq = await connection.run_sync(highest_seq)
            await backup_postgres.restore(connection, archive)
            await _finish(connection, begin, replaced_seq)
    except (DBAPIError, OSError) as error:
        if unavailable(error):
            raise DatabaseUnavailable from error
        if getattr(getattr(error, "orig", None), "sqlstate", "") == LOCKED:
            raise BackupFailed(IN_USE) from error
        raise
    finally:
        await target.close()


async def _finish(connection: AsyncConnection, begin: Begin, replaced_seq: int) -> None:
    """Bring it up to this version with no client connected, and start a new history."""
    await connection.run_sync(migrate.upgrade_within)
    await begin(connection, replaced_seq=replaced_seq)


def _draft_key(archive: Archive, settings: Settings) -> Path | None:
    """The archived key beside its place, unless there is none or INBOX_SECRET_KEY is used instead."""
    if KEY_FILE not in archive.manifest.parts or settings.secret_key is not None:
        return None
    draft = private_directory(settings.data_dir) / f"{KEY_FILE}.restoring"
    archive.extract(KEY_FILE, draft)
    return draft


def _put_key_in_place(draft: Path | None, settings: Settings) -> None:
    """The former key, if it was another, stays beside it: the former database needs it."""
    if draft is None:
        return
    key = settings.data_dir / KEY_FILE
    if key.exists() and key.read_bytes() != draft.read_bytes():
        key.replace(key.with_name(key.name + ".before-restore"))
    draft.replace(key)
