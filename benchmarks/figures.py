"""Percentiles of a run, medians and spread over runs, and the table for people."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One run: latencies in milliseconds, and what was lost or came twice."""

    latencies: tuple[float, ...]
    sent: int
    lost: int = 0
    doubled: int = 0
    errors: int = 0

    def percentile(self, share: float) -> float:
        """The latency that `share` of the messages did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}


def row(name: str, runs: Sequence[Run]) -> str:
    """One line of a table: the median of the runs with the lowest and highest, per percentile."""
    cells = [_median_and_spread(run.percentile(share) for run in runs) for share in SHARES.values()]
    totals = [sum(getattr(run, field) for run in runs) for field in ("sent", "lost", "doubled", "errors")]
    return f"| {name} | {' | '.join(cells)} | {' / '.join(map(str, totals))} |"


def _median_and_spread(values: Iterable[float]) -> str:
    kept = list(values)
    return f"{statistics.median(kept):.1f} ({min(kept):.1f}-{max(kept):.1f})"


HEADER = "| what | p50 ms | p95 ms | p99 ms | sent / lost / doubled / errors, all runs |\n|---|---|---|---|---|"
