"""The tables of `make bench`: medians, spreads, totals, and an older commit beside today's."""

from benchmarks.faults import Outcome
from benchmarks.figures import Line, Run


def test_a_line_gives_the_median_the_spread_and_the_totals() -> None:
    runs = [Run((1.0, 2.0), 2, cpu=4.0), Run((3.0, 8.0), 2, lost=1, cpu=6.0), Run((2.0, 5.0), 3, errors=1)]
    assert str(Line("here → there", runs)) == (
        "| here → there | 5.0 (2.0-8.0) | 5.0 (2.0-8.0) | 5.0 (2.0-8.0) | 5.0 (2.0-8.0) | 2.50 (2.00-3.00) "
        "| 7 / 1 / 0 / 1 |"
    )


def test_a_fault_has_columns_of_its_own() -> None:
    line = Line(
        "cut", [Outcome(10, 0, 0, 1, slowest=1.5, recovery=0.5), Outcome(20, 0, 0, 0, slowest=2.5, recovery=0.1)]
    )
    assert str(line) == "| cut | 2.00 (1.50-2.50) | 0.30 (0.10-0.50) | 30 / 0 / 0 / 1 |"
    assert line.header.count("|") == 2 * str(line).count("|")


def test_an_older_commit_is_compared_run_by_run() -> None:
    """A machine that grew busy slowed both runs of a round, so the median of the ratios isn't the ratio of medians."""
    before = Line(
        "cut", [Outcome(1, 0, 0, 0, 10.0, 1.0), Outcome(1, 0, 0, 0, 80.0, 2.0), Outcome(1, 0, 0, 0, 20.0, 4.0)]
    )
    now = Line("cut", [Outcome(1, 0, 0, 0, 1.0, 0.0), Outcome(1, 0, 0, 0, 40.0, 1.0), Outcome(1, 0, 0, 0, 5.0, 1.0)])
    assert now.times_faster_than(before) == "| cut: before ÷ now | 4.0 (2.0-10.0) | 3.0 (2.0-4.0) | |"
