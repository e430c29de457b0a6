"""Servers that share a database without Redis say so in their logs, and a restart isn't taken for one."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from inbox_app import clock
from inbox_app.data import presence
from inbox_app.data.engine import unit_of_work, use_database
from inbox_app.services import other_servers
from inbox_app.services.other_servers import WARN_SECONDS, OtherServers
from inbox_app.settings import Settings
from tests.conftest import StartServer
from tests.data.builders import NOW

SettingsWith = Callable[..., Settings]
WARNING = "INBOX_REDIS_URL isn't set"
SETTLED_SECONDS = 30


def at(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("looks", "warned_of"),
    [
        ([{}, {}], [0, 0]),
        ([{"old": 0}, {"old": 0}, {"old": 0}, {}], [0, 0, 0, 0]),
        ([{"old": 0}, {}, {"new": 8}, {"new": 8}], [0, 0, 0, 0]),
        ([{"a": 0}, {"b": 8}, {"c": 16}], [0, 0, 0]),
        ([{"a": 0}, {"a": 8}], [0, 1]),
        ([{"a": 0}, {"a": -3600}], [0, 1]),
        ([{"a": 0, "old": 0}, {"a": 8, "b": 9, "old": 0}, {"a": 16, "b": 17}], [0, 1, 0]),
        ([{"a": 0, "b": 0}, {"a": 8, "b": 9}, {"a": 16, "b": 17}], [0, 2, 0]),
    ],
)
def test_a_server_counts_once_it_renews_its_lease(looks: list[dict[str, int]], warned_of: list[int]) -> None:
    others = OtherServers()
    renewals = [{process: NOW + at(seconds) for process, seconds in look.items()} for look in looks]
    assert [others.to_warn_of(one, at=8.0 * number) for number, one in enumerate(renewals)] == warned_of


def test_it_is_said_once_an_hour() -> None:
    others, rounds = OtherServers(), range(0, 3 * WARN_SECONDS, 8)
    told = [seconds for seconds in rounds if others.to_warn_of({"a": NOW + at(seconds)}, at=float(seconds))]
    assert told == [8, 8 + WARN_SECONDS, 8 + 2 * WARN_SECONDS]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("settings", "is_warned"), [({}, True), ({"redis_url": "redis://127.0.0.1:1"}, False)])
async def test_it_is_said_only_without_redis(
    settings: dict[str, object], is_warned: bool, settings_with: SettingsWith, caplog: pytest.LogCaptureFixture
) -> None:
    settings_with(**settings)
    others = OtherServers()
    for seconds in (0, 8, 16):
        async with unit_of_work() as session:
            for process in ("mine", "other"):
                await presence.renew(session, process, now=NOW + at(seconds))
            await other_servers.look(session, "mine", others)
    assert caplog.text.count(WARNING) == is_warned


async def test_a_server_beside_which_another_one_renews_its_lease_warns(
    start_server: StartServer, sqlite_url: str
) -> None:
    server = start_server(sqlite_url)
    await use_database(sqlite_url)
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLED_SECONDS):
            while WARNING not in server.log:
                async with unit_of_work() as session:
                    await presence.renew(session, "other", now=clock.now() - at(40))
                await asyncio.sleep(0.2)
    await use_database(None)
    assert server.log.count(WARNING) == 1
