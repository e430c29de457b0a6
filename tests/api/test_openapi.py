"""Whatever the API's own description allows is never answered by a 500: on PostgreSQL, which is the stricter one."""

import uuid
from collections.abc import Iterator

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from inbox_app.data.engine import use_database
from inbox_app.domain.people import Role
from tests.conftest import StartServer
from tests.data.builders import PASSWORD, a_member
from tests.programs import run_apart

EXAMPLES = 6
bounded = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
NEVER_ENDING = ("/events", "/auth/logout")
"""A stream has no end, and who signs out has no rights for the rest."""


async def add_admin(url: str) -> str:
    """Somebody who may do everything. Returns the email."""
    await use_database(url)
    admin = await a_member("Root", role=Role.ADMIN, takes_chats=True, capacity=10)
    await use_database(None)
    return admin.email


def callers(url: str, email: str) -> tuple[dict[str, str], dict[str, str]]:
    """Headers of a visitor with a chat that is going on with this admin, and real values for names in paths."""
    with httpx.Client(base_url=url, timeout=10) as client:
        client.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        session = client.post("/api/v1/visitor/sessions", json={}).json()
        headers = {
            "Authorization": f"Bearer {session['token']}",
            "Cookie": f"inbox_session={client.cookies['inbox_session']}",
        }
        asked = client.post(
            "/api/v1/visitor/conversations", json={"client_id": str(uuid.uuid4()), "text": "Hello"}, headers=headers
        )
        (offer,) = client.get("/api/v1/offers").json()["items"]
        client.post(f"/api/v1/offers/{offer['id']}/accept")
    real = {"conversation_id": asked.json()["id"], "visitor_id": session["visitor_id"], "offer_id": offer["id"]}
    return headers, real


@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_nothing_that_the_description_allows_is_a_500(start_server: StartServer, postgres_url: str) -> None:
    email = run_apart(add_admin(postgres_url))
    server = start_server(postgres_url)
    headers, real = callers(server.url, email)
    described = schemathesis.openapi.from_url(f"{server.url}/api/openapi.json")
    operations = [result.ok() for result in described.get_all_operations()]
    tried = [operation for operation in operations if not operation.path.endswith(NEVER_ENDING)]
    assert len(tried) > 30
    wrong = [line for operation in tried for line in failures(operation, server.url, headers, real)]
    assert wrong == []


def failures(
    operation: schemathesis.APIOperation, url: str, headers: dict[str, str], real: dict[str, str]
) -> Iterator[str]:
    """The calls of one operation that ended in a 500, with strangers' values and with real ones in the path."""
    found: set[str] = set()

    @bounded
    @given(case=operation.as_strategy())
    def call(case: schemathesis.Case) -> None:
        for names in ({}, {name: value for name, value in real.items() if name in (case.path_parameters or {})}):
            case.path_parameters = {**(case.path_parameters or {}), **names}
            # Not `case.call`: it looks into urllib3's pools, which are others where urllib3-future is installed.
            answer = requests.request(**case.as_transport_kwargs(base_url=url, headers=headers), timeout=10)
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                found.add(f"{case.method} {case.formatted_path} {case.query} {case.body!r}: {answer.text}")

    call()
    yield from sorted(found)
