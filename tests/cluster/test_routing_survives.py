"""kill -9 of the server while it rings, while people wait, while a warning runs: all of it goes on, or ends as it must.

Time is moved by starting the server again with another clock; nobody waits for it.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cluster.floor import Agent, Floor, Visitor, a_floor, states_in, steps_of
from tests.conftest import StartServer
from tests.programs import wait_until
from tests.servers import InboxServer

OFFER, LIMIT, IDLE = 120, 400, 600
"""Seconds: an offer, the wait limit, and the silence that ends a chat."""
pytestmark = pytest.mark.timeout(600)
WORKERS = [pytest.mark.cluster, pytest.mark.postgres, pytest.mark.redis]


BOTH = pytest.mark.parametrize("server", ["one_process", pytest.param("two_workers", marks=WORKERS)], indirect=True)
"""On SQLite, and on PostgreSQL with Redis. What is left to a clock alone is tested on the first."""


@pytest.fixture
def server(request: pytest.FixtureRequest, start_server: StartServer) -> InboxServer:
    if getattr(request, "param", "one_process") == "one_process":
        return start_server()
    of: Callable[[str], Any] = request.getfixturevalue
    server = start_server(of("postgres_url"), workers=2, redis_url=of("redis_server").url)
    wait_until(lambda: len(server.workers()) == 2, "two workers run")
    return server


async def ringing(floor: Floor, count: int = 2) -> tuple[Visitor, Agent, Agent]:
    """A visitor, at whom it rings, and who would be next."""
    await floor.limits(offer_seconds=OFFER, wait_limit_seconds=LIMIT)
    team = [await floor.agent() for _ in range(count)]
    visitor = await floor.visitor()
    asked = [agent for agent in team if await agent.offers()]
    (other,) = [agent for agent in team if agent not in asked]
    return visitor, asked[0], other


@BOTH
async def test_an_offer_rings_on(server: InboxServer) -> None:
    async with a_floor(server) as floor:
        visitor, asked, other = await ringing(floor)
        before, heard = await asked.offers(), asked.heard
        await floor.is_killed_and_back(later=OFFER // 4)
        told = await asked.hears("offer", after=heard)
        assert (told["id"], told["expires_at"]) == (before[0]["id"], before[0]["expires_at"])
        assert (await asked.offers(), await other.offers()) == (before, [])
        assert await asked.accept() == visitor.conversation_id
        again = await asked.post(f"/offers/{told['id']}/accept")
        assert (again.status_code, again.json()["code"]) == (409, "offer_gone")
        state = await visitor.hears("state", after=0)
        assert (state["state"], (await visitor.state())["state"]) == ("active", "active")
        assert visitor.stream.texts == ["Hello"]
        assert await steps_of(server, visitor) == ["requested", "message", "offered", "active"]


async def test_an_offer_whose_time_passed_meanwhile_goes_to_the_next(server: InboxServer) -> None:
    async with a_floor(server) as floor:
        visitor, asked, other = await ringing(floor)
        heard = other.heard
        await floor.is_killed_and_back(later=OFFER + 5)
        told = await other.hears("offer", after=heard)
        assert told["conversation_id"] == visitor.conversation_id
        assert await asked.offers() == []
        assert await other.accept() == visitor.conversation_id
        assert await steps_of(server, visitor) == ["requested", "message", "offered", "expired", "offered", "active"]


@BOTH
async def test_the_rotation_goes_on_where_it_was(server: InboxServer) -> None:
    async with a_floor(server) as floor:
        team = [await floor.agent() for _ in range(5)]
        order: list[int] = []
        for number in range(15):
            if number == 7:
                await floor.is_killed_and_back(later=OFFER)
            await floor.visitor()
            (asked,) = [index for index, agent in enumerate(team) if await agent.offers()]
            await team[asked].accept()
            order.append(asked)
        assert sorted(order[:5]) == [0, 1, 2, 3, 4]
        assert order == order[:5] * 3


async def test_who_waited_too_long_meanwhile_is_missed_once(server: InboxServer) -> None:
    async with a_floor(server) as floor:
        visitor, asked, other = await ringing(floor)
        await floor.is_killed_and_back(later=LIMIT + 5)
        assert (await visitor.hears("state", after=0))["state"] == "missed"
        assert (await asked.offers(), await other.offers()) == ([], [])
        steps = await steps_of(server, visitor)
        assert (steps[-1], steps.count("missed")) == ("missed", 1)
        await floor.is_killed_and_back(later=LIMIT + 500, but=visitor)
        assert await steps_of(server, visitor) == steps


async def waiting(floor: Floor, count: int = 3) -> tuple[Agent, Visitor, list[Visitor]]:
    """An agent who has as many chats as one can, with whom, and visitors who wait."""
    await floor.limits(offer_seconds=OFFER, wait_limit_seconds=LIMIT)
    agent = await floor.agent(capacity=1)
    first = await floor.visitor("I am first")
    await agent.accept()
    return agent, first, [await floor.visitor(f"I wait {number}") for number in range(count)]


@BOTH
async def test_the_queue_keeps_its_order_and_moves_on(server: InboxServer) -> None:
    async with a_floor(server) as floor:
        agent, first, queue = await waiting(floor)
        heard = {visitor: visitor.heard for visitor in queue}
        await floor.is_killed_and_back(later=LIMIT // 4)
        for position, visitor in enumerate(queue, start=1):
            await visitor.is_at(position, after=heard[visitor])
        heard = {visitor: visitor.heard for visitor in queue}
        await agent.post(f"/conversations/{first.conversation_id}/end")
        assert (await agent.offers())[0]["conversation_id"] == queue[0].conversation_id
        await agent.accept()
        for position, visitor in enumerate(queue[1:], start=1):
            await visitor.is_at(position, after=heard[visitor])


async def test_the_wait_limit_counts_from_the_request_whatever_was_killed(server: InboxServer) -> None:
    async with a_floor(server) as floor:
        _, first, (early,) = await waiting(floor, 1)
        await floor.is_killed_and_back(later=LIMIT // 2)
        late = await floor.visitor("I came later")
        await late.is_at(2, after=0)
        heard = late.heard
        await floor.is_killed_and_back(later=LIMIT + 5)
        assert (await early.hears("state", after=0))["state"] == "missed"
        assert await states_in(server) == ["active", "missed", "waiting"]
        assert (await first.state())["state"] == "active"
        assert (await late.state())["queue_position"] == 1
        await late.is_at(1, after=heard)


async def talking(floor: Floor) -> tuple[Agent, Visitor]:
    agent = await floor.agent()
    visitor = await floor.visitor()
    await agent.accept()
    return agent, visitor


async def warned(floor: Floor) -> tuple[Agent, Visitor, str]:
    """Both were told that the chat ends; and when."""
    agent, visitor = await talking(floor)
    await floor.is_killed_and_back(later=IDLE - 50)
    ends_at = (await visitor.hears("idle", after=0))["ends_at"]
    assert (await agent.hears("idle", after=0))["ends_at"] == ends_at
    return agent, visitor, ends_at


@BOTH
async def test_a_warning_runs_on_and_the_chat_ends_once(server: InboxServer) -> None:
    async with a_floor(server) as floor:
        agent, visitor, ends_at = await warned(floor)
        heard = visitor.heard
        await floor.is_killed_and_back(later=IDLE - 40)
        assert (await visitor.hears("idle", after=heard))["ends_at"] == ends_at
        assert (await visitor.state())["state"] == "active"
        heard = visitor.heard, agent.heard
        await floor.is_killed_and_back(later=IDLE + 30)
        told = await visitor.hears("state", after=heard[0])
        assert (told["state"], told["end_reason"]) == ("ended", "idle")
        assert (await agent.hears("conversation", after=heard[1]))["state"] == "ended"
        assert (await steps_of(server, visitor)).count("ended") == 1


async def test_who_writes_during_the_warning_is_not_ended_after_a_restart(server: InboxServer) -> None:
    async with a_floor(server) as floor:
        agent, visitor, _ = await warned(floor)
        await visitor.write("I am still here")
        await floor.is_killed_and_back(later=IDLE + 30)
        await visitor.write("Really")
        await agent.stream.until(lambda: agent.stream.texts[-2:] == ["I am still here", "Really"])
        heard = visitor.heard
        await floor.is_killed_and_back(later=2 * IDLE - 20)
        await visitor.hears("idle", after=heard)  # of the new silence
        assert (await visitor.state())["state"] == "active"
        assert visitor.stream.texts == ["Hello", "I am still here", "Really"]


async def test_who_was_never_warned_is_warned_first_and_keeps_the_whole_minute(server: InboxServer) -> None:
    async with a_floor(server) as floor:
        _, visitor = await talking(floor)
        heard = visitor.heard
        await floor.is_killed_and_back(later=IDLE + 300)
        told = await visitor.hears("idle", after=heard)
        assert 50 <= told["seconds"] <= 60
        assert (await visitor.state())["state"] == "active"
