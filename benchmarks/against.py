"""An older commit measured in turn with this checkout, so that a busy machine slows both: their ratio is what counts.

The old product runs under today's benchmarks, from a checkout that is thrown away afterwards.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.faults import Outcome
from benchmarks.figures import Line, Measured, Run
from inbox_app.settings import ROOT, Settings
from tests import servers

TODAYS = ("benchmarks", "tests")
KINDS: dict[str, type[Run] | type[Outcome]] = {"Run": Run, "Outcome": Outcome}


def compare(commit: str, names: Sequence[str], rounds: int) -> None:
    """Print before, now and their ratio for each line of these benchmarks."""
    with _checkout(commit) as older:
        for name in names:
            before: dict[str, list[Measured]] = {}
            now: dict[str, list[Measured]] = {}
            for _ in range(rounds):
                for folder, kept in ((older, before), (ROOT, now)):
                    for label, run in _one_run(folder, name):
                        kept.setdefault(label, []).append(run)
            _print(commit, before, now)


def _print(commit: str, before: dict[str, list[Measured]], now: dict[str, list[Measured]]) -> None:
    print(f"\n{Line('', next(iter(now.values()))).header}")
    for label, runs in now.items():
        was, line = Line(label, before[label]), Line(label, runs)
        print(Line(f"{label}, {commit}", was.runs), line, line.times_faster_than(was), sep="\n", flush=True)


def answer(lines: Iterable[Line]) -> None:
    """What `compare` reads: a line of JSON for each run."""
    for line in lines:
        for run in line.runs:
            values: Any = asdict(run)  # type: ignore[call-overload]  # all of them are dataclasses
            print(json.dumps({"name": line.name, "kind": type(run).__name__, "values": values}), flush=True)


def _one_run(folder: Path, name: str) -> Iterator[tuple[str, Measured]]:
    command = [sys.executable, "-m", "benchmarks", "--json", "--runs", "1", "--only", name]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    printed = subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    for text in printed.splitlines():
        line = json.loads(text)
        yield line["name"], KINDS[line["kind"]](**line["values"])


@contextmanager
def _checkout(commit: str) -> Iterator[Path]:
    """The product as of this commit, built, with today's benchmarks."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "older"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
        try:
            for kept in TODAYS:
                shutil.rmtree(folder / kept, ignore_errors=True)
                shutil.copytree(ROOT / kept, folder / kept)
            shutil.copytree(ROOT / ".web", folder / ".web", symlinks=True)  # its packages needn't be fetched again
            environment = os.environ | {"PYTHONPATH": str(folder)}
            subprocess.run([str(servers.INBOX), "build"], cwd=folder, env=environment, check=True)
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def forget_newer_settings() -> None:
    """An older product refuses settings that it doesn't know."""
    if "calendar_networks" not in Settings.model_fields:
        servers.LOCAL_CALENDARS = None  # type: ignore[assignment]  # a server isn't given a setting without a value
