"""Run the suite in its two parts: `python -m tests.suite [--part unit|e2e] [--rerun] [arguments of pytest]`.

`--rerun` is for CI: each failed test runs once more, alone. If it passes, it's listed under `flaky:` and counted as
passed, so that one slow moment of a busy machine doesn't cost a day. If it fails again, the run fails. All reruns
together begin within 20 minutes; what isn't reached by then counts as failed, and is listed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

PARTS: Final = {
    # Without a browser some processes wait for a clock and leave their core to others; with one, all are busy.
    "unit": ["--numprocesses=3", "-m", "not e2e"],
    "e2e": ["--numprocesses=2", "-m", "e2e"],
}
SPREAD: Final = ["--dist=loadfile", "--no-loadscope-reorder"]
RERUN_SECONDS: Final = 20 * 60
"""For all reruns together, unless --rerun-seconds says otherwise: what isn't reached stays failed."""
SLOWEST: Final = 20
KEPT_RECORDS: Final = Path("test-results/records")
"""What the last runs took: `tests.suite.changed` reads it."""

Record = dict[str, dict[str, float | str]]


@dataclass
class Results:
    """All parts together."""

    tests: Record = field(default_factory=dict)
    flaky: list[str] = field(default_factory=list)
    not_rerun: list[str] = field(default_factory=list)
    is_broken: bool = False  # pytest itself ended early: nothing that was recorded excuses that

    @property
    def failed(self) -> list[str]:
        return [name for name, test in self.tests.items() if test["outcome"] == "failed"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.suite", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part")
    parser.add_argument("--rerun", action="store_true", help="run each failed test once more, alone")
    parser.add_argument("--rerun-seconds", type=float, default=RERUN_SECONDS, help="for all of these together")
    options, passed_on = parser.parse_known_args(arguments)

    results = Results()
    for part in options.part or PARTS:
        run([*SPREAD, *PARTS[part], *passed_on], results, keep=part)
        if not options.rerun and (results.failed or results.is_broken):
            break  # at a desk, a failure is worth seeing before the browser tests have run
    if options.rerun and not results.is_broken:
        rerun_all(results, seconds=options.rerun_seconds)
    report(results)
    return 1 if results.failed or results.is_broken or not results.tests else 0


def run(arguments: list[str], results: Results, *, keep: str = "") -> None:
    """Run pytest once and add what it recorded."""
    with tempfile.TemporaryDirectory() as directory:
        record = Path(directory) / "record.json"
        command = [sys.executable, "-m", "pytest", "-p", "tests.suite.recording", f"--record={record}", *arguments]
        ended = subprocess.run(command, check=False).returncode
        tests: Record = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    results.tests |= tests
    if keep:
        KEPT_RECORDS.mkdir(parents=True, exist_ok=True)
        (KEPT_RECORDS / f"{keep}.json").write_text(json.dumps(tests), encoding="utf-8")
    unexplained = ended == pytest.ExitCode.TESTS_FAILED and not results.failed
    results.is_broken |= unexplained or ended not in {
        pytest.ExitCode.OK,
        pytest.ExitCode.TESTS_FAILED,
        pytest.ExitCode.NO_TESTS_COLLECTED,  # `ARGS="-k word"` may leave one part without a test
    }


def rerun_all(results: Results, *, seconds: float) -> None:
    """Run each failed test again until the time is over. One that was begun is finished."""
    began = time.monotonic()
    for name in results.failed:
        if time.monotonic() - began >= seconds:
            results.not_rerun.append(name)
        else:
            rerun(name, results)


def rerun(name: str, results: Results) -> None:
    """Run one failed test again, alone. What has passed at the second try is flaky."""
    print(f"\nrunning again, alone: {name}", flush=True)
    again = Results()
    run([name], again)
    if again.tests and not again.failed and not again.is_broken:
        results.flaky.append(name)
        results.tests[name] = again.tests.get(name, {"seconds": 0.0, "outcome": "passed"})


def report(results: Results) -> None:
    slowest = sorted(results.tests.items(), key=lambda test: -float(test[1]["seconds"]))[:SLOWEST]
    print(f"\n{len(slowest)} slowest tests:")
    for name, test in slowest:
        print(f"{float(test['seconds']):8.1f} s  {name}")
    for title, names in (
        ("flaky:", results.flaky),
        ("failed:", results.failed),
        ("failed once, and not run again because the time for that was over:", results.not_rerun),
    ):
        if names:
            print("\n".join([f"\n{title}", *(f"  {name}" for name in names)]))
    counts = Counter(str(test["outcome"]) for test in results.tests.values())
    print(f"\ntests: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
