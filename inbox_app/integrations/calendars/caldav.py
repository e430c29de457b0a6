"""CalDAV (RFC 4791): the words of the protocol are the `caldav` library's, the wire is ours (http.py)."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from string import punctuation
from typing import Any, Final
from urllib.parse import quote, unquote, urljoin, urlsplit

import httpx
from caldav.async_davclient import AsyncDAVClient
from caldav.response import DAVResponse

from inbox_app.domain.people import told_name
from inbox_app.integrations.calendars import SLOWEST, Event, FoundCalendar, Reading, ical, name_of, unroll
from inbox_app.integrations.calendars.dav_answers import Parsed, Unread
from inbox_app.integrations.calendars.http import Answer, Http
from inbox_app.integrations.calendars.troubles import (
    CalendarGone,
    NoCalendarServer,
    PasswordWrong,
    Refused,
    TooLarge,
    odd_answers_are_trouble,
)

WELL_KNOWN: Final = "/.well-known/caldav"  # RFC 6764
CTAG: Final = "{http://calendarserver.org/ns/}getctag"
SYNC_TOKEN: Final = "{DAV:}sync-token"  # noqa: S105  the name of a property
TYPE: Final = "{DAV:}resourcetype"
NAME: Final = "{DAV:}displayname"
PRINCIPAL: Final = "{DAV:}current-user-principal"
HOMES: Final = "{urn:ietf:params:xml:ns:caldav}calendar-home-set"
COMPONENTS: Final = "{urn:ietf:params:xml:ns:caldav}supported-calendar-component-set"
CALENDAR: Final = "{urn:ietf:params:xml:ns:caldav}calendar"
MAX_CALENDARS: Final = 1000  # of one account, to choose from
MAX_PROPERTIES_BYTES: Final = 4 * 1024 * 1024  # of a list of calendars; what is busy may be larger (http.LARGEST)
logging.getLogger("caldav").setLevel(logging.CRITICAL)  # else it logs a traceback for each odd answer


def connect(*, url: str, account: str, password: str, slowest: float = SLOWEST) -> "CalDavConnection":
    """Nothing is sent yet. `slowest`: seconds that an answer may take. Raises WrongAddress."""
    return CalDavConnection(_Client(Http(url, slowest=slowest), account, password))


class _Client(AsyncDAVClient):
    """The library's client with another wire: every one of its methods ends in `request`."""

    def __init__(self, http: Http, account: str, password: str) -> None:
        super().__init__(url=http.url, username=account, password=password, enable_rfc6764=False)
        self.http = http
        self.http.auth = httpx.BasicAuth(account, password)

    async def request(
        self, url: Any, method: str = "GET", body: Any = "", headers: Mapping[str, str] | None = None,
        rate_limit_time_slept: float = 0,  # noqa: ARG002  the library's signature
    ) -> DAVResponse:  # fmt: skip
        content = body.encode() if isinstance(body, str) else bytes(body)
        where = urljoin(str(self.url), str(url))
        answer = await self.http.request(method, where, content=content, headers=headers)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self._can_digest(answer):
            self.http.auth = httpx.DigestAuth(self.username or "", self.password or "")
            answer = await self.http.request(method, where, content=content, headers=headers)
        _check(method, answer)
        with odd_answers_are_trouble():
            if method == "REPORT":
                return Unread(answer)
            if len(answer.content) > MAX_PROPERTIES_BYTES:
                raise TooLarge
            return await asyncio.to_thread(Parsed if method == "PROPFIND" else DAVResponse, answer)

    def _can_digest(self, answer: Answer) -> bool:
        asked = answer.headers.get("www-authenticate", "").lower()
        return asked.startswith("digest") and isinstance(self.http.auth, httpx.BasicAuth)


def _check(method: str, answer: Answer) -> None:
    """Raises the trouble that a status tells of."""
    match answer.status_code:
        case httpx.codes.UNAUTHORIZED if answer.headers.get("www-authenticate"):
            raise PasswordWrong
        case httpx.codes.FORBIDDEN:
            raise Refused
        case httpx.codes.NOT_FOUND | httpx.codes.GONE:
            raise CalendarGone
    is_about_xml = method in {"PROPFIND", "REPORT"}
    is_xml = answer.content.lstrip()[:1] == b"<" and "html" not in answer.headers.get("content-type", "")
    if answer.status_code >= httpx.codes.BAD_REQUEST or (is_about_xml and not is_xml):
        raise NoCalendarServer


