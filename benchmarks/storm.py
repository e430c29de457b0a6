"""Everyone comes back at one moment: the server is killed and started, then all visitors open their streams at once.

Each visitor lacks the last event, as after a cut in the middle of a chat.
"""

import asyncio
import time

from benchmarks.figures import Run
from benchmarks.installation import Chat, Floor, add_agents, database, server, working_floor
from benchmarks.spent import cpu_ms
from benchmarks.wire import Wire
from tests.servers import InboxServer

CHATS_PER_AGENT = 10
TIMEOUT_SECONDS = 60
SETTLE_SECONDS = 1  # a start plans what is due


class Storm:
    """When each stream had its first event."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.latencies: list[float] = []
        self.doubled = 0

    async def listen(self, port: int, chat: Chat) -> None:
        """Hold the stream open. What was missed must come once."""
        headers = chat.visitor.headers | {"Last-Event-ID": "1"}
        missed = 0
        async for event, _ in Wire(port, headers).stream(f"/api/v1/visitor/conversations/{chat.id}/events"):
            missed += event == "state"
            if missed == 1:
                self.latencies.append((time.perf_counter() - self.start) * 1000)
            self.doubled += missed > 1


async def storm(running: InboxServer, floor: Floor, streams: int) -> Run:
    """Kill, start, and open this many streams at once."""
    running.kill()
    running.start()
    await asyncio.sleep(SETTLE_SECONDS)
    workers = running.workers()
    before, now = cpu_ms(workers), Storm()
    listeners = [asyncio.create_task(now.listen(running.port, chat)) for chat in floor.chats[:streams]]
    deadline = now.start + TIMEOUT_SECONDS
    while len(now.latencies) < streams and time.perf_counter() < deadline:  # noqa: ASYNC110  arrivals are many
        await asyncio.sleep(0.05)
    cpu = cpu_ms(workers) - before
    for listener in listeners:
        listener.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    lost = streams - len(now.latencies)
    return Run(tuple(now.latencies), streams, lost=lost, doubled=now.doubled, cpu=cpu)


def runs(kind: str, *, sizes: tuple[int, ...], count: int) -> dict[int, list[Run]]:
    """`count` storms of each size on a database of this kind."""
    agents = -(-max(sizes) // CHATS_PER_AGENT)

    async def all_runs(running: InboxServer) -> dict[int, list[Run]]:
        emails = [f"agent{number}@example.com" for number in range(agents)]
        async with working_floor(running.port, emails, max(sizes)) as floor:
            return {size: [await storm(running, floor, size) for _ in range(count)] for size in sizes}

    with database(kind) as url:
        asyncio.run(add_agents(url, agents))
        with server(url) as running:
            return asyncio.run(all_runs(running))
