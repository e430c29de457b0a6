"""A backup is one zip file: the database, the signing key, and a manifest that says what they are.

The manifest holds the size and SHA-256 of each part. An archive is written beside its final name and takes that name
only once complete; reading checks every part before anything is changed.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Protocol

from inbox_app.private_files import new_private_file

FORMAT: Final = "agent-inbox-backup"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
CHUNK_BYTES: Final = 1024 * 1024
COMPRESSION_LEVEL: Final = 3
"""The server keeps answering visitors during a backup, so half the processor time is worth a slightly larger file."""


class BackupFailed(Exception):
    """A backup can't be made or restored; the message says why and what to do."""


class Sink(Protocol):
    """Where the bytes of a part go."""

    def write(self, data: bytes, /) -> int:
        """Append."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. `kind`: sqlite or postgresql; `columns`: of each table, for PostgreSQL.

    `key_mark`: recognises the signing key, which may not be in the archive.
    """

    kind: str
    revision: str
    created_at: str
    made_by: str
    key_mark: str = ""
    columns: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: str = FORMAT
    version: int = VERSION


class ArchiveWriter:
    """Part after part, then the manifest."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file
        self.parts: dict[str, dict[str, Any]] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[Sink]:
        """Write one part, of whatever size."""
        with self._zip.open(name, "w", force_zip64=True) as target:
            sink = _Summing(target)
            yield sink
        self.parts[name] = {"bytes": sink.size, "sha256": sink.sum.hexdigest()}

    def add(self, name: str, source: IO[bytes]) -> None:
        """One part from a file."""
        with self.part(name) as sink:
            while chunk := source.read(CHUNK_BYTES):
                sink.write(chunk)

    def finish(self, manifest: dict[str, Any]) -> Manifest:
        """Say what the parts are."""
        complete = Manifest(**manifest, parts=self.parts)
        self._zip.writestr(MANIFEST, json.dumps(asdict(complete), indent=2))
        return complete


class _Summing:
    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.sum, self.size = hashlib.sha256(), 0

    def write(self, data: bytes, /) -> int:
        self.sum.update(data)
        self.size += len(data)
        return self._target.write(data)


@contextmanager
def writing(path: Path) -> Iterator[ArchiveWriter]:
    """Write an archive that only its owner can read. After an error, `path` is as it was before."""
    draft = path.with_name(path.name + ".part")
    try:
        with new_private_file(draft) as target:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL) as file:
                yield ArchiveWriter(file)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(path)
    except OSError as error:
        raise BackupFailed(f"Can't write {path}: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)


class Archive:
    """An archive whose parts were checked."""

    def __init__(self, file: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip, self.manifest = file, manifest

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part, a piece at a time."""
        with self._zip.open(name) as source:
            while chunk := source.read(CHUNK_BYTES):
                yield chunk

    def extract(self, name: str, target: Path) -> None:
        """A part as a file that only its owner can read."""
        with new_private_file(target) as file:
            for chunk in self.chunks(name):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """Open an archive and check all of it. Raises BackupFailed when it is damaged, foreign or too new."""
    try:
        with zipfile.ZipFile(path) as file:
            archive = Archive(file, _manifest(file, path))
            for name, expected in archive.manifest.parts.items():
                _check(archive, name, expected)
            yield archive
    except FileNotFoundError:
        raise BackupFailed(f"There is no file {path}.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, _Damaged) as error:
        detail = f" ({error})" if str(error) else ""
        raise BackupFailed(f"{path} is damaged or not a backup of Agent Inbox{detail}. Nothing was changed.") from error
    except OSError as error:
        raise BackupFailed(f"Can't read {path}: {error.strerror or error}.") from error


class _Damaged(Exception):
    """A part is missing, or not what was written."""


def _check(archive: Archive, name: str, expected: dict[str, Any]) -> None:
    found = hashlib.sha256()
    try:
        for chunk in archive.chunks(name):
            found.update(chunk)
    except KeyError:
        raise _Damaged(f"{name} is missing") from None
    if found.hexdigest() != expected.get("sha256"):
        raise _Damaged(f"{name} has another checksum")


def _manifest(file: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        values = json.loads(file.read(MANIFEST))
        if values["format"] != FORMAT:
            raise _Damaged("the manifest names another program")
        if values["version"] > VERSION:
            raise BackupFailed(f"{path} was made by a newer version of Agent Inbox. Install that version.")
        return Manifest(**values)
    except (KeyError, TypeError, ValueError):
        raise _Damaged("there is no manifest") from None
