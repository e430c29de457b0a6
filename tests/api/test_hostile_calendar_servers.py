"""Whatever a calendar server answers, its agent reads the same sentence, and the log never fills with tracebacks."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from inbox_app import clock
from inbox_app.services import calendar_sync
from inbox_app.services.calendars import NOT_CONNECTED
from inbox_app.settings import Settings
from tests.api.conftest import People
from tests.api.limited import limited
from tests.api.test_calendar_failures import connected_before
from tests.calendar_servers import http, odd_server

__all__ = ["limited"]
LOCAL = "127.0.0.1/32"


def multistatus(inner: str) -> bytes:
    xml = f'<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{inner}</multistatus>'
    return http("207 Multi-Status", xml, Content_Type="application/xml")


def response(properties: str, *, href: str = "/", status: str = "HTTP/1.1 200 OK") -> bytes:
    propstat = f"<propstat><prop>{properties}</prop><status>{status}</status></propstat>"
    return multistatus(f"<response><href>{href}</href>{propstat}</response>")


def principal(href: str) -> bytes:
    return response(f"<current-user-principal><href>{href}</href></current-user-principal>")


def challenge(digest: str) -> bytes:
    return http("401 Unauthorized", WWW_Authenticate=f"Digest {digest}")


HOSTILE = {
    "an inner status of 500": response("", status="HTTP/1.1 500 Oops"),
    "an inner status that is none": response("", status="zzz"),
    "a response with a status of 507": multistatus("<response><href>/</href><status>HTTP/1.1 507</status></response>"),
    "a response without an href": multistatus("<response><propstat><prop/></propstat></response>"),
    "an href that is no address": response("<resourcetype><C:calendar/></resourcetype>", href="http://["),
    "a principal that is no address": principal("http://["),
    "a principal on no port": principal("http://127.0.0.1:999999/"),
    "a home that is no address": response("<C:calendar-home-set><href>/</href><href>//[</href></C:calendar-home-set>"),
    "a redirect to no address": http("301 Moved", Location="http://["),
    "a redirect to no host": http("301 Moved", Location="//["),
    "a redirect to no port": http("301 Moved", Location="http://127.0.0.1:999999/"),
    "a digest without a quality": challenge("realm=x, nonce=, qop=zz, algorithm=ROT13"),
    "a digest of an empty value": challenge("realm=, nonce=y"),
    "a digest of an unknown algorithm": challenge('realm="x", nonce="y", algorithm=ROT13, qop="auth"'),
    "a digest of the body": challenge('realm="x", nonce="y", qop="auth-int"'),
}  # fmt: skip


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE)
def hostile(request: pytest.FixtureRequest) -> bytes:
    return bytes(request.param)


async def test_a_hostile_answer_while_connecting_is_refused_like_any_other(
    people: People, settings_with: Callable[..., Settings], hostile: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    settings_with(calendar_networks=LOCAL)
    ana = await people.agent()
    async with odd_server(hostile) as odd:
        for path in ("/agent/calendars/discover", "/agent/calendars"):
            refused = await ana.post(path, url=odd.url, account="ana", password="x")
            assert (refused.status_code, refused.json()["detail"]) == (422, NOT_CONNECTED)
    assert tracebacks(caplog) == []


async def test_a_hostile_answer_of_a_connected_calendar_is_noted_without_a_traceback(
    people: People, settings_with: Callable[..., Settings], hostile: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    settings_with(calendar_networks=LOCAL)
    ana, start = await people.agent(), clock.now()
    async with odd_server(hostile) as odd:
        await connected_before(ana, odd.url, start)
        for seconds in range(0, 65, 5):
            await calendar_sync.run_due(now=start + timedelta(seconds=seconds))
    (shown,) = (await ana.get("/agent/calendars")).json()["items"]
    assert shown["status"] == "broken"
    assert tracebacks(caplog) == []


async def test_hostile_answers_count_against_the_limit(limited: People, settings_with: Callable[..., Settings]) -> None:
    settings_with(rate_limits="on", trusted_proxies="10.0.0.0/8", calendar_networks=LOCAL)
    ana = await limited.agent()
    async with odd_server(HOSTILE["an inner status of 500"]) as odd:
        login = {"url": odd.url, "account": "ana", "password": "x"}
        answers = [(await ana.post("/agent/calendars/discover", **login)).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def tracebacks(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]
