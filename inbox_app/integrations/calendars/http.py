"""HTTP to servers that agents name, within limits of time and size. Credentials go to one host only."""

import asyncio
import functools
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx

from inbox_app.integrations.calendars import SLOWEST
from inbox_app.integrations.calendars.troubles import (
    NotAllowed,
    NotTrusted,
    SentAway,
    ServerFailed,
    TooLarge,
    TooSlow,
    Unreachable,
    WrongAddress,
    odd_answers_are_trouble,
)
from inbox_app.integrations.outbound import AddressRefused, OutboundTransport
from inbox_app.settings import get_settings

LARGEST: Final = 20 * 1024 * 1024  # bytes of an answer
REDIRECTS: Final = 5
ONE_SERVER: Final = (".icloud.com",)  # services that spread one account over several hosts


@dataclass(frozen=True)
class Answer:
    """A response that was read to its end."""

    status_code: int
    headers: httpx.Headers
    content: bytes
    reason: str = ""

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    def json(self) -> Any:
        """Raises ValueError."""
        return json.loads(self.content)


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Loaded once a process: it takes 20 ms."""
    return httpx.create_ssl_context()


class Http:
    """Requests to the server at `url`. Another host gets nothing: neither credentials nor a request."""

    def __init__(
        self, url: str, *, auth: httpx.Auth | None = None, transport: httpx.AsyncBaseTransport | None = None,
        slowest: float = SLOWEST,
    ) -> None:  # fmt: skip
        try:
            parts = urlsplit(url)
        except ValueError as wrong:
            raise WrongAddress from wrong
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise WrongAddress
        self.url, self.auth, self._slowest = url, auth, slowest
        self._client = httpx.AsyncClient(
            transport=transport or OutboundTransport(get_settings().calendar_networks, verify=_certificates()),
            timeout=slowest, follow_redirects=False,
            headers={"User-Agent": "agent-inbox"},
        )  # fmt: skip

    async def close(self) -> None:
        await self._client.aclose()

    async def request(
        self, method: str, url: str, *, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer, whatever its status below 500. Raises CalendarTrouble."""
        with odd_answers_are_trouble():
            answer = await self._request(method, url, content, headers or {})
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or answer.status_code == 429:
            raise ServerFailed
        return answer

    async def _request(self, method: str, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            async with asyncio.timeout(self._slowest):
                return await self._follow(method, urljoin(self.url, url), content, headers)
        except (TimeoutError, httpx.TimeoutException) as slow:
            raise TooSlow from slow
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as wrong:
            raise WrongAddress from wrong
        except AddressRefused as refused:
            raise NotAllowed from refused
        except httpx.HTTPError as error:
            raise (NotTrusted if _is_about_trust(error) else Unreachable) from error

    async def _follow(self, method: str, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        for _ in range(REDIRECTS):
            self._check(url)
            answer = await self._send(method, url, content, headers)
            place = answer.headers.get("location")
            if not place or not 300 <= answer.status_code < 400:
                return answer
            url = urljoin(url, place)
        raise SentAway

    def _check(self, url: str) -> None:
        """The same host, and never from https to http."""
        ours, theirs = urlsplit(self.url), urlsplit(url)
        is_ours = ours.hostname == theirs.hostname and _port(ours) == _port(theirs)
        is_upgrade = ours.hostname == theirs.hostname and (ours.scheme, theirs.scheme) == ("http", "https")
        is_spread = theirs.scheme == "https" and any(
            str(ours.hostname).endswith(name) and str(theirs.hostname).endswith(name) for name in ONE_SERVER
        )
        if not is_spread and not is_upgrade and not (is_ours and ours.scheme == theirs.scheme):
            raise SentAway

    async def _send(self, method: str, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        request = self._client.build_request(method, url, content=content or None, headers=dict(headers))
        response = await self._client.send(request, auth=self.auth or httpx.USE_CLIENT_DEFAULT, stream=True)
        try:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST:
                    raise TooLarge
        finally:
            await response.aclose()
        return Answer(response.status_code, response.headers, bytes(body), response.reason_phrase)


def _port(parts: Any) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_about_trust(error: BaseException | None) -> bool:
    """Whether a certificate is behind it, however deep."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return "CERTIFICATE_VERIFY_FAILED" in str(error)