class CalDavConnection:
    """An account on a CalDAV server."""

    def __init__(self, client: _Client) -> None:
        self._client = client

    async def close(self) -> None:
        await self._client.http.close()
        await self._client.close()

    async def calendars(self) -> list[FoundCalendar]:
        """Of the address, or where RFC 6764 sends from the bare host."""
        entered = self._client.http.url
        is_bare = urlsplit(entered).path in {"", "/"}
        for address in [entered, urljoin(entered, WELL_KNOWN)] if is_bare else [entered]:
            try:
                with odd_answers_are_trouble():
                    found = await self._calendars_of(address)
            except (NoCalendarServer, CalendarGone):
                continue
            if found:
                return found
        raise NoCalendarServer

    async def _calendars_of(self, address: str) -> list[FoundCalendar]:
        """From the address to the account, its homes, and what stands in them; a calendar's own address is one too."""
        principal = await self._links(address, PRINCIPAL) or [address]
        homes = await self._links(principal[0], HOMES) or principal
        found: list[FoundCalendar] = []
        for home in homes:
            answer = await self._client.propfind(home, props=[TYPE, COMPONENTS, NAME], depth=1)
            found += await asyncio.to_thread(_all_found, home, answer.results or [])
            if len(found) > MAX_CALENDARS:
                raise TooLarge
        return found

    async def _links(self, address: str, name: str) -> list[str]:
        value = (await self._properties(address, name)).get(name) or []
        return [_joined(address, link) for link in ([value] if isinstance(value, str) else value)]

    async def _properties(self, address: str, *names: str) -> dict[str, Any]:
        answer = await self._client.propfind(address, props=list(names), depth=0)
        return dict(answer.results[0].properties) if answer.results else {}  # type: ignore[union-attr]

    async def busy(self, address: str, start: datetime, end: datetime, *, zone: str, version: str = "") -> Reading:
        with odd_answers_are_trouble():
            return await self._busy(address, start, end, zone, version)

    async def _busy(self, address: str, start: datetime, end: datetime, zone: str, version: str) -> Reading:
        properties = await self._properties(address, TYPE, CTAG, SYNC_TOKEN)
        if CALENDAR not in (properties.get(TYPE) or []):
            raise CalendarGone
        state = str(properties.get(CTAG) or properties.get(SYNC_TOKEN) or "")
        if state and state == version:
            return Reading(None, state)
        answer = await self._client.calendar_query(address, start=start, end=end, event=True)
        return Reading(await unroll.busy_times(answer.body, start, end, zone), state)  # type: ignore[attr-defined]

    async def write(self, address: str, event: Event) -> None:
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        content = ical.as_object(event).decode()
        with odd_answers_are_trouble():
            await self._client.put(_place(address, event.uid), content, headers)

    async def remove(self, address: str, uid: str) -> None:
        try:
            with odd_answers_are_trouble():
                await self._client.delete(_place(address, uid))
        except CalendarGone:
            return


def _place(address: str, uid: str) -> str:
    """Where our event is, by its UID alone, so that writing it again is writing the same."""
    return address.rstrip("/") + f"/{quote(uid.replace('@', '-'), safe='-')}.ics"


def _joined(address: str, link: str) -> str:
    """Return where a link leads, its path in ASCII: cleaning an address that is sent back drops hidden characters."""
    parts = urlsplit(urljoin(address, link))
    return parts._replace(path=quote(parts.path, safe=punctuation)).geturl()


def _all_found(home: str, results: Iterable[Any]) -> list[FoundCalendar]:
    return [calendar for result in results if (calendar := _found(home, result))]


def _found(home: str, result: Any) -> FoundCalendar | None:
    """None for what is no calendar, and for a list of tasks: nobody is busy by it."""
    kinds = result.properties.get(COMPONENTS)
    if CALENDAR not in (result.properties.get(TYPE) or []) or (isinstance(kinds, list) and "VEVENT" not in kinds):
        return None
    address = _joined(home, quote(unquote(result.href), safe="/:@%"))
    return FoundCalendar(address, told_name(str(result.properties.get(NAME) or "")) or name_of(address))
