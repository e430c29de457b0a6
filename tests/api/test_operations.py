"""Who may read `/metrics` and `/readyz`: programs on the server itself, or with the token."""

from collections.abc import Callable

import pytest

from inbox_app.settings import Settings
from tests.api.conftest import People

TOKEN = "a-token-of-the-prometheus"
THROUGH_A_PROXY = {"X-Forwarded-For": "198.51.100.7"}
GUARDED = pytest.mark.parametrize("path", ["/metrics", "/readyz"])
LOCAL = [
    ("127.0.0.1", "127.0.0.1:3000"),
    ("127.0.0.1", "localhost"),
    ("::1", "[::1]:3000"),
    ("::ffff:127.0.0.1", "localhost"),
]
REMOTE = [
    pytest.param("198.51.100.7", "127.0.0.1:3000", {}, id="another machine"),
    pytest.param("10.0.0.5", "10.0.0.1:3000", {}, id="the local network"),
    pytest.param("127.0.0.1", "chat.example.com", {}, id="a proxy on this machine that says nothing"),
    pytest.param("127.0.0.1", "127.0.0.1:3000", THROUGH_A_PROXY, id="a proxy that forwards a stranger"),
    pytest.param("127.0.0.1", "localhost", {"X-Forwarded-For": "127.0.0.1"}, id="a stranger who claims loopback"),
    pytest.param("127.0.0.1", "localhost", {"Forwarded": "for=198.51.100.7"}, id="RFC 7239"),
    pytest.param("127.0.0.1", "localhost", {"X-Real-IP": "198.51.100.7"}, id="nginx's older header"),
    pytest.param("198.51.100.7", "localhost", {"Authorization": f"Bearer {TOKEN}x"}, id="a wrong token"),
    pytest.param("198.51.100.7", "localhost", {"Authorization": TOKEN}, id="a token without a scheme"),
]  # fmt: skip


@GUARDED
@pytest.mark.parametrize(("address", "host"), LOCAL)
async def test_a_program_on_the_server_may_read(sqlite_people: People, path: str, address: str, host: str) -> None:
    operator = await sqlite_people.operator(address, host)
    assert (await operator.get(path)).status_code == 200


@GUARDED
@pytest.mark.parametrize(("address", "host", "headers"), REMOTE)
async def test_a_stranger_may_not(
    sqlite_people: People, settings_with: Callable[..., Settings], path: str, address: str, host: str,
    headers: dict[str, str],
) -> None:  # fmt: skip
    settings_with(metrics_token=TOKEN, trusted_proxies="127.0.0.1")
    operator = await sqlite_people.operator(address, host)
    operator.http.headers.update(headers)
    answer = await operator.get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert "INBOX_METRICS_TOKEN" in answer.json()["detail"]


@GUARDED
async def test_the_token_opens_them_from_anywhere(
    sqlite_people: People, settings_with: Callable[..., Settings], path: str
) -> None:
    settings_with(metrics_token=TOKEN)
    operator = await sqlite_people.operator("198.51.100.7", "chat.example.com")
    operator.http.headers.update({"Authorization": f"Bearer {TOKEN}", **THROUGH_A_PROXY})
    assert (await operator.get(path)).status_code == 200


async def test_without_a_token_set_an_empty_one_opens_nothing(sqlite_people: People) -> None:
    operator = await sqlite_people.operator("198.51.100.7")
    operator.http.headers["Authorization"] = "Bearer "
    assert (await operator.get("/metrics")).status_code == 403


async def test_anybody_may_ask_whether_the_process_is_alive(sqlite_people: People) -> None:
    stranger = await sqlite_people.operator("198.51.100.7", "chat.example.com")
    assert (await stranger.get("/healthz")).status_code == 200
