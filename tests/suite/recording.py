"""A pytest plugin that writes each test's outcome and duration to the file named by --record."""

import json
from pathlib import Path
from typing import Final

import pytest

RECORDING: Final = pytest.StashKey["Recording"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", type=Path, help="write outcomes and durations of all tests to this JSON file")


def pytest_configure(config: pytest.Config) -> None:
    """Register on the controller only: xdist passes the reports of its workers on to it."""
    path = config.getoption("--record")
    if path is not None and not hasattr(config, "workerinput"):
        config.stash[RECORDING] = Recording(path)
        config.pluginmanager.register(config.stash[RECORDING])


class Recording:
    """The outcomes seen so far. A test whose setup, call or teardown failed has failed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tests: dict[str, dict[str, float | str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = self._tests.setdefault(report.nodeid, {"seconds": 0.0, "outcome": "passed"})
        test["seconds"] = float(test["seconds"]) + getattr(report, "duration", 0.0)
        if report.failed or (report.skipped and test["outcome"] == "passed"):
            test["outcome"] = report.outcome

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._tests[report.nodeid] = {"seconds": 0.0, "outcome": "failed"}

    def pytest_sessionfinish(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._tests, indent=0), encoding="utf-8")
