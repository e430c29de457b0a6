"""Google Calendar API v3: free/busy of the account's own calendar, and our own events in it.

Written after its public reference (freebusy.query, events.insert, update, delete) and tested with answers of the shapes
shown there; it was not tried against Google's service.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import httpx

from inbox_app.domain.people import told_name
from inbox_app.integrations.calendars import BusyTime, Event, FoundCalendar, Reading
from inbox_app.integrations.calendars.oauth import Api, Keep, expect, json_of, list_in, provider, rfc3339, text_in
from inbox_app.integrations.calendars.troubles import CalendarGone, ServerFailed, odd_answers_are_trouble
from inbox_app.settings import get_settings

BASE: Final = "https://www.googleapis.com/calendar/v3/"
AT_A_TIME: Final = timedelta(days=60)  # they refuse long ranges of free/busy ("timeRangeTooLong")


def connect(
    *, secret: str, keep: Keep, now: datetime, transport: httpx.AsyncBaseTransport | None = None
) -> "GoogleConnection":
    """Nothing is sent yet."""
    return GoogleConnection(Api(BASE, provider("google", get_settings()), secret, keep, now, transport))


class GoogleConnection:
    """A Google account. Its own calendar's id is the account's email."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def close(self) -> None:
        await self._api.close()

    async def calendars(self) -> list[FoundCalendar]:
        """The own one: with the scopes that are asked for, no list can be read."""
        account = self._api.tokens.account
        return [FoundCalendar(account or "primary", told_name(account) or "Google Calendar")]

    async def busy(self, address: str, start: datetime, end: datetime, *, zone: str, version: str = "") -> Reading:  # noqa: ARG002
        times: list[BusyTime] = []
        while start < end:
            times += await self._part(address, start, min(start + AT_A_TIME, end))
            start += AT_A_TIME
        return Reading(sorted(set(times)))

    async def _part(self, address: str, start: datetime, end: datetime) -> list[BusyTime]:
        asked = {"timeMin": rfc3339(start), "timeMax": rfc3339(end), "items": [{"id": address}]}
        found = json_of(expect(await self._api.call("POST", f"{BASE}freeBusy", asked), 200))
        with odd_answers_are_trouble(ServerFailed):
            calendar = found["calendars"][address]
            if calendar.get("errors"):
                raise CalendarGone
            return [BusyTime(_instant(time, "start"), _instant(time, "end")) for time in list_in(calendar, "busy")]

    async def write(self, address: str, event: Event) -> None:
        """Changed where it is; else made; else somebody made it in between."""
        body = _body(event)
        answer = await self._api.call("PUT", _place(address, event.uid), body)
        if answer.status_code == httpx.codes.NOT_FOUND:
            answer = await self._api.call("POST", f"{_events(address)}?sendUpdates=none", body)
        if answer.status_code == httpx.codes.CONFLICT:
            answer = await self._api.call("PUT", _place(address, event.uid), body)
        expect(answer, 200, 201)

    async def remove(self, address: str, uid: str) -> None:
        expect(await self._api.call("DELETE", _place(address, uid)), 200, 204, 404, 410)


def _instant(time: Any, end: str) -> datetime:
    """Raises ServerFailed without a zone: it could be compared with no other."""
    instant = datetime.fromisoformat(text_in(time, end))
    if instant.utcoffset() is None:
        raise ServerFailed
    return instant.astimezone(UTC)


def event_id(uid: str) -> str:
    """Theirs, made of ours: letters a-v and digits."""
    return uid.encode().hex()


def _events(address: str) -> str:
    return f"{BASE}calendars/{quote(address, safe='')}/events"


def _place(address: str, uid: str) -> str:
    return f"{_events(address)}/{event_id(uid)}?sendUpdates=none"


def _body(event: Event) -> dict[str, Any]:
    return {
        "id": event_id(event.uid), "status": "confirmed", "sequence": event.sequence, "summary": event.title,
        "description": event.text, "location": event.place, "start": {"dateTime": rfc3339(event.start)},
        "end": {"dateTime": rfc3339(event.end)}, "transparency": "opaque",
    }  # fmt: skip
