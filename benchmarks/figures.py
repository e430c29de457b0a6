"""Percentiles of a run, medians and spread over runs, and the table for people."""

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol


class Measured(Protocol):
    """The result of one run, and its columns in a table."""

    HEADER: ClassVar[str]
    TOTALS: ClassVar[tuple[str, ...]]
    """Attributes that are added up over all runs."""

    def figures(self) -> dict[str, tuple[float, int]]:
        """By column: the value and how many digits of it to print. Not a number: nobody measured it."""


@dataclass(frozen=True)
class Run:
    """One run: latencies in milliseconds, what was lost or came twice, and the server's CPU in milliseconds."""

    HEADER: ClassVar[str] = (
        "| what | p50 ms | p95 ms | p99 ms | last ms | server's CPU, ms each "
        "| sent / lost / doubled / errors, all runs |\n|---|---|---|---|---|---|---|"
    )
    TOTALS: ClassVar[tuple[str, ...]] = ("sent", "lost", "doubled", "errors")

    latencies: tuple[float, ...]
    sent: int
    lost: int = 0
    doubled: int = 0
    errors: int = 0
    cpu: float = math.nan

    def percentile(self, share: float) -> float:
        """The latency that `share` of the messages did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    @property
    def cpu_each(self) -> float:
        """The server's CPU for each message or stream; not a number where nobody measured it."""
        return self.cpu / self.sent

    def figures(self) -> dict[str, tuple[float, int]]:
        return {name: (self.percentile(share), 1) for name, share in SHARES.items()} | {"cpu": (self.cpu_each, 2)}


SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "last": 1.0}


@dataclass(frozen=True)
class Line:
    """One line of a table: what was measured, and each of its runs."""

    name: str
    runs: Sequence[Measured]

    @property
    def header(self) -> str:
        return self.runs[0].HEADER

    def __str__(self) -> str:
        """The median of the runs with the lowest and highest, per column; then the totals."""
        cells = [_median_and_spread([value for value, _ in column], column[0][1]) for column in _columns(self.runs)]
        totals = [sum(getattr(run, name) for run in self.runs) for name in self.runs[0].TOTALS]
        return f"| {self.name} | {' | '.join(cells)} | {' / '.join(map(str, totals))} |"

    def times_faster_than(self, before: "Line") -> str:
        """Before divided by now, run by run, for each column."""
        cells = []
        for was, now in zip(_columns(before.runs), _columns(self.runs), strict=True):
            ratios = [one / other for (one, _), (other, _) in zip(was, now, strict=True) if other]
            cells.append(_median_and_spread(ratios, 1))
        return f"| {self.name}: before ÷ now | {' | '.join(cells)} | |"


def _columns(runs: Sequence[Measured]) -> Iterator[list[tuple[float, int]]]:
    figures = [run.figures() for run in runs]
    return ([one[name] for one in figures] for name in figures[0])


def _median_and_spread(values: Iterable[float], digits: int) -> str:
    kept = [value for value in values if not math.isnan(value)]
    if not kept:
        return "-"
    return f"{statistics.median(kept):.{digits}f} ({min(kept):.{digits}f}-{max(kept):.{digits}f})"
