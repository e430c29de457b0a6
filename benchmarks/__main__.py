"""`make bench`: prints the tables of docs/performance.md and docs/reliability.md.

`make bench ARGS="--runs 1 --only page"` for a quick look. `ARGS="--against COMMIT --only storm"` measures an older
state of the product in the same run, in turn with this one.
"""

import argparse
import os
import platform
from collections.abc import Callable, Iterator

from benchmarks import against, booking, delivery, faults, page, routing, slots, storm
from benchmarks.figures import Line

DATABASES = ("sqlite", "postgres")


def bench_page(runs: int) -> Iterator[Line]:
    """One chat, one page, beside the floor."""
    yield Line("floor: barest Reflex app, POST → text in the page", page.floor_runs(runs))
    for kind in DATABASES:
        incoming, outgoing = page.runs(kind, runs)
        yield Line(f"visitor POST → text in the agent's page, committed, {kind}", incoming)
        yield Line(f"agent's Enter → visitor's stream, committed, {kind}", outgoing)


def bench_delivery(runs: int) -> Iterator[Line]:
    """Many chats at one message a second each, to the agents' streams; every visitor holds a stream too."""
    for kind in DATABASES:
        floor = delivery.floor_runs(kind, chats=500, agents=100, count=runs, seconds=15)
        yield Line(f"floor: barest ASGI app, 500 chats × 1/s → 100 streams, {kind}", floor)
        measured = delivery.runs(kind, chats=500, agents=100, count=runs, seconds=15)
        yield Line(f"500 chats × 1/s → 100 agents' streams, {kind}", measured)


def bench_office(runs: int) -> Iterator[Line]:
    """The same for fewer."""
    for kind in DATABASES:
        measured = delivery.runs(kind, chats=200, agents=40, count=runs, seconds=15)
        yield Line(f"200 chats × 1/s → 40 agents' streams, {kind}", measured)


def bench_storm(runs: int) -> Iterator[Line]:
    """After a kill all visitors are back at once."""
    for kind in DATABASES:
        for streams, measured in storm.runs(kind, sizes=(600, 1_000), count=runs).items():
            yield Line(f"{streams} streams reopened at once → what each missed, {kind}", measured)


def bench_booking(runs: int) -> Iterator[Line]:
    """One visitor's page, one agent who shares a calendar again and again."""
    for kind in DATABASES:
        yield Line(f"calendar shared → first free times on the visitor's screen, {kind}", booking.runs(kind, runs))


def bench_slots(runs: int) -> Iterator[Line]:
    """60 days of an agent with 1,000 busy events, in two calls."""
    yield Line("slots of 60 days, 1,000 busy events: the rule", slots.rule_runs(runs))
    for kind in DATABASES:
        yield Line(f"slots of 60 days, 1,000 busy events: the service, {kind}", slots.service_runs(kind, runs))


def bench_routing(runs: int) -> Iterator[Line]:
    """Who is asked, and until the agent sees it, beside the floor."""
    for kind in DATABASES:
        shown = f"decision, {routing.AGENTS} agents, {routing.RULES} rules, loading included, {kind}"
        yield Line(shown, routing.decision_runs(kind, runs))
    yield Line("floor: barest Reflex app, POST → text in the page", page.floor_runs(runs))
    for kind in DATABASES:
        yield Line(f"visitor's request → banner in the agent's page, {kind}", routing.banner_runs(kind, runs))


BENCHES: dict[str, Callable[[int], Iterator[Line]]] = {
    "page": bench_page, "delivery": bench_delivery, "office": bench_office, "storm": bench_storm,
    "routing": bench_routing, "slots": bench_slots, "booking": bench_booking, "faults": faults.lines,
}  # fmt: skip


def main() -> None:
    """Run all, or those that are named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--only", choices=sorted(BENCHES), nargs="*", default=list(BENCHES))
    arguments.add_argument("--against", metavar="COMMIT", help="measure this commit too, in turn with the checkout")
    arguments.add_argument("--json", action="store_true", help=argparse.SUPPRESS)  # how --against reads its runs
    given = arguments.parse_args()
    if given.json:
        against.forget_newer_settings()
        against.answer(line for name in given.only for line in BENCHES[name](given.runs))
        return
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load before {load}")
    if given.against:
        against.compare(given.against, given.only, given.runs)
        return
    header = ""
    for name in given.only:
        for line in BENCHES[name](given.runs):
            if line.header != header:
                header = line.header
                print(f"\n{header}")
            print(line, flush=True)


if __name__ == "__main__":
    main()
