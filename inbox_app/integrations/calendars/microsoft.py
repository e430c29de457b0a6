"""Microsoft Graph v1.0: the view of the account's default calendar, and our own events in it.

Written after its public reference (calendarView, events, extended properties, transactionId) and tested with answers
of the shapes shown there; it was not tried against Microsoft's service.
"""

from datetime import UTC, date, datetime, time
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import httpx

from inbox_app.domain.people import told_name
from inbox_app.integrations.calendars import BusyTime, Event, FoundCalendar, Reading
from inbox_app.integrations.calendars.oauth import Api, Keep, expect, json_of, list_in, provider, rfc3339, text_in
from inbox_app.integrations.calendars.troubles import ServerFailed, TooLarge, odd_answers_are_trouble
from inbox_app.settings import get_settings

BASE: Final = "https://graph.microsoft.com/v1.0/me/"
OURS: Final = "String {6f1dd0a5-7a0b-4cf0-9c5b-0a3b1a7e2b11} Name AgentInboxMeeting"
FREE: Final = {"free", "workingElsewhere"}
PAGES: Final = 40  # of at most 500 events
IN_UTC: Final = {"Prefer": 'outlook.timezone="UTC", odata.maxpagesize=500'}


def connect(
    *, secret: str, keep: Keep, now: datetime, transport: httpx.AsyncBaseTransport | None = None
) -> "MicrosoftConnection":
    """Nothing is sent yet."""
    return MicrosoftConnection(Api(BASE, provider("microsoft", get_settings()), secret, keep, now, transport))


class MicrosoftConnection:
    """A Microsoft account."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def close(self) -> None:
        await self._api.close()

    async def calendars(self) -> list[FoundCalendar]:
        """The default one."""
        found = json_of(expect(await self._api.call("GET", f"{BASE}calendar"), 200))
        with odd_answers_are_trouble(ServerFailed):
            owner = {} if found.get("owner") is None else found["owner"]
            given = (text_in(owner, "address", ""), text_in(found, "name", ""), "Microsoft 365")
            return [FoundCalendar(text_in(found, "id"), next(filter(None, map(told_name, given))))]

    async def busy(self, address: str, start: datetime, end: datetime, *, zone: str, version: str = "") -> Reading:  # noqa: ARG002
        query = {
            "startDateTime": rfc3339(start), "endDateTime": rfc3339(end), "$top": "500",
            "$select": "showAs,start,end,isAllDay,isCancelled,iCalUId",
            "$expand": f"singleValueExtendedProperties($filter=id eq '{OURS}')",
        }  # fmt: skip
        url = f"{_calendar(address)}/calendarView?{urlencode(query, quote_via=quote)}"
        times: list[BusyTime] = []
        for _ in range(PAGES):
            found = json_of(expect(await self._api.call("GET", url, None, **IN_UTC), 200))
            times += _times(found, ZoneInfo(zone))
            url = text_in(found, "@odata.nextLink", "")
            if not url:
                return Reading(sorted(set(times)))
        raise TooLarge

    async def write(self, address: str, event: Event) -> None:
        """Changed where it is, else made; `transactionId` makes a second making the first one."""
        body = _body(event)
        if found := await self._find(address, event.uid):
            expect(await self._api.call("PATCH", f"{BASE}events/{quote(found[0])}", body), 200)
            return
        body["transactionId"] = event.uid
        expect(await self._api.call("POST", f"{_calendar(address)}/events", body), 200, 201)

    async def remove(self, address: str, uid: str) -> None:
        for identifier in await self._find(address, uid):
            expect(await self._api.call("DELETE", f"{BASE}events/{quote(identifier)}"), 200, 204, 404, 410)

    async def _find(self, address: str, uid: str) -> list[str]:
        ours = f"singleValueExtendedProperties/Any(ep: ep/id eq '{OURS}' and ep/value eq '{uid}')"
        query = urlencode({"$filter": ours, "$select": "id"}, quote_via=quote)
        answer = await self._api.call("GET", f"{_calendar(address)}/events?{query}")
        return [text_in(event, "id") for event in list_in(json_of(expect(answer, 200)), "value")]


def _calendar(address: str) -> str:
    return f"{BASE}calendars/{quote(address, safe='')}"


def _times(found: dict[str, Any], zone: ZoneInfo) -> list[BusyTime]:
    with odd_answers_are_trouble(ServerFailed):
        return [
            BusyTime(*_ends(event, zone), _uid(event))
            for event in list_in(found, "value")
            if not event.get("isCancelled") and event.get("showAs") not in FREE
        ]


def _uid(event: dict[str, Any]) -> str:
    """Ours, where we wrote it."""
    ours = event.get("singleValueExtendedProperties")
    return (
        text_in(list_in(event, "singleValueExtendedProperties")[0], "value") if ours else text_in(event, "iCalUId", "")
    )


def _ends(event: dict[str, Any], zone: ZoneInfo) -> tuple[datetime, datetime]:
    first, last = (text_in(event[end], "dateTime")[:19] for end in ("start", "end"))
    if event.get("isAllDay"):
        days = (date.fromisoformat(text[:10]) for text in (first, last))
        start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in days)
        return start, end
    return datetime.fromisoformat(first).replace(tzinfo=UTC), datetime.fromisoformat(last).replace(tzinfo=UTC)


def _body(event: Event) -> dict[str, Any]:
    return {
        "subject": event.title, "body": {"contentType": "text", "content": event.text},
        "location": {"displayName": event.place}, "showAs": "busy", "isReminderOn": True,
        "start": {"dateTime": rfc3339(event.start).rstrip("Z"), "timeZone": "UTC"},
        "end": {"dateTime": rfc3339(event.end).rstrip("Z"), "timeZone": "UTC"},
        "singleValueExtendedProperties": [{"id": OURS, "value": event.uid}],
    }  # fmt: skip
