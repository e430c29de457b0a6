"""Back up and restore the embedded database.

Copying the file would miss what is in the write-ahead log. SQLite's own backup reads one snapshot while writers
continue. A restored file takes the place of the former one only once it is complete and no log of the former is left:
SQLite would apply that log to the new file and destroy it.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from inbox_app.data.archive import Archive, ArchiveWriter, BackupFailed
from inbox_app.data.epoch import highest_seq
from inbox_app.private_files import new_private_file, private_file

PART: Final = "database.sqlite"
BUSY_SECONDS: Final = 10
IN_USE: Final = "A server or a command is using this database. Stop it, then restore again. Nothing was changed."


def back_up(path: Path, archive: ArchiveWriter, *, beside: Path) -> str:
    """Add a snapshot of the database at `path`; its schema revision. `beside`: a file name for the time being."""
    new_private_file(beside).close()
    try:
        with closing(_opened(path)) as source, closing(sqlite3.connect(beside)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            _check(copy, path)
            (revision,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        with beside.open("rb") as file:
            archive.add(PART, file)
    except sqlite3.Error as error:
        raise BackupFailed(f"Can't read the database {path}: {error}.") from error
    finally:
        beside.unlink(missing_ok=True)
    return str(revision)


def _opened(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise BackupFailed(f"There is no database at {path}.")
    return sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=BUSY_SECONDS)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise BackupFailed(f"The database {path} is damaged: {answer}.")


def unpack(archive: Archive, draft: Path) -> None:
    """Make the archived database a file of its own, ready for migrations."""
    archive.extract(PART, draft)
    with closing(sqlite3.connect(draft)) as connection:
        _check(connection, draft)


def close(draft: Path) -> None:
    """Put all of the draft into its one file, on disk."""
    with closing(sqlite3.connect(draft)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def put_in_place(draft: Path, path: Path) -> Path | None:
    """Replace the database by the draft in one step. Returns where the former one is kept.

    Raises BackupFailed if it's in use.
    """
    kept = path.with_name(path.name + ".before-restore")
    if not path.exists():
        _set_logs_aside(path, kept)
        draft.replace(path)
        return None
    with _alone(path):
        _set_logs_aside(path, kept)
        kept.unlink(missing_ok=True)
        kept.hardlink_to(path)
        draft.replace(path)
    return private_file(kept)


def highest_seq_in(path: Path) -> int:
    """`highest_seq` of the database at `path`; 0 if there is none, or it's damaged."""
    if not path.exists():
        return 0
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return highest_seq(connection)
    except DatabaseError:
        return 0


def check_unused(path: Path) -> None:
    """Raise BackupFailed if another process has the database open."""
    if path.exists():
        with _alone(path):
            pass


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Lock the database so that no other process can open it, and move its whole log into its file."""
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")  # refused while anybody else has it open
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise BackupFailed(IN_USE) from None
        except sqlite3.DatabaseError:  # damaged: it's being replaced for a reason
            pass
        yield


def _set_logs_aside(path: Path, kept: Path) -> None:
    """What a killed server or a former copy left behind."""
    for log in ("-wal", "-shm", "-journal"):
        if (left := path.with_name(path.name + log)).exists():
            left.replace(kept.with_name(kept.name + log))
