"""`make bench`: prints the tables of docs/performance.md and docs/reliability.md.

`make bench ARGS="--runs 1 --only page"` for a quick look.
"""

import argparse
import os
import platform
from collections.abc import Callable

from benchmarks import booking, delivery, faults, page, routing, slots, storm
from benchmarks.figures import HEADER, row


def bench_page(runs: int) -> None:
    """One chat, one page, beside the floor."""
    print(row("floor: barest Reflex app, POST → text in the page", page.floor_runs(runs)), flush=True)
    for kind in ("sqlite", "postgres"):
        incoming, outgoing = page.runs(kind, runs)
        print(row(f"visitor POST → text in the agent's page, committed, {kind}", incoming), flush=True)
        print(row(f"agent's Enter → visitor's stream, committed, {kind}", outgoing), flush=True)


def bench_delivery(runs: int) -> None:
    """Many chats at one message a second each, to the agents' streams; every visitor holds a stream too."""
    for kind in ("sqlite", "postgres"):
        for chats, agents in ((200, 40), (500, 100)):
            measured = delivery.runs(kind, chats=chats, agents=agents, count=runs, seconds=15)
            print(row(f"{chats} chats × 1/s → {agents} agents' streams, {kind}", measured), flush=True)


def bench_storm(runs: int) -> None:
    """After a kill all visitors are back at once."""
    for kind in ("sqlite", "postgres"):
        for streams, measured in storm.runs(kind, sizes=(600, 1_000), count=runs).items():
            print(row(f"{streams} streams reopened at once → what each missed, {kind}", measured), flush=True)


def bench_booking(runs: int) -> None:
    """One visitor's page, one agent who shares a calendar again and again."""
    for kind in ("sqlite", "postgres"):
        print(
            row(f"calendar shared → first free times on the visitor's screen, {kind}", booking.runs(kind, runs)),
            flush=True,
        )


def bench_slots(runs: int) -> None:
    """60 days of an agent with 1,000 busy events, in two calls."""
    print(row("slots of 60 days, 1,000 busy events: the rule", slots.rule_runs(runs)), flush=True)
    for kind in ("sqlite", "postgres"):
        print(
            row(f"slots of 60 days, 1,000 busy events: the service, {kind}", slots.service_runs(kind, runs)), flush=True
        )


def bench_routing(runs: int) -> None:
    """Who is asked, and until the agent sees it, beside the floor."""
    for kind in ("sqlite", "postgres"):
        shown = f"decision, {routing.AGENTS} agents, {routing.RULES} rules, loading included, {kind}"
        print(row(shown, routing.decision_runs(kind, runs)), flush=True)
    print(row("floor: barest Reflex app, POST → text in the page", page.floor_runs(runs)), flush=True)
    for kind in ("sqlite", "postgres"):
        print(
            row(f"visitor's request → banner in the agent's page, {kind}", routing.banner_runs(kind, runs)), flush=True
        )


def bench_faults(runs: int) -> None:
    """The table of docs/reliability.md."""
    faults.print_all(runs)


BENCHES: dict[str, Callable[[int], None]] = {
    "page": bench_page, "delivery": bench_delivery, "storm": bench_storm, "routing": bench_routing,
    "slots": bench_slots, "booking": bench_booking, "faults": bench_faults,
}  # fmt: skip


def main() -> None:
    """Run all, or those that are named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--only", choices=sorted(BENCHES), nargs="*", default=list(BENCHES))
    given = arguments.parse_args()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load before {load}\n")
    if given.only != ["faults"]:
        print(HEADER)
    for name in given.only:
        BENCHES[name](given.runs)


if __name__ == "__main__":
    main()
