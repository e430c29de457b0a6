"""Percentiles of a run, medians and spread over runs, and the table for people."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One run: latencies in milliseconds, what was lost or came twice, and the server's CPU in milliseconds."""

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


SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "last": 1.0}


def row(name: str, runs: Sequence[Run]) -> str:
    """One line of a table: the median of the runs with the lowest and highest, per percentile."""
    cells = [_median_and_spread([run.percentile(share) for run in runs], 1) for share in SHARES.values()]
    cells.append(_median_and_spread([run.cpu_each for run in runs], 2))
    totals = [sum(getattr(run, field) for run in runs) for field in ("sent", "lost", "doubled", "errors")]
    return f"| {name} | {' | '.join(cells)} | {' / '.join(map(str, totals))} |"


def _median_and_spread(values: Iterable[float], digits: int) -> str:
    kept = [value for value in values if not math.isnan(value)]
    if not kept:
        return "-"
    return f"{statistics.median(kept):.{digits}f} ({min(kept):.{digits}f}-{max(kept):.{digits}f})"


HEADER = (
    f"| what | {' | '.join(f'{share} ms' for share in SHARES)} | server's CPU, ms each "
    "| sent / lost / doubled / errors, all runs |\n|---|---|---|---|---|---|---|"
)
