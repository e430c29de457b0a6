"""The server process: it ends when told to, also with open streams, comes back when killed, and fits any port."""

import http.client
import os
import resource
import signal
import socket
import uuid
from contextlib import ExitStack, closing

import httpx
import pytest

from tests.conftest import StartServer
from tests.programs import Redis, accepts, wait_until
from tests.servers import InboxServer


def test_it_ends_quickly_when_asked(server: InboxServer) -> None:
    assert server.stop() < 5
    assert not accepts(server.port)


def test_it_ends_quickly_with_an_open_event_stream(server: InboxServer) -> None:
    with httpx.Client(base_url=f"{server.url}/api/v1/visitor", timeout=10) as visitor:
        token = visitor.post("/sessions", json={}).json()["token"]
        visitor.headers["Authorization"] = f"Bearer {token}"
        opening = {"client_id": str(uuid.uuid4()), "name": "Vera", "email": "vera@example.com", "text": "Hello"}
        conversation = visitor.post("/conversations", json=opening).json()["id"]
        with visitor.stream("GET", f"/conversations/{conversation}/events", params={"after": 0}) as stream:
            lines = stream.iter_lines()
            assert next(lines)
            assert server.stop() < 5


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_a_page_that_reconnects_to_a_worker_on_its_way_out_is_told_so(server: InboxServer) -> None:
    """Accepted and then cut, it would wait 20 s before it tries again; refused, it tries again at once."""

    def answer() -> int:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        with closing(connection):
            connection.request("GET", "/_event/?EIO=4&transport=websocket&token=x", headers=UPGRADE)
            return connection.getresponse().status

    assert answer() == 101
    (worker,) = server.workers()
    os.kill(worker, signal.SIGUSR1)  # what the parent says first when it is told to stop
    wait_until(lambda: answer() == 403, "it refuses sockets")
    assert server.answers(), "short requests are still served"
    assert server.stop() < 5


@pytest.mark.cluster
@pytest.mark.postgres
@pytest.mark.redis
def test_several_workers_serve_one_port(start_server: StartServer, postgres_url: str, redis_server: Redis) -> None:
    server = start_server(postgres_url, workers=2, redis_url=redis_server.url)
    wait_until(lambda: len(server.workers()) == 2, "two workers run")
    assert server.stop() < 5


def test_a_killed_worker_is_replaced(start_server: StartServer) -> None:
    server = start_server(allowed_errors=("Unexpected exit from worker-1",))
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: server.workers() not in ([], [worker]), "another worker runs")
    wait_until(server.answers, "it answers")  # how soon is measured, not tested: other tests share the machine


def test_no_worker_outlives_a_killed_server(server: InboxServer) -> None:
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    wait_until(lambda: not accepts(server.port), "the port is free", seconds=5)


def test_pages_are_compressed_and_kept(server: InboxServer) -> None:
    page = httpx.get(server.url, headers={"Accept-Encoding": "gzip"}, follow_redirects=True)
    assert page.headers["content-encoding"] == "gzip"
    assert page.headers["cache-control"] == "no-cache"


def test_a_page_of_another_site_gets_no_socket(start_server: StartServer) -> None:
    server = start_server(allowed_errors=("is not an accepted origin",))
    address = f"{server.url}/_event/?EIO=4&transport=websocket&token=x"
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    upgrade["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    with httpx.Client(timeout=5) as client:
        stranger = client.get(address, headers=upgrade | {"Origin": "https://evil.example"})
    assert stranger.status_code >= 400


def test_more_than_a_thousand_open_connections_keep_nobody_out(server: InboxServer) -> None:
    """An open page of a visitor is a stream, and a browser keeps a connection beside it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4_096), hard), hard))
    with ExitStack() as idle:
        for _ in range(1_500):
            idle.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
        assert httpx.get(f"{server.url}/healthz", timeout=10).json() == {"status": "ok"}
