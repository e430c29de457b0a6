"""Anything in place of any value in an answer of Google or Microsoft is a known trouble, never a traceback."""

import copy
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from inbox_app.integrations.calendars import FoundCalendar, microsoft, oauth
from inbox_app.integrations.calendars.oauth import Tokens
from inbox_app.integrations.calendars.troubles import CalendarTrouble, ServerFailed
from inbox_app.settings import Settings, get_settings
from tests.integrations.recorded import Recorded, answer
from tests.integrations.test_google import ANA, FREE_BUSY, TOKEN, free_busy
from tests.integrations.test_google import connected as at_google
from tests.integrations.test_microsoft import EVENT, EVENTS, NOW, VIEW, an_event
from tests.integrations.test_microsoft import connected as at_microsoft

DAY = timedelta(days=1)
HOSTILE: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, "", "x", "\ud800", "\0", [], [[]], [{}], {}, {"address": 7}, {"value": {}},
    "0001-01-01T00:00:00", "9999-12-31T23:59:59", "2026-03-03T09:00:00+99:00", "2026-03-03", "http://[",
]  # fmt: skip


async def calendars(body: Any) -> Any:
    return await at_microsoft(Recorded({("GET", "/v1.0/me/calendar"): answer(200, body)})).calendars()


async def seen(body: Any) -> Any:
    connection = at_microsoft(Recorded({("GET", VIEW): answer(200, body)}))
    return (await connection.busy("AAMk1==", NOW, NOW + DAY, zone="Asia/Tokyo")).times


async def written(body: Any) -> None:
    changed = ("PATCH", "/v1.0/me/events/AAMk2")
    routes = {("GET", EVENTS): answer(200, body), ("POST", EVENTS): answer(201, {}), changed: answer(200, {})}
    await at_microsoft(Recorded(routes)).write("AAMk1==", EVENT)


async def free_or_busy(body: Any) -> Any:
    return (await at_google(Recorded({FREE_BUSY: answer(200, body)})).busy(ANA, NOW, NOW + DAY, zone="UTC")).times


async def renewed(body: Any) -> Tokens:
    provider, transport = oauth.provider("google", get_settings()), Recorded({TOKEN: answer(200, body)}).transport
    assert provider is not None
    return await oauth.refresh(provider, Tokens("a", "refresh-1", 0), now=NOW, transport=transport)


CALENDAR = {"id": "AAMk1==", "name": "Calendar", "owner": {"name": "Ana", "address": "ana@acme.com"}}
OURS = {"singleValueExtendedProperties": [{"id": microsoft.OURS, "value": EVENT.uid}]}
ALL_DAY = an_event("2026-03-03T00:00:00", "2026-03-04T00:00:00", isAllDay=True)
VIEWED = {"value": [ALL_DAY, an_event("2026-03-03T09:00:00", "2026-03-03T10:00:00", **OURS)], "@odata.nextLink": None}
FREE = free_busy(
    ("2026-03-03T09:00:00Z", "2026-03-03T10:00:00+01:00"), ("2026-03-04T09:00:00Z", "2026-03-04T10:00:00Z")
)
GRANTED = {"access_token": "access-2", "expires_in": 3599, "refresh_token": "refresh-2", "id_token": "a.e30.b"}
GOOD: dict[str, tuple[Callable[[Any], Awaitable[Any]], dict[str, Any]]] = {
    "calendars": (calendars, CALENDAR), "view": (seen, VIEWED), "events": (written, {"value": [{"id": "AAMk2"}]}),
    "free or busy": (free_or_busy, FREE), "tokens": (renewed, GRANTED),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clients(settings_with: Callable[..., Settings]) -> None:
    settings_with(
        microsoft_client_id="client-1", microsoft_client_secret="secret-1", microsoft_tenant="acme.com",
        google_client_id="client-1", google_client_secret="secret-1",
    )  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """The path to every value within, itself included."""
    yield ()
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from ((key, *rest) for rest in places(value[key]))


def replaced(body: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    spoilt = copy.deepcopy(body)
    around = spoilt
    for key in place[:-1]:
        around = around[key]
    around[place[-1]] = value
    return spoilt


@pytest.mark.parametrize("name", GOOD)
async def test_any_value_in_any_place_is_understood_or_a_trouble(name: str) -> None:
    ask, body = GOOD[name]
    await ask(body)
    for place in places(body):
        for value in HOSTILE:
            try:
                with suppress(CalendarTrouble):
                    await ask(replaced(body, place, value))
            except Exception as error:
                pytest.fail(f"{value!r} at {place}: {error!r}")


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        *[("calendars", ("owner",), value) for value in ("ana@acme.com", 7, True, [], ["ana"], 0)],
        *[("calendars", ("owner", "address"), value) for value in (7, {}, ["ana@acme.com"])],
        *[("calendars", ("name",), value) for value in (7, {}, ["Calendar"])],
        *[("calendars", ("id",), value) for value in (None, 7, {})],
        *[("view", ("value",), value) for value in (None, "", {}, 7)],
        *[("view", ("value", 0), value) for value in (None, "", [], 7)],
        *[("view", ("value", 1, "start"), value) for value in (None, "", [], 7)],
        *[("view", ("value", 1, "start", "dateTime"), value) for value in (None, "", "x", 7, {})],
        ("view", ("value", 0, "start", "dateTime"), "0001-01-01T00:00:00"),
        *[("view", ("value", 1, "singleValueExtendedProperties"), value) for value in ("x", 7, {"a": 1}, [7])],
        *[("view", ("value", 1, "singleValueExtendedProperties", 0, "value"), value) for value in (None, 7, {})],
        *[("view", ("@odata.nextLink",), value) for value in (7, {}, ["x"])],
        *[("events", ("value",), value) for value in (None, "", {}, 7, [7], [{}], [{"id": 7}])],
        *[("free or busy", ("calendars", ANA, "busy"), value) for value in (None, "", {}, 7, [7])],
        *[("free or busy", ("calendars", ANA, "busy", 0, "start"), value) for value in ("2026-03-03T09:00:00", 7)],
        *[("tokens", ("expires_in",), value) for value in (10**30, "3599", {}, [])],
        *[("tokens", ("access_token",), value) for value in (None, 7, {})],
        *[("tokens", ("refresh_token",), value) for value in (7, {}, ["x"])],
    ],
)
async def test_a_value_of_the_wrong_kind_is_an_error_of_the_server(
    name: str, place: tuple[Any, ...], value: Any
) -> None:
    ask, body = GOOD[name]
    with pytest.raises(ServerFailed):
        await ask(replaced(body, place, value))


@pytest.mark.parametrize(
    ("place", "value", "shown"),
    [(("owner",), None, "Calendar"), (("owner",), {}, "Calendar"), (("owner", "address"), None, "Calendar"),
     (("name",), None, "ana@acme.com")],
)  # fmt: skip
async def test_a_calendar_may_lack_an_owner_or_a_name(place: tuple[Any, ...], value: Any, shown: str) -> None:
    assert await calendars(replaced(CALENDAR, place, value)) == [FoundCalendar("AAMk1==", shown)]


async def test_json_without_end_is_an_error_of_the_server() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    with pytest.raises(ServerFailed):
        await calendars({"id": "AAMk1==", "owner": deep})
