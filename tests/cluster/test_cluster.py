"""The database is the truth, a process is a cache: any of them may die in the middle of a chat."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
import pytest

from tests.cluster.conftest import RECOVERS_SECONDS, Chat, a_chat
from tests.programs import Postgres, Redis, wait_until
from tests.servers import InboxServer

CROSSES_SECONDS = 3.5
"""Two and a half until a hung Redis is noticed, then at once; later on, one look at the database."""
pytestmark = [pytest.mark.cluster, pytest.mark.postgres, pytest.mark.redis]


async def burst(chat: Chat, number: int, name: str) -> None:
    """Both sides write, each one after the other."""

    async def one_side(by: str) -> None:
        for count in range(number):
            await chat.deliver(by, f"{name} {by} {count}")

    await asyncio.gather(one_side("visitor"), one_side("agent"))


async def test_what_one_side_writes_reaches_the_other_whichever_worker_serves(cluster: InboxServer) -> None:
    async with a_chat(cluster) as chat:
        for number in range(20):
            for by, stream in (("visitor", chat.agent_stream), ("agent", chat.visitor_stream)):
                text = f"{by} {number}"
                assert (await chat.write(by, text)).status_code == httpx.codes.CREATED
                await stream.until(lambda text=text, stream=stream: text in stream.texts, seconds=1)
        seqs = [message["seq"] for message in chat.visitor_stream.messages]
    assert seqs == [1, *range(3, 43)]


async def test_typing_and_seen_cross_the_processes(cluster: InboxServer) -> None:
    async with a_chat(cluster) as chat:
        for number in range(5):
            await chat.agent.post(f"/api/v1/conversations/{chat.id}/typing")
            await chat.visitor_stream.until(lambda n=number: chat.visitor_stream.kinds.count("typing") > n, seconds=1)
        await chat.agent.post(f"/api/v1/conversations/{chat.id}/seen", json={"seq": 2})
        await chat.visitor_stream.until(lambda: "seen" in chat.visitor_stream.kinds, seconds=1)


async def test_the_same_message_through_both_workers_at_once_is_one(cluster: InboxServer) -> None:
    async with a_chat(cluster) as chat:
        answers = await asyncio.gather(*(chat.write("visitor", "once") for _ in range(20)))
        assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
        assert len({answer.content for answer in answers}) == 1
        assert [message["text"] for message in await chat.stored()] == ["Hello", "once"]


async def test_a_visitor_hears_at_once_that_the_agent_ended(cluster: InboxServer) -> None:
    async with a_chat(cluster) as chat:
        await chat.agent.post(f"/api/v1/conversations/{chat.id}/end")
        await chat.visitor_stream.until(lambda: chat.visitor_stream.kinds.count("state") == 2, seconds=1)
        assert (await chat.write("visitor", "too late")).status_code == httpx.codes.CONFLICT


async def test_who_signs_out_is_signed_out_of_every_worker(cluster: InboxServer) -> None:
    async with a_chat(cluster) as chat:
        stolen = await chat.client(Cookie=f"inbox_session={chat.agent.cookies['inbox_session']}")
        assert await answers_to(stolen) == {httpx.codes.OK}
        await stolen.post("/api/v1/auth/logout")
        async with asyncio.timeout(1):
            while await answers_to(stolen) != {httpx.codes.UNAUTHORIZED}:
                pass


async def test_another_name_of_a_visitor_is_known_to_every_worker_at_once(cluster: InboxServer) -> None:
    async with a_chat(cluster) as chat:
        assert {"Vera"} & await senders(chat, "before") == set()
        token = chat.visitor.headers["Authorization"].removeprefix("Bearer ")
        body = {"token": token, "identity": {"name": "Vera"}}
        (await chat.visitor.post("/api/v1/visitor/sessions", json=body)).raise_for_status()
        tries = 0
        async with asyncio.timeout(2):
            while await senders(chat, f"after {tries}") != {"Vera"}:
                tries += 1


async def senders(chat: Chat, text: str) -> set[str]:
    """As whom the visitor writes, by what both workers answer to twelve messages at once."""
    answers = await asyncio.gather(*(chat.write("visitor", f"{text} {number}") for number in range(12)))
    return {answer.raise_for_status().json()["sender_name"] for answer in answers}


async def answers_to(client: httpx.AsyncClient) -> set[int]:
    """What both workers say, asked at once over many connections."""
    return {answer.status_code for answer in await asyncio.gather(*(client.get("/api/v1/agent") for _ in range(12)))}


async def whole(chat: Chat) -> None:
    """Everything that was acknowledged is there once, in order, on both sides."""
    expected = sorted(chat.sent)
    stored = await chat.stored()
    assert sorted(message["text"] for message in stored) == expected
    assert len({message["seq"] for message in stored}) == len(stored)
    await chat.visitor_stream.until(lambda: len(chat.visitor_stream.messages) >= len(expected))
    assert chat.visitor_stream.messages == stored


async def test_a_worker_that_is_killed_in_mid_burst_loses_and_doubles_nothing(cluster: InboxServer) -> None:
    async with a_chat(cluster) as chat:
        writing = asyncio.create_task(burst(chat, 60, "burst"))
        await chat.visitor_stream.until(lambda: len(chat.visitor_stream.messages) > 20)
        victim, _ = await asyncio.to_thread(cluster.workers)
        os.kill(victim, signal.SIGKILL)
        await writing
        await whole(chat)
        assert await asyncio.to_thread(cluster.answers)
    wait_until(lambda: len(cluster.workers()) == 2 and victim not in cluster.workers(), "it is replaced", seconds=20)


async def test_postgresql_may_restart_in_mid_chat(cluster: InboxServer, postgres_server: Postgres) -> None:
    async with a_chat(cluster) as chat:
        writing = asyncio.create_task(burst(chat, 60, "restart"))
        await chat.visitor_stream.until(lambda: len(chat.visitor_stream.messages) > 20)
        await asyncio.to_thread(postgres_server.stop)
        await asyncio.to_thread(postgres_server.start)
        async with asyncio.timeout(RECOVERS_SECONDS):
            await chat.deliver("visitor", "after the restart")
        await writing
        await whole(chat)


async def test_a_worker_that_starts_while_postgresql_is_away_waits_for_it(
    cluster: InboxServer, postgres_server: Postgres
) -> None:
    async with a_chat(cluster) as chat:
        await asyncio.to_thread(postgres_server.stop)
        try:
            os.kill(cluster.workers()[0], signal.SIGKILL)
            await asyncio.to_thread(
                wait_until, lambda: "start: the database does not answer" in cluster.log, "it waits"
            )
        finally:
            await asyncio.to_thread(postgres_server.start)
        await chat.deliver("visitor", "after the start", seconds=RECOVERS_SECONDS)
        await whole(chat)


async def test_a_gap_while_postgresql_is_away_too_is_made_up_for_when_it_is_back(
    cluster: InboxServer, postgres_server: Postgres, redis_server: Redis
) -> None:
    async with a_chat(cluster) as chat:
        await asyncio.to_thread(postgres_server.stop)
        try:
            redis_server.stop()
            redis_server.start()  # what was missed meanwhile is read from the database
            unread = "live: a gap, and the database does not answer"
            await asyncio.to_thread(wait_until, lambda: unread in cluster.log, "a process wants to read")
        finally:
            await asyncio.to_thread(postgres_server.start)
        await chat.deliver("visitor", "after the start", seconds=RECOVERS_SECONDS)
        await whole(chat)


async def test_redis_may_restart_in_mid_chat(cluster: InboxServer, redis_server: Redis) -> None:
    async with a_chat(cluster) as chat:
        writing = asyncio.create_task(burst(chat, 60, "redis"))
        await chat.visitor_stream.until(lambda: len(chat.visitor_stream.messages) > 20)
        await asyncio.to_thread(redis_server.stop)
        await chat.deliver("agent", "without redis", seconds=1)
        await asyncio.to_thread(redis_server.start)
        await writing
        await whole(chat)
        await live_again(chat)


@pytest.mark.parametrize("fault", [Redis.away, Redis.hung], ids=["killed", "hung"])
async def test_without_redis_messages_cross_the_workers_and_no_answer_waits(
    cluster: InboxServer, redis_server: Redis, fault: Callable[[Redis], AbstractContextManager[None]]
) -> None:
    async with a_chat(cluster) as chat:
        with fault(redis_server):
            slowest = 0.0
            for number in range(10):
                for by, stream in (("visitor", chat.agent_stream), ("agent", chat.visitor_stream)):
                    started = time.monotonic()
                    assert (await chat.write(by, f"{by} {number}")).status_code == httpx.codes.CREATED
                    slowest = max(slowest, time.monotonic() - started)
                    chat.sent.append(f"{by} {number}")
                    await stream.until(lambda s=stream: chat.sent[-1] in s.texts, CROSSES_SECONDS)
            assert slowest < 1
            await whole(chat)
            await chat.agent_stream.until(lambda: chat.sent[-1] in chat.agent_stream.texts, CROSSES_SECONDS)
            assert chat.agent_stream.texts == chat.sent[1:]
        await live_again(chat)
        assert chat.agent_stream.texts[: len(chat.sent) - 1] == chat.sent[1:]


async def live_again(chat: Chat) -> None:
    """After the resync both workers tell each other again."""
    async with asyncio.timeout(RECOVERS_SECONDS):
        for number in range(5):
            await chat.deliver("agent", f"live {number}")
            await chat.visitor_stream.until(lambda n=number: f"live {n}" in chat.visitor_stream.texts)
    stored = await chat.stored()
    assert chat.visitor_stream.messages == stored


async def test_it_says_whether_it_is_ready(cluster: InboxServer, redis_server: Redis) -> None:
    async with httpx.AsyncClient(base_url=cluster.url, timeout=10) as operator:
        assert (await operator.get("/readyz")).json() == {"database": "ok", "redis": "ok"}
        await asyncio.to_thread(redis_server.stop)
        try:
            answer = await operator.get("/readyz")
            assert (answer.status_code, answer.json()["redis"]) == (503, "does not answer")
            assert (await operator.get("/healthz")).status_code == httpx.codes.OK
        finally:
            await asyncio.to_thread(redis_server.start)
