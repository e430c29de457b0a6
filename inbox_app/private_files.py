"""Directories and files that only their owner can read: the database, the signing key, backups."""

import logging
import os
import stat
from pathlib import Path
from typing import IO, Final

DIRECTORY_MODE: Final = 0o700
FILE_MODE: Final = 0o600
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
log = logging.getLogger(__name__)


def private_directory(path: Path) -> Path:
    """Make the directory if it's missing. One that is ours and open to others is closed to them; `/tmp` isn't ours."""
    path.mkdir(parents=True, exist_ok=True, mode=DIRECTORY_MODE)
    if not path.stat().st_mode & stat.S_ISVTX:
        _close(path, DIRECTORY_MODE)
    return path


def private_file(path: Path) -> Path:
    """Make an empty file if it's missing, and close one that is open to others."""
    if path.exists():
        _close(path, FILE_MODE)
    else:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, FILE_MODE))
    return path


def new_private_file(path: Path) -> IO[bytes]:
    """A new file, open for writing, instead of whatever was there."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb")


def is_open_to_others(path: Path) -> bool:
    """Whether anyone but the owner may do anything with it. Windows has no such modes."""
    return os.name != "nt" and path.exists() and bool(path.stat().st_mode & OTHERS)


def _close(path: Path, mode: int) -> None:
    if is_open_to_others(path) and path.stat().st_uid == os.geteuid():
        path.chmod(mode)
        log.info("closed %s to other users of this machine", path)
