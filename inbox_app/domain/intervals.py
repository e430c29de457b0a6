"""Times without other times."""

from collections.abc import Iterable, Iterator

from inbox_app.domain.booking import Interval


def without(interval: Interval, others: Iterable[Interval]) -> Iterator[Interval]:
    """What is left of it, in order."""
    start = interval.start
    for other in sorted(others):
        if other.end <= start or other.start >= interval.end or other.end <= other.start:
            continue
        if other.start > start:
            yield Interval(start, other.start)
        start = max(start, other.end)
    if start < interval.end:
        yield Interval(start, interval.end)
