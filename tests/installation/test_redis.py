"""A server in production mode with each kind of Redis: it serves, says that it's ready, and says when it isn't."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from redis import Redis as Client

from inbox_app.data.engine import use_database
from tests.conftest import StartServer
from tests.data.builders import PASSWORD, a_member
from tests.installation.test_command_line import inbox
from tests.programs import Redis, run_apart
from tests.redis_servers import KINDS, hung, killed, running_redis

pytestmark = pytest.mark.redis
READY = {"database": "ok", "redis": "ok"}


@pytest.fixture(scope="module", params=KINDS)
def redis(request: pytest.FixtureRequest) -> Iterator[Redis]:
    with running_redis(request.param) as server:
        yield server


async def add_agent(database_url: str) -> str:
    await use_database(database_url)
    member = await a_member()
    await use_database(None)
    return member.email


def test_production_serves_agents_and_visitors(redis: Redis, sqlite_url: str, start_server: StartServer) -> None:
    email = run_apart(add_agent(sqlite_url))
    server = start_server(sqlite_url, env="production", redis_url=redis.url)
    with httpx.Client(base_url=server.url, timeout=10) as agent, httpx.Client(base_url=server.url, timeout=10) as vera:
        assert agent.get("/readyz").json() == READY
        signed_in = agent.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        assert signed_in.status_code == httpx.codes.NO_CONTENT
        token = vera.post("/api/v1/visitor/sessions", json={}).json()["token"]
        vera.headers["Authorization"] = f"Bearer {token}"
        opening = {"client_id": str(uuid.uuid4()), "text": "Hello"}
        chat = vera.post("/api/v1/visitor/conversations", json=opening).json()["id"]
        message = {"client_id": str(uuid.uuid4()), "text": "Anybody there?"}
        sent = vera.post(f"/api/v1/visitor/conversations/{chat}/messages", json=message)
        assert sent.status_code == httpx.codes.CREATED
        for fault in (killed, hung):
            with fault(redis):
                assert agent.get("/readyz").json() == READY | {"redis": "does not answer"}
                assert vera.post("/api/v1/visitor/sessions", json={}).status_code == httpx.codes.CREATED
    assert "inbox_rate_limit_fallbacks_total" in httpx.get(f"{server.url}/metrics").text


def test_doctor_does_with_redis_what_a_request_does(redis: Redis, tmp_path: Path) -> None:
    assert inbox(tmp_path, "migrate").returncode == 0
    well = inbox(tmp_path, "doctor", redis_url=redis.url).stdout
    assert "ok    redis: answers, takes events, rate limits and leases" in well
    assert "ok    database: reachable and writable" in well
    for fault in (killed, hung):
        with fault(redis):
            assert "FAIL  redis: does not answer" in inbox(tmp_path, "doctor", redis_url=redis.url).stdout


TOO_FEW_RIGHTS = {
    "ping, not count": ["~*", "+ping", "+publish", "+hello", "+client"],
    "count, not lease": ["~LIMITS*", "+@all"],
}


@pytest.fixture(params=TOO_FEW_RIGHTS)
def weak_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Redis for a user who may do only this much."""
    with running_redis("tcp") as server:
        with Client.from_url(server.url) as client:
            client.execute_command("ACL", "SETUSER", "weak", "on", ">hush", "&*", *TOO_FEW_RIGHTS[request.param])
        yield server.url.replace("//", "//weak:hush@")


def test_doctor_finds_a_redis_user_with_too_few_rights(weak_url: str, tmp_path: Path) -> None:
    told = inbox(tmp_path, "doctor", redis_url=weak_url).stdout
    assert "FAIL  redis: does not answer" in told
    assert "permission" in told


def test_a_server_whose_redis_user_has_too_few_rights_is_not_ready(
    weak_url: str, sqlite_url: str, start_server: StartServer
) -> None:
    server = start_server(sqlite_url, redis_url=weak_url)
    assert httpx.get(f"{server.url}/readyz").json() == READY | {"redis": "does not answer"}


@pytest.mark.postgres
def test_doctor_finds_a_database_that_takes_no_writes(tmp_path: Path, postgres_url: str) -> None:
    assert "ok    database: reachable and writable" in inbox(tmp_path, "doctor", database_url=postgres_url).stdout
    run_apart(make_read_only(postgres_url))
    told = inbox(tmp_path, "doctor", database_url=postgres_url).stdout
    assert "FAIL  database: cannot be written to" in told


async def make_read_only(database_url: str) -> bool:
    connection = await asyncpg.connect(database_url)
    name = database_url.rpartition("/")[2]
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await connection.close()
    return True
