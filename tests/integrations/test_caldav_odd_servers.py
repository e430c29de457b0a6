"""What answers is not always a calendar server: garbage, silence, other hosts. Nothing hangs, no password strays."""

import asyncio
import base64
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest

from inbox_app.integrations.calendars import Event, caldav, troubles
from inbox_app.integrations.calendars import http as calendar_http
from tests.calendar_servers import http, odd_server
from tests.programs import free_port

MULTISTATUS = '<?xml version="1.0"?><multistatus xmlns="DAV:">'
CREDENTIALS = base64.b64encode(b"ana:secret-1").decode()


async def calendars_at(url: str) -> None:
    connection = caldav.connect(url=url, account="ana", password="secret-1")
    try:
        await connection.calendars()
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (http("200 OK", "<html><body>Log in</body></html>", Content_Type="text/html"), troubles.NoCalendarServer),
        (http("207 Multi-Status", "{}", Content_Type="application/json"), troubles.NoCalendarServer),
        (http("207 Multi-Status", MULTISTATUS + "<response>", Content_Type="application/xml"),
         troubles.NoCalendarServer),
        (http("207 Multi-Status", "", Content_Type="application/xml"), troubles.NoCalendarServer),
        (http("200 OK", "\x00\x01garbage"), troubles.NoCalendarServer),
        (http("401 Unauthorized", WWW_Authenticate="Basic realm=x"), troubles.PasswordWrong),
        (http("403 Forbidden"), troubles.Refused),
        (http("404 Not Found"), troubles.NoCalendarServer),
        (http("405 Method Not Allowed"), troubles.NoCalendarServer),
        (http("429 Too Many Requests"), troubles.ServerFailed),
        (http("500 Oops"), troubles.ServerFailed),
        (http("503 Busy", "<html>"), troubles.ServerFailed),
        (b"SSH-2.0-OpenSSH_9.6\r\n", troubles.Unreachable),
        (b"", troubles.Unreachable),
        (http("301 Moved", Location="ftp://example.com/"), troubles.SentAway),
        (http("301 Moved", Location="file:///etc/passwd"), troubles.SentAway),
        (http("307 Moved", Location="/again"), troubles.SentAway),
    ],
)  # fmt: skip
async def test_each_odd_answer_is_one_of_ours(answer: bytes, trouble: type[troubles.CalendarTrouble]) -> None:
    async with odd_server(answer) as odd:
        with pytest.raises(trouble):
            await calendars_at(odd.url)


async def test_a_redirect_to_another_host_gets_neither_password_nor_request() -> None:
    async with (
        odd_server(http("404 Not Found")) as elsewhere,
        odd_server(http("301 Moved", Location=elsewhere.url)) as odd,
    ):
        with pytest.raises(troubles.SentAway):
            await calendars_at(odd.url)
    assert f"Authorization: Basic {CREDENTIALS}".lower() in odd.asked[0].lower()
    assert elsewhere.asked == []


async def test_a_calendar_home_on_another_host_gets_neither_password_nor_request() -> None:
    async with odd_server(http("404 Not Found")) as elsewhere:
        home = f"<C:calendar-home-set><href>{elsewhere.url}</href></C:calendar-home-set>"
        principal = f"<current-user-principal><href>{elsewhere.url}</href></current-user-principal>"
        found = (
            f'{MULTISTATUS}<response xmlns:C="urn:ietf:params:xml:ns:caldav"><href>/</href><propstat><prop>{home}'
            f"{principal}</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
        )
        async with odd_server(http("207 Multi-Status", found, Content_Type="application/xml")) as odd:
            with pytest.raises(troubles.SentAway):
                await calendars_at(odd.url)
    assert elsewhere.asked == []


async def test_a_silent_server_is_given_up() -> None:
    async with odd_server(None) as odd:
        connection = caldav.connect(url=odd.url, account="ana", password="secret-1", slowest=0.2)
        began = time.monotonic()
        with pytest.raises(troubles.TooSlow):
            await connection.calendars()
        assert time.monotonic() - began < 5
        await connection.close()


def test_ten_seconds_are_the_limit() -> None:
    assert calendar_http.SLOWEST == 10


async def test_an_answer_without_end_is_cut() -> None:
    head = b"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n\r\n<"
    async with odd_server(head + b"a" * (calendar_http.LARGEST + 1)) as odd:
        with pytest.raises(troubles.TooLarge):
            await calendars_at(odd.url)


async def test_nobody_there_is_told() -> None:
    with pytest.raises(troubles.Unreachable):
        await calendars_at(f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(troubles.Unreachable):
        await calendars_at("http://no-such-host.invalid/")


@pytest.mark.parametrize("url", ["ftp://example.com", "file:///etc/passwd", "gopher://x", "http://", "example.com"])
async def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(troubles.WrongAddress):
        await calendars_at(url)


async def test_a_certificate_that_nobody_vouches_for_is_told(certificate: ssl.SSLContext) -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=certificate)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(troubles.NotTrusted):
        await calendars_at(f"https://127.0.0.1:{port}/")
    server.close()
    await server.wait_closed()


async def test_digest_is_answered_when_it_is_asked_for() -> None:
    challenge = http("401 Unauthorized", WWW_Authenticate='Digest realm="x", nonce="abc", qop="auth"')
    async with odd_server(challenge) as odd:
        with pytest.raises(troubles.PasswordWrong):
            await calendars_at(odd.url)
    assert "digest username" in odd.asked[-1].lower()
    assert "secret-1" not in odd.asked[-1]


@pytest.mark.parametrize("status", ["200 OK", "201 Created"])
@pytest.mark.parametrize("body", ["", "Created", "<created/>", "<html><p>Created</html>"])
async def test_what_is_said_about_a_written_event_does_not_matter(status: str, body: str) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    event = Event("01M@agent-inbox", 0, "Meeting", "", "", now, now + timedelta(minutes=30), now)
    async with odd_server(http(status, body, Content_Type="text/plain")) as odd:
        connection = caldav.connect(url=odd.url, account="ana", password="secret-1")
        await connection.write(odd.url, event)
        await connection.close()
    assert odd.asked[0].startswith("PUT /01M-agent-inbox.ics ")
