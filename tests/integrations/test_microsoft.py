"""Microsoft Graph, over answers of the shapes in its public reference; not tried against the service."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from inbox_app.integrations.calendars import BusyTime, Event, FoundCalendar, microsoft, troubles
from inbox_app.integrations.calendars.oauth import Tokens
from inbox_app.settings import Settings
from tests.integrations.recorded import Recorded, answer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
EVENT = Event("01MEETING@agent-inbox", 2, "Meeting with Vera", "vera@acme.com", "https://meet.example.com/1", NOW,
              NOW + timedelta(hours=1), NOW)  # fmt: skip
CALENDAR = "/v1.0/me/calendars/AAMk1=="
EVENTS, VIEW = f"{CALENDAR}/events", f"{CALENDAR}/calendarView"


@pytest.fixture(autouse=True)
def _client(settings_with: Callable[..., Settings]) -> None:
    settings_with(microsoft_client_id="client-1", microsoft_client_secret="secret-1", microsoft_tenant="acme.com")


def connected(recorded: Recorded) -> microsoft.MicrosoftConnection:
    async def keep(_secret: str) -> None:
        return

    tokens = Tokens("access-1", "refresh-1", (NOW + timedelta(hours=1)).timestamp())
    return microsoft.connect(secret=tokens.to_secret(), keep=keep, now=NOW, transport=recorded.transport)


def an_event(start: str, end: str, **more: object) -> dict[str, object]:
    times = {"start": {"dateTime": f"{start}.0000000", "timeZone": "UTC"},
             "end": {"dateTime": f"{end}.0000000", "timeZone": "UTC"}}  # fmt: skip
    return {"showAs": "busy", "isAllDay": False, "isCancelled": False, "iCalUId": "040000008200E0"} | times | more


async def test_the_default_calendar_is_the_one() -> None:
    found = {"id": "AAMk1==", "name": "Calendar", "owner": {"name": "Ana", "address": "ana@acme.com"}}
    recorded = Recorded({("GET", "/v1.0/me/calendar"): answer(200, found)})
    assert await connected(recorded).calendars() == [FoundCalendar("AAMk1==", "ana@acme.com")]


async def test_busy_is_what_shows_as_such_page_by_page() -> None:
    ours = {"singleValueExtendedProperties": [{"id": microsoft.OURS, "value": "01MEETING@agent-inbox"}]}
    first = {"value": [
        an_event("2026-03-03T09:00:00", "2026-03-03T10:00:00"),
        an_event("2026-03-03T11:00:00", "2026-03-03T12:00:00", showAs="free"),
        an_event("2026-03-03T11:00:00", "2026-03-03T12:00:00", showAs="workingElsewhere"),
        an_event("2026-03-03T11:00:00", "2026-03-03T12:00:00", isCancelled=True),
    ], "@odata.nextLink": f"https://graph.microsoft.com{VIEW}?$skip=4"}  # fmt: skip
    second = {"value": [
        an_event("2026-03-04T00:00:00", "2026-03-05T00:00:00", isAllDay=True, showAs="oof"),
        an_event("2026-03-05T09:00:00", "2026-03-05T10:00:00", **ours),
    ]}  # fmt: skip
    recorded = Recorded({("GET", VIEW): [answer(200, first), answer(200, second)]})

    reading = await connected(recorded).busy("AAMk1==", NOW, NOW + timedelta(days=366), zone="Europe/Paris")

    assert reading.times == [
        BusyTime(datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC), "040000008200E0"),
        BusyTime(datetime(2026, 3, 3, 23, tzinfo=UTC), datetime(2026, 3, 4, 23, tzinfo=UTC), "040000008200E0"),
        BusyTime(datetime(2026, 3, 5, 9, tzinfo=UTC), datetime(2026, 3, 5, 10, tzinfo=UTC), "01MEETING@agent-inbox"),
    ]
    asked = recorded.requests[0]
    assert (asked.url.params["startDateTime"], asked.url.params["endDateTime"]) == (
        "2026-03-02T09:00:00Z", "2027-03-03T09:00:00Z",
    )  # fmt: skip
    assert 'outlook.timezone="UTC"' in asked.headers["prefer"]
    assert "subject" not in str(asked.url)


async def test_pages_that_lead_elsewhere_get_no_token() -> None:
    page = {"value": [], "@odata.nextLink": "https://evil.example.com/v1.0/me"}
    recorded = Recorded({("GET", VIEW): answer(200, page)})
    with pytest.raises(troubles.SentAway):
        await connected(recorded).busy("AAMk1==", NOW, NOW + timedelta(days=1), zone="UTC")
    assert len(recorded.requests) == 1


async def test_pages_without_end_are_cut() -> None:
    page = {"value": [], "@odata.nextLink": f"https://graph.microsoft.com{VIEW}"}
    with pytest.raises(troubles.TooLarge):
        await connected(Recorded({("GET", VIEW): answer(200, page)})).busy("AAMk1==", NOW, NOW, zone="UTC")


async def test_a_new_event_carries_our_name_so_that_it_is_made_once() -> None:
    recorded = Recorded({("GET", EVENTS): answer(200, {"value": []}), ("POST", EVENTS): answer(201, {"id": "AAMk2"})})
    await connected(recorded).write("AAMk1==", EVENT)

    body = recorded.body()
    assert body["transactionId"] == EVENT.uid
    assert body["singleValueExtendedProperties"] == [{"id": microsoft.OURS, "value": EVENT.uid}]
    assert body["start"] == {"dateTime": "2026-03-02T09:00:00", "timeZone": "UTC"}
    assert "attendees" not in body
    assert f"ep/value eq '{EVENT.uid}'" in recorded.requests[0].url.params["$filter"]


async def test_it_is_found_again_changed_and_removed() -> None:
    found = answer(200, {"value": [{"id": "AAMk2"}]})
    changed, removed = ("PATCH", "/v1.0/me/events/AAMk2"), ("DELETE", "/v1.0/me/events/AAMk2")
    recorded = Recorded({("GET", EVENTS): found, changed: answer(200, {}), removed: answer(204)})
    connection = connected(recorded)
    await connection.write("AAMk1==", EVENT)
    await connection.remove("AAMk1==", EVENT.uid)

    assert recorded.asked == [("GET", EVENTS), changed, ("GET", EVENTS), removed]


async def test_gone_already_is_as_good() -> None:
    recorded = Recorded({("GET", EVENTS): answer(200, {"value": []})})
    await connected(recorded).remove("AAMk1==", EVENT.uid)
    assert recorded.asked == [("GET", EVENTS)]


@pytest.mark.parametrize("body", [{}, {"value": [{}]}, {"value": [{"start": 1, "end": 2}]}, {"value": 7}, []])
async def test_odd_answers_are_told(body: object) -> None:
    with pytest.raises(troubles.ServerFailed):
        await connected(Recorded({("GET", VIEW): answer(200, body)})).busy("AAMk1==", NOW, NOW, zone="UTC")
