"""Print the test files that a change concerns, the closest first, as many as fit into a minute.

Closest are changed tests and those named after a changed file, then those that import a changed module, then those that
reach one through another module.
"""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

from tests.architecture.sources import ROOT, Source, parsed
from tests.suite.__main__ import KEPT_RECORDS, Record

MAX_SECONDS: Final = 50
"""Of all chosen files together; two processes share them, so that they take about half of it."""
TESTS_OF_OTHER_FILES: Final = (
    ("inbox_app/texts/", "tests/texts/test_french.py"),
    ("widget/", "tests/texts/test_french.py"),
    ("inbox_app/pages_visitor/", "tests/texts/test_french.py"),
    ("inbox_app/data/migrations/", "tests/data/test_migrations.py"),
    ("assets/", "tests/architecture/test_rules.py"),
    ("pyproject.toml", "tests/architecture/test_declared.py"),
    ("requirements.lock", "tests/architecture/test_declared.py"),
    ("deploy/", "tests/installation/test_deploy.py"),
)
"""Where a path begins → the test of such files, which no import leads to."""
UNKNOWN_SECONDS: Final = 6
"""For a file that no earlier run has timed: about the mean of all."""
MAX_DISTANCE: Final = 2
WIDE: Final = ("tests/cluster/", "tests/demo/", "tests/installation/")
"""Whole installations, minutes each: only when they changed themselves."""


def main() -> int:
    chosen, left_out = choose(distances(changed_files()), durations())
    for path in left_out:
        print(f"not within a minute, run it yourself: {path}", file=sys.stderr)
    print("\n".join(chosen))
    return 0


def changed_files() -> set[str]:
    """Everything that differs from the commit where this branch left main, untracked files included."""
    base = git("merge-base", "HEAD", "main") or git("rev-parse", "HEAD")
    if base == git("rev-parse", "HEAD"):
        base = git("rev-parse", "HEAD~1") or base  # on main itself: the last commit and what isn't committed yet
    return {*git("diff", "--name-only", base).split(), *git("ls-files", "--others", "--exclude-standard").split()}


def git(*arguments: str) -> str:
    """A Git command's output; empty when it fails, as in a clone without main."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def distances(changed: set[str]) -> dict[str, int]:
    """Test file → how many imports lie between it and a changed file."""
    modules = {source.name: source for source in parsed("inbox_app", "tests")}
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for source in modules.values():
        for name in source.imports() & modules.keys():
            importers[name].add(source.name)
    reached = {source.name: 0 for source in modules.values() if source.shown in changed}
    reached |= dict.fromkeys(tests_named_after(changed, modules), 0)
    reached |= {name: 0 for name, source in modules.items() if source.shown in tests_of_other_files(changed)}
    own = changed | tests_of_other_files(changed)
    edge = set(reached)
    for distance in range(1, MAX_DISTANCE + 1):
        edge = {name for reached_name in edge for name in importers[reached_name]} - reached.keys()
        reached |= dict.fromkeys(edge, distance)
    return {modules[name].shown: away for name, away in reached.items() if is_for_check(modules[name], own)}


def tests_of_other_files(changed: set[str]) -> set[str]:
    """The tests of what isn't Python: translations, scripts, style sheets, migrations, packages."""
    return {test for begin, test in TESTS_OF_OTHER_FILES for path in changed if path.startswith(begin)}


def tests_named_after(changed: set[str], modules: dict[str, Source]) -> set[str]:
    """`test_limits` for a changed `limits.py` or `limits.js`, imported or not."""
    stems = {Path(path).stem for path in changed}
    return {name for name in modules if name.rpartition(".")[2].removeprefix("test_") in stems and ".test_" in name}


def is_for_check(source: Source, own: set[str]) -> bool:
    is_test = source.path.name.startswith("test_") and not source.shown.startswith("tests/e2e/")
    return is_test and (source.shown in own or not source.shown.startswith(WIDE))


def durations() -> dict[str, float]:
    """Test file → seconds in the last whole run, where there was one."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for path in (ROOT / KEPT_RECORDS).glob("*.json"):
        record: Record = json.loads(path.read_text(encoding="utf-8"))
        for name, test in record.items():
            seconds[name.partition("::")[0]] += float(test["seconds"])
    return seconds


def choose(by_distance: dict[str, int], seconds: dict[str, float]) -> tuple[list[str], list[str]]:
    """The files to run, and those left for want of time."""
    chosen: list[str] = []
    left_out: list[str] = []
    spent = 0.0
    for path in sorted(by_distance, key=lambda path: (by_distance[path], seconds.get(path, UNKNOWN_SECONDS), path)):
        cost = seconds.get(path, UNKNOWN_SECONDS)
        if spent + cost <= MAX_SECONDS:
            spent += cost
            chosen.append(path)
        else:
            left_out.append(path)
    return chosen, left_out


if __name__ == "__main__":
    raise SystemExit(main())
